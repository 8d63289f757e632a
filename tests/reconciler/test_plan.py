"""The plan as data: one canonical form, a digest over it, and nothing unknown inside."""

import orjson
import pytest

from reconciler.model.plan import SCHEMA_VERSION, Kind, Plan, parse
from support.worlds.world import World


@pytest.fixture
def plan() -> Plan:
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 1})
    world.person("ana", "Sales Team")
    world.person("bob", "Sales Team")
    world.account("cyd", "Sales Team")
    world.person("cyd")
    return world.plan()


def test_a_plan_survives_its_canonical_form(plan: Plan) -> None:
    assert parse(plan.canonical) == plan
    assert parse(plan.canonical).digest == plan.digest


def test_any_other_form_of_the_same_plan_is_refused(plan: Plan) -> None:
    with pytest.raises(ValueError, match="canonical"):
        parse(orjson.dumps(orjson.loads(plan.canonical), option=orjson.OPT_INDENT_2))


@pytest.mark.parametrize("change", [{"surprise": 1}, {"schema_version": 1}])
def test_unknown_fields_and_versions_are_refused(plan: Plan, change: dict[str, object]) -> None:
    text = orjson.dumps(orjson.loads(plan.canonical) | change, option=orjson.OPT_SORT_KEYS)
    with pytest.raises(ValueError, match=f"schema version {SCHEMA_VERSION}"):
        parse(text)


def test_every_changed_byte_changes_the_digest_or_is_refused(plan: Plan) -> None:
    for at in range(len(plan.canonical)):
        text = bytearray(plan.canonical)
        text[at] ^= 1
        try:
            assert parse(bytes(text)).digest != plan.digest
        except ValueError:
            continue


def test_the_kind_is_derived_and_not_stored(plan: Plan) -> None:
    assert b'"kind":"grant"' not in plan.canonical
    assert {operation.kind for operation in plan.operations} == {
        Kind.REVOKE,
        Kind.DEACTIVATE_ACCOUNT,
        Kind.CREATE_ACCOUNT,
        Kind.GRANT,
    }
