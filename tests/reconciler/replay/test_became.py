"""Which losses were wanted is known by what people did about the plan."""

from msgspec.structs import replace as with_changes

from reconciler.model.plan import Plan
from reconciler.replay.became import Became, became
from support.worlds.world import World


def taking_from(plan_id: str, *names: str) -> Plan:
    world = World()
    for name in names:
        world.account(name, "Sales Team")
        world.person(name)
    return world.plan(plan_id)


GIVES = with_changes(taking_from("a1"), id="a1")
TWO = taking_from("a2", "ana", "eva")
TWO_AGAIN = taking_from("a3", "ana", "eva", "tom")
ONE_OTHER = taking_from("a4", "tom")


def test_what_was_applied_was_carried_out() -> None:
    assert list(became([GIVES, TWO], {"a1": "r1", "a2": "r2"}, ())) == [
        Became.CARRIED_OUT,
        Became.CARRIED_OUT,
    ]


def test_what_was_taken_back_is_a_purge() -> None:
    assert list(became([TWO], {"a2": "r2"}, {"r2"})) == [Became.PURGE]


def test_what_was_never_let_pass_is_a_purge() -> None:
    assert list(became([TWO], {}, ())) == [Became.PURGE]
    assert list(became([TWO, ONE_OTHER], {"a4": "r4"}, ())) == [Became.PURGE, Became.CARRIED_OUT]


def test_what_a_later_plan_did_was_only_put_off() -> None:
    put_off = list(became([TWO, TWO_AGAIN], {"a3": "r3"}, ()))
    assert put_off == [Became.CARRIED_OUT, Became.CARRIED_OUT]


def test_what_a_later_plan_did_and_was_taken_back_is_a_purge() -> None:
    assert list(became([TWO, TWO_AGAIN], {"a3": "r3"}, {"r3"})) == [Became.PURGE, Became.PURGE]


def test_what_takes_nothing_is_no_purge() -> None:
    assert list(became([GIVES], {}, ())) == [Became.NOTHING]
    assert list(became([GIVES], {"a1": "r1"}, {"r1"})) == [Became.NOTHING]
