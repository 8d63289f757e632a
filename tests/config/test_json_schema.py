"""The configuration's JSON Schema: an editor that goes by it takes what `load` takes."""

import json
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.duration import duration, written
from config.examples import STARTING_FILE
from config.json_schema import configuration_schema, fleet_schema

SCHEMA = configuration_schema()


def validator(schema: Any = SCHEMA) -> Any:
    """Loaded here: jsonschema builds forty grammars first, which takes seconds."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


def example() -> Any:
    """The starting file, as an editor sees it: dates are text there."""
    content = YAML(typ="safe").load(STARTING_FILE.read_text())
    return json.loads(json.dumps(content, default=str))


def faults(content: Any) -> list[str]:
    return [fault.json_path for fault in validator().iter_errors(content)]


def test_it_is_a_schema_by_which_the_starting_file_is_good() -> None:
    validator().check_schema(SCHEMA)
    assert faults(example()) == []


def test_seats_are_numbers_or_contracts() -> None:
    contract = {"purchased": 50, "price": 1200.5, "currency": "EUR", "renews": "2027-03-31"}
    assert faults(example() | {"seats": {"Sales": contract, "Marketing": 10}}) == []
    assert faults(example() | {"seats": {"Sales": contract | {"currency": "euro"}}})
    assert faults(example() | {"seats": {"Sales": [50]}})


@pytest.mark.parametrize(
    ("section", "wrong"),
    [
        ("policy", {"max_revoke": 5}),
        ("policy", {"max_revoke_percent": 101}),
        ("policy", {"plan_lifetime": "24 hours"}),
        ("vendor", {"token": "the secret itself"}),
        ("directory", {"tenant_id": None}),
        ("schedule", {"at": ["25:00"]}),
    ],
)
def test_a_mistake_is_seen(section: str, wrong: dict[str, Any]) -> None:
    content = example()
    content[section] = content.get(section, {}) | wrong
    assert [path for path in faults(content) if path.startswith(f"$.{section}")]


def test_a_default_stands_there_as_a_person_would_write_it() -> None:
    policy = SCHEMA["$defs"]["Policy"]["properties"]
    assert (policy["plan_lifetime"]["default"], policy["leave_grace"]["default"]) == ("1d", "0d")
    for text in ("40m", "24h", "90 days", "1 year", "0m"):
        assert duration(written(duration(text))) == duration(text)


def test_a_fleets_file_has_one_too() -> None:
    schema = validator(fleet_schema())
    good = {
        "store": "env:SEATSYNC_STORE",
        "defaults": {"keep": "400d"},
        "notifications": [{"to": "env:TELL", "events": ["stopped"]}],
        "max_losing_percent": 30,
    }
    assert schema.is_valid(good)
    for wrong in ({"tenant": "x"}, {"max_losing_percent": 0}, {"notifications": [{"to": "x"}]}):
        assert not schema.is_valid(good | wrong)


@pytest.mark.parametrize("schema", [SCHEMA, fleet_schema()], ids=["configuration", "fleet"])
def test_every_field_says_what_it_is_for(schema: Any) -> None:
    for section in (schema, *schema["$defs"].values()):
        for name, field in section["properties"].items():
            assert field["description"].endswith("."), name
