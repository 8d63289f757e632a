"""Every problem of a configuration is named with its file, line and key, and all at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.examples import STARTING_FILE
from config.load import ConfigError, load

EXAMPLE = STARTING_FILE.read_text()


def problems(tmp_path: Path, text: str | bytes) -> list[str]:
    path = tmp_path / "seatsync.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        load(path)
    except ConfigError as error:
        return [str(problem).removeprefix(f"{path}") for problem in error.problems]
    return []


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_starting_file_is_a_good_one(tmp_path: Path) -> None:
    assert problems(tmp_path, EXAMPLE) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        (
            "products: [Sales]}",
            "products: [Slaes]}",
            'products[0]: "Slaes" is not known; did you mean "Sales"?',
        ),
        ("{Sales: 50,", "{Salse: 50,", 'seats.Salse: "Salse" is not known; did you mean "Sales"?'),
        ("{Sales: 50,", "{Sales: [50],", "seats.Sales: expected a number of seats"),
        (
            "max_revokes:",
            "max_revoke:",
            'policy.max_revoke: "max_revoke" is not known; did you mean "max_revokes"?',
        ),
        (
            "  name: ZoomInfo ",
            "  nmae: ZoomInfo ",
            'vendor.nmae: "nmae" is not known; did you mean "name"?',
        ),
        (
            "token_lifetime: 90d",
            "token_lifetime: 91d",
            "vendor.token_lifetime: the vendor offers 90d, 180d and 1y",
        ),
        ("token_issued: 2026-09-01", "token_issued: soon", "vendor.token_issued: "),
        (
            "https://scim.example",
            "http://scim.example",
            "vendor.base_url: expected an https:// address",
        ),
        (
            "https://scim.example",
            "https://me@scim.example",
            "vendor.base_url: expected https://host/path, without user",
        ),
        ("env:SEATSYNC_SCIM_TOKEN", "s3cr3t-t0ken", "vendor.token: expected env:NAME or file:PATH"),
        ("name: Sales Team,", "name: Sales & Team,", '"&" at 7 is not allowed'),
        ("name: Sales Team,", "name: ab,", "this one has 2"),
        ("name: Sales Team,", f"name: {'x' * 36},", "this one has 36"),
        ("Everybody who sells", "x" * 46, "subscription_sets[0].description: "),
        (
            "products: [Sales]}",
            "products: []}",
            "subscription_sets[0].products: the set grants nothing",
        ),
        ("name: Marketing Team", "name: Sales Team", "is bound to two sets"),
        (
            "[Sales, Marketing, Talent]",
            "[Sales, Sales, Marketing]",
            'products: "Sales" is there twice',
        ),
        ("cloud: global", "cloud: globe", "directory.cloud: "),
        (
            "cloud: global",
            "cloud: {authority: http://a.example, graph: https://g.example}",
            "directory.cloud.authority: expected an https://",
        ),
        ("sqlite:///seatsync.db", "mysql://db", "store: "),
        (
            "0000-0000-0000-000000000000   # Entra",
            "0000-0000-0000-00000000000   # Entra",
            "directory.tenant_id: ",
        ),
        ("reports: reports", "reports: reports\nreports: x", 'duplicate key "reports"'),
        ("policy:", "policy: &anchor", "anchors, aliases and tags are not used here"),
        ("cloud: global", "cloud: !!python/object:os.system x", "anchors, aliases and tags"),
        ('# schedule: {at: ["03:00"]}', 'schedule: {at: ["3 pm"]}', "schedule.at[0]: "),
        ('# schedule: {at: ["03:00"]}', "schedule: {}", "schedule: give either"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(
    tmp_path: Path, good: str, bad: str, said: str
) -> None:
    text = EXAMPLE.replace(good, bad, 1)
    assert text != EXAMPLE
    told = problems(tmp_path, text)
    assert any(said in problem for problem in told), told
    assert told[0].startswith(":")
    assert abs(int(told[0].split(":")[1]) - line_of(text, bad)) <= 1
    assert "s3cr3t-t0ken" not in "".join(told)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = EXAMPLE.replace("max_revokes", "max_revoke").replace("90d  ", "91d  ")
    assert len(problems(tmp_path, text)) == 2


def test_missing_keys_are_named(tmp_path: Path) -> None:
    told = problems(tmp_path, "products: [Sales]\n")
    assert {problem.split(": ")[1] for problem in told} == {
        "directory",
        "vendor",
        "subscription_sets",
        "seats",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "expected one document"),
        ("just text", "expected one document"),
        ("a: 1\n---\nb: 2\n", "expected one document"),
        ("[unclosed", ":1: "),
        (b"\xff\xfe\x00", "not UTF-8"),
        ("a: \x00", ""),
        ("[" * 5000, "nested too deeply"),
        ("a:\n" + "".join(" " * at + f"k{at}:\n" for at in range(1, 60)), "nested too deeply"),
        ("x" * (1 << 20) + "xx", "larger than 1 MB"),
        ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "anchors, aliases and tags"),
        ("? [complex, key]\n: value\n", ""),
        ("2026-01-01: date key\n", ""),
        ("1: number\nnull: nothing\ntrue: yes\n", ""),
    ],
)
def test_what_is_no_configuration_at_all(tmp_path: Path, content: str | bytes, said: str) -> None:
    told = problems(tmp_path, content)
    assert told
    assert said in "".join(told)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.yaml"):
        with pytest.raises(ConfigError, match="cannot be read"):
            load(path)


@given(st.binary(max_size=300))
def test_no_bytes_bring_it_down(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    assert problems(tmp_path_factory.mktemp("fuzz"), content) != []


LINES = EXAMPLE.splitlines()


@given(st.data())
def test_no_mutilated_configuration_brings_it_down(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "twice", "indent", "value"]))
        junk = data.draw(st.sampled_from(["-1", "[]", "{}", "null", "1e400", '"\\u202e"', ".nan"]))
        if change == "drop":
            lines.pop(at)
        elif change == "twice":
            lines.insert(at, lines[at])
        elif change == "indent":
            lines[at] = "  " + lines[at]
        else:
            lines[at] = f"{lines[at].split(':')[0]}: {junk}"
    problems(tmp_path_factory.mktemp("fuzz"), "\n".join(lines))  # raises nothing else


def test_relative_paths_belong_to_the_files_folder(tmp_path: Path) -> None:
    text = (
        EXAMPLE.replace("env:SEATSYNC_SCIM_TOKEN", "file:token")
        .replace("{Sales: 50, Marketing: 10}", "{file: seats.csv}")
        .replace(
            "cloud: global",
            "cloud: {authority: https://a.example, graph: https://g.example, ca_file: ca.pem}",
        )
    )
    (tmp_path / "seatsync.yaml").write_text(text)
    settings = load(tmp_path / "seatsync.yaml")
    assert settings.store == f"sqlite:///{tmp_path}/seatsync.db"
    assert settings.reports == tmp_path / "reports"
    assert str(settings.vendor.token) == f"file:{tmp_path}/token"
    assert settings.seats.file == tmp_path / "seats.csv"  # type: ignore[union-attr]
    assert settings.directory.endpoints.ca_file == tmp_path / "ca.pem"


def test_the_digest_is_that_of_what_a_plan_depends_on(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        (tmp_path / "seatsync.yaml").write_text(text)
        return load(tmp_path / "seatsync.yaml").digest

    first = digest(EXAMPLE)
    assert digest(EXAMPLE.replace("reports: reports", "reports: elsewhere")) == first
    assert digest(EXAMPLE.replace("max_revokes: 5", "max_revokes: 6")) != first
    assert digest(EXAMPLE.replace("products: [Sales]}", "products: [Talent]}")) != first
