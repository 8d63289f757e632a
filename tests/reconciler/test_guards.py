"""Verdicts with their numbers: what a plan may not do without a person."""

import pytest
from world import World, codes

STRICT = {"max_revokes": 5, "max_revoke_percent": 10, "max_set_revoke_percent": 25}


def leaving(count: int, staying: int, **policy: object) -> World:
    world = World(
        sets={"Sales Team": ["Sales"], "Others": ["Sales"]},
        seats={"Sales": 1000},
        policy={**STRICT, **policy},
    )
    for at in range(staying):
        world.settled(f"stays{at}", "Others")
    for at in range(count):
        world.account(f"leaves{at}", "Others")
        world.person(f"leaves{at}")
    return world


def objections(world: World) -> dict[str, str]:
    return {verdict.code: verdict.message for verdict in world.plan().objections}


@pytest.mark.parametrize(("count", "staying"), [(5, 95), (5, 15), (12, 120)])
def test_r9_passes_up_to_the_larger_of_number_and_percent(count: int, staying: int) -> None:
    assert objections(leaving(count, staying)) == {}


@pytest.mark.parametrize(("count", "staying"), [(6, 44), (14, 120)])
def test_r9_blocks_above_it_with_the_numbers(count: int, staying: int) -> None:
    message = objections(leaving(count, staying))["R9"]
    assert f"{count} of {count + staying} users" in message
    assert f"the limit is {max(5, (count + staying) // 10)}" in message


def test_r9_a_blocked_plan_lists_its_operations_all_the_same() -> None:
    plan = leaving(6, 44).plan()
    assert len(plan.operations) == 12
    assert plan.objections[0].overridable


def test_r9_no_set_loses_more_than_its_share() -> None:
    assert "R9" not in objections(leaving(2, 6))
    assert '"Others" would lose 3 of 10 users (30 %)' in objections(leaving(3, 7))["R9"]


def test_r9_losing_all_of_three_is_a_purge_however_small() -> None:
    assert '"Others" would lose 3 of 3 users' in objections(leaving(3, 0))["R9"]
    assert "R9" not in objections(leaving(2, 0))


def test_r9_many_small_plans_are_a_purge_too() -> None:
    world = leaving(4, 76)
    world.memory["lost_this_week"] = 15
    assert objections(world) == {}  # 19 of 95
    world.memory["lost_this_week"] = 17
    assert "With the last 7 days 21 of 97 users (22 %)" in objections(world)["R9"]


def test_r9_the_last_week_alone_blocks_nothing() -> None:
    world = leaving(0, 10)
    world.memory["lost_this_week"] = 90
    assert objections(world) == {}


def test_r9_a_move_loses_nothing() -> None:
    world = leaving(0, 0)
    for at in range(20):
        world.account(f"mover{at}", "Others")
        world.person(f"mover{at}", "Sales Team")
    assert objections(world) == {}


def test_r9_counts_accounts_that_are_only_deactivated() -> None:
    world = World(policy={**STRICT, "max_revokes": 0})
    world.account("ana")
    world.person("ana")
    assert "1 of 0 users" in objections(world)["R9"]


@pytest.mark.parametrize(
    ("issued", "days"), [("2026-06-01", 4), ("2026-06-26", 29), ("2026-06-27", 30)]
)
def test_t1_warns_a_month_before_the_token_expires(issued: str, days: int) -> None:
    world = World(vendor={"token_issued": issued, "token_lifetime": "180d"})
    assert f"expires in {days} days" in world.plan().findings[0].message


def test_t1_is_silent_before_that() -> None:
    assert codes(World(vendor={"token_issued": "2026-06-28", "token_lifetime": "180d"}).plan()) == (
        set()
    )


def test_t2_an_expired_token_blocks_and_cannot_be_overridden() -> None:
    plan = World(vendor={"token_issued": "2026-08-26", "token_lifetime": "90d"}).plan()
    assert [(v.code, v.overridable) for v in plan.objections] == [("T2", False)]
    assert "expired on 2026-11-24" in plan.objections[0].message


def test_t5_the_switch_that_is_off_blocks() -> None:
    plan = World(vendor={"managed_through_idp": False}).plan()
    assert [(v.code, v.overridable) for v in plan.objections] == [("T5", False)]
