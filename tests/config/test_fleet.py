"""A tenant of a fleet has its own file, and from the fleet's what that does not say."""

from pathlib import Path

import pytest

from config.examples import STARTING_FILE
from config.load import ConfigError, load, load_fleet

STORE = "postgresql+psycopg://seatsync@127.0.0.1/seatsync"
EXAMPLE = STARTING_FILE.read_text()
OWN = EXAMPLE.replace("store: sqlite:///seatsync.db", "").replace("reports: reports ", "")


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    file = tmp_path / "fleet.yaml"
    file.write_text(f"store: {STORE}\n")
    (tmp_path / "tenants").mkdir()
    return file


def tenant(fleet: Path, text: str = OWN, name: str = "contoso") -> Path:
    file = fleet.parent / "tenants" / f"{name}.yaml"
    file.write_text(f"fleet: ../fleet.yaml\n{text}")
    return file


def problems(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load(path)
    folder = path.parent.parent.resolve()
    return [str(one).replace(f"{folder}/", "") for one in refused.value.problems]


def test_a_tenant_is_called_as_its_file_and_uses_the_fleets_store(fleet: Path) -> None:
    settings = load(tenant(fleet))
    assert (settings.tenant, settings.store) == ("contoso", STORE)
    assert load_fleet(fleet).files == {"contoso": fleet.parent / "tenants" / "contoso.yaml"}


def test_whoever_is_in_no_fleet_has_no_name(tmp_path: Path) -> None:
    (tmp_path / "seatsync.yaml").write_text(EXAMPLE)
    assert load(tmp_path / "seatsync.yaml").tenant == ""


def test_each_tenant_has_a_folder_of_reports_unless_it_names_one(fleet: Path) -> None:
    folder = fleet.parent / "tenants"
    assert load(tenant(fleet)).reports == folder / "reports" / "contoso"
    assert load(tenant(fleet, f"{OWN}\nreports: mine")).reports == folder / "mine"


def test_what_a_tenant_does_not_say_all_have_alike(fleet: Path) -> None:
    fleet.write_text(
        f"store: {STORE}\ndefaults: {{keep: 400d, policy: {{max_revokes: 7, max_renames: 9}}}}\n"
    )
    policy = load(tenant(fleet)).policy
    assert (policy.max_revokes, policy.max_renames) == (5, 5), "as the tenant's own file says"
    without = OWN.replace("max_revokes: 5 ", "#")
    settings = load(tenant(fleet, without))
    assert settings.policy.max_revokes == 7
    assert settings.policy.max_renames == 5
    assert settings.keep
    assert settings.keep.days == 400


def test_a_list_is_the_tenants_or_the_fleets_and_never_both(fleet: Path) -> None:
    fleet.write_text(f"store: {STORE}\ndefaults: {{policy: {{protected: [a@example.com]}}}}\n")
    assert load(tenant(fleet)).policy.protected == ("ceo@example.com",)


def test_the_plan_of_a_tenant_does_not_depend_on_the_fleet(fleet: Path, tmp_path: Path) -> None:
    (tmp_path / "seatsync.yaml").write_text(EXAMPLE)
    assert load(tenant(fleet)).digest == load(tmp_path / "seatsync.yaml").digest


def test_a_problem_is_named_in_the_file_that_has_it(fleet: Path) -> None:
    fleet.write_text(f"store: {STORE}\ndefaults:\n  policy:\n    max_revoke: 7\n  keeep: 3d\n")
    bad = OWN.replace("max_renames:", "max_rename:")
    assert problems(tenant(fleet, bad)) == [
        'fleet.yaml:4: policy.max_revoke: "max_revoke" is not known; did you mean "max_revokes"?',
        'fleet.yaml:5: keeep: "keeep" is not known; did you mean "keep"?',
        f"tenants/contoso.yaml:{line_of(bad, 'max_rename:') + 1}: policy.max_rename: "
        '"max_rename" is not known; did you mean "max_renames"?',
    ]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "store: sqlite:///fleet.db",
            "fleet.yaml:1: store: many tenants need a PostgreSQL database",
        ),
        ("tenants: tenants", "fleet.yaml:1: store: this key is needed"),
        (
            f"store: {STORE}\ntenant: x",
            'fleet.yaml:2: tenant: "tenant" is not known; did you mean "tenants"?',
        ),
        (
            f"store: {STORE}\ndefaults: {{store: env:X, metrics: m.prom}}",
            "fleet.yaml:2: defaults: metrics, store cannot be the same for every tenant",
        ),
        ("- store", "fleet.yaml:1: expected one document of keys and values"),
    ],
)
def test_a_fleet_that_cannot_be_used_is_refused(fleet: Path, written: str, said: str) -> None:
    fleet.write_text(written)
    assert problems(tenant(fleet)) == [said]


def test_a_fleet_that_is_not_there_is_named(fleet: Path) -> None:
    fleet.unlink()
    (said,) = problems(tenant(fleet))
    assert said.startswith("fleet.yaml: the file cannot be read: there is none")


def test_a_tenant_has_no_store_of_its_own(fleet: Path) -> None:
    (said,) = problems(tenant(fleet, f"store: sqlite:///mine.db\n{OWN}"))
    assert said == "tenants/contoso.yaml:2: store: the fleet has it for all"


@pytest.mark.parametrize("name", ["Contoso", "con_toso", "-", "a" * 64])
def test_a_name_that_others_could_mistake_is_refused(fleet: Path, name: str) -> None:
    (said,) = problems(tenant(fleet, name=name))
    assert "a tenant is called as its file" in said
