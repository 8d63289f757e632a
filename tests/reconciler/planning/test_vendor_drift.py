"""What the vendor has that neither Entra ID asks for nor was put there from here."""

from collections.abc import Callable

import pytest

from reconciler.model.attribute_habits import Way
from reconciler.model.history import DoneOperation
from reconciler.model.plan import Operation, State, Subject
from reconciler.planning.vendor_drift import vendor_drift
from support.worlds.world import MAIL, NOW, World, guid

SALES, TALENT = "Sales Team", "Talent Team"
SAME_NAMES = f"ana@example.org has the same userName, {MAIL}"


def a_world() -> World:
    return World(sets={SALES: ["Sales"], TALENT: ["Talent"]}, seats={"Sales": 9, "Talent": 9})


def done(world: World, name: str, before: State, after: State) -> None:
    """Something was done from here, however long ago."""
    user = Subject(kind="user", id=guid(name), name=name)
    world.done.append(
        (NOW, Operation(index=0, subject=user, before=before, after=after, reason="S1"))
    )


def drift_of(world: World) -> list[tuple[str, str, str, str, str, str]]:
    deeds = [
        DoneOperation(str(at), one.subject.id, one.kind, when, one)
        for at, (when, one) in enumerate(world.done)
    ]
    return [
        (one.what, one.account, one.where, one.vendor, one.entra, one.written)
        for one in vendor_drift(world.evaluation(), deeds)
    ]


def in_step(world: World) -> None:
    world.settled("ana", SALES)


def made_by_hand(world: World) -> None:
    world.account("ana", SALES, externalId=None, userName="made@elsewhere.example")


def unlinked(world: World) -> None:
    world.account("ana", SALES, externalId=None)
    world.person("ana", SALES)


def provisioned_by_others(world: World) -> None:
    world.account("ana")
    world.links = {}
    world.person("ana")


def moved_by_hand(world: World) -> None:
    world.account("ana", TALENT)
    world.person("ana", SALES)


def left_the_group(world: World) -> None:
    world.account("ana", TALENT)
    world.person("ana", SALES)
    done(world, "ana", State(sets=()), State(sets=(TALENT,)))


def in_a_group_that_was_not_read(world: World) -> None:
    moved_by_hand(world)
    world.reads[TALENT] = {"complete": False, "because": "a page is missing"}


def in_both_groups(world: World) -> None:
    world.account("ana", TALENT)
    world.person("ana", SALES, TALENT)


def surname(vendor: str, before: str = "") -> Callable[[World], None]:
    def changed(world: World) -> None:
        world.account("ana", SALES, **{"name.familyName": vendor})
        world.person("ana", SALES)
        if before:
            old, new = ({"name.familyName": value} for value in ("Old", before))
            done(world, "ana", State(attributes=old), State(attributes=new))

    return changed


def of_a_leaver(world: World) -> None:
    world.account("ana", **{"name.familyName": "Hand"})
    world.person("ana")


def unlinked_and_changed(world: World) -> None:
    unlinked(world)
    world.accounts["acc-ana"]["name.familyName"] = "Hand"


def without_surname(world: World) -> None:
    world.account("ana", SALES, **{"name.familyName": None})
    world.person("ana", SALES)


def spelled_its_own_way(world: World) -> None:
    surname("PRIOR", before="Prior")(world)
    world.ways = {"name.familyName": frozenset({Way.CASE})}


def mail_in_another_case(world: World) -> None:
    world.account("ana", SALES, **{MAIL: "OLD@example.org"})
    world.person("ana", SALES)
    done(world, "ana", State(attributes={MAIL: "x"}), State(attributes={MAIL: "old@example.org"}))


def switched(*, active: bool, enabled: bool, last: str) -> Callable[[World], None]:
    def changed(world: World) -> None:
        world.account("ana", active=active)
        world.person("ana", SALES, accountEnabled=enabled)
        world.activations[guid("ana")] = last

    return changed


@pytest.mark.parametrize(
    ("case", "drift"),
    [
        (in_step, []),
        (
            made_by_hand,
            [
                ("account", "", "made@elsewhere.example", "", ""),
                ("membership", SALES, SALES, "", ""),
            ],
        ),
        (unlinked, [("account", "", "ana@example.org", SAME_NAMES, "")]),
        (provisioned_by_others, []),
        (moved_by_hand, [("membership", TALENT, TALENT, SALES, "")]),
        (left_the_group, []),
        (in_a_group_that_was_not_read, []),
        (in_both_groups, []),
        (surname("Hand"), [("attribute", "name.familyName", "Hand", "Example", "")]),
        (surname("Hand", "Prior"), [("attribute", "name.familyName", "Hand", "Example", "Prior")]),
        (surname("Prior", "Prior"), []),
        (of_a_leaver, []),
        (unlinked_and_changed, [("account", "", "ana@example.org", SAME_NAMES, "")]),
        (without_surname, []),
        (spelled_its_own_way, []),
        (mail_in_another_case, []),
        (
            switched(active=False, enabled=True, last="created"),
            [("active", "active", "False", "True", "created")],
        ),
        (switched(active=False, enabled=True, last="deactivated"), []),
        (
            switched(active=True, enabled=False, last="deactivated"),
            [("active", "active", "True", "False", "deactivated")],
        ),
        (switched(active=True, enabled=False, last="created"), []),
    ],
)
def test_what_is_drift(
    case: Callable[[World], None], drift: list[tuple[str, str, str, str, str]]
) -> None:
    world = a_world()
    case(world)
    assert drift_of(world) == [(what, "acc-ana", *rest) for what, *rest in drift]


def test_what_was_purged_is_not_known_to_be_from_here() -> None:
    world = a_world()
    left_the_group(world)
    ((_, deed),) = world.done
    purged = DoneOperation("0", guid("ana"), deed.kind, NOW, None)
    assert [one.what for one in vendor_drift(world.evaluation(), [purged])] == ["membership"]
