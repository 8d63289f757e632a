"""The configuration that `seatsync init` writes: the template's comments, and what was told."""

from datetime import date
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.examples import STARTING_FILE, filled_in, starting_file

TEMPLATE = STARTING_FILE.read_text("utf-8")


def read(content: bytes) -> Any:
    return YAML(typ="safe").load(content)


def test_nothing_but_the_day_of_the_token_is_not_the_templates() -> None:
    written = starting_file(date(2027, 3, 1)).decode()
    assert written == TEMPLATE.replace("2026-09-01", "2027-03-01")


def test_what_is_told_stands_where_the_template_has_it_and_every_comment_stays() -> None:
    told: dict[str, Any] = {
        "directory": {
            "credential": {"certificate": "app.pem"},
            "cloud": {"authority": "https://127.0.0.1:1", "graph": "https://127.0.0.1:2"},
            "enterprise_app": "ZoomInfo, Inc.",
        },
        "vendor": {"base_url": "https://vendor.test/v2", "managed_through_idp": False},
        "products": ["Sales"],
        "subscription_sets": [{"name": "Sales Team", "products": ["Sales"], "admin": True}],
        "seats": {"Sales": 7},
    }
    written, before = filled_in(told), read(TEMPLATE.encode())
    for name in ("directory", "vendor"):
        told[name] = {**before[name], **told[name]}
    assert read(written) == {**before, **told}
    comments = [line.partition("# ")[2] for line in TEMPLATE.splitlines()]
    lacking = {text for text in comments if text not in written.decode()}
    assert lacking == {
        "enterprise_app: ZoomInfo                        # `check --online` looks here"
        " for single sign-on"
    }
    assert "`check --online` looks here" in written.decode()


@pytest.mark.parametrize(
    "name",
    [
        "No",
        "on",
        "null",
        "True",
        "007",
        "1.5",
        "2027-03-01",
        "-A-",
        "A - B",
        "...",
        "1e3",
        "Üb: er",
        'a "b" #c',
        "x: y",
        "a #b",
        "{",
        "~",
    ],
)
def test_a_name_that_yaml_would_take_for_something_else_is_read_as_it_was_told(name: str) -> None:
    sets = [{"name": name, "description": name, "products": [name]}]
    written = read(filled_in({"subscription_sets": sets, "vendor": {"name": name}}))
    assert written["subscription_sets"] == sets
    assert written["vendor"]["name"] == name
