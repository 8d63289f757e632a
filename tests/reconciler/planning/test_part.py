"""The part of a plan for one user, of operations that are written down here."""

from reconciler.model.plan import Operation, State, Subject
from reconciler.planning.part import part_of
from support.worlds.world import guid

ANA, BOB = (Subject(kind="user", id=guid(name), name=name) for name in ("ana", "bob"))
FREE = {"Sales": 0, "Marketing": 0}


def change(
    index: int,
    user: Subject,
    held: tuple[str, ...],
    becomes: tuple[str, ...],
    *,
    reason: str,
    needs: tuple[int, ...] = (),
) -> Operation:
    """Sets have the names of their products."""
    return Operation(
        index=index,
        subject=user,
        account=user.name,
        before=State(sets=held),
        after=State(sets=becomes),
        takes=tuple(name for name in becomes if name not in held),
        frees=tuple(name for name in held if name not in becomes),
        needs=needs,
        reason=reason,
    )


def test_half_a_move_is_no_part_where_the_other_half_has_no_seat() -> None:
    """Otherwise the user would only lose what they have."""
    moving = (
        change(0, BOB, ("Marketing",), (), reason="U5"),
        change(1, ANA, ("Sales",), (), reason="U2"),
        change(2, ANA, (), ("Marketing",), reason="U2", needs=(1,)),
    )
    part = part_of(moving, ANA.id, FREE)
    assert part.operations == ()
    assert part.left == 3
    assert part.obstruction
    assert (part.obstruction.product, part.obstruction.givers) == ("Marketing", (BOB,))


def test_what_is_taken_for_another_reason_is_a_part_though_there_is_no_seat() -> None:
    changing = (
        change(0, ANA, ("Sales",), (), reason="U5"),
        change(1, ANA, (), ("Marketing",), reason="U3"),
    )
    part = part_of(changing, ANA.id, FREE)
    assert [operation.lost for operation in part.operations] == [("Sales",)]
    assert part.left == 1


def test_a_revoke_is_numbered_anew_with_what_it_needs() -> None:
    moving = (
        change(0, BOB, (), (), reason="U5"),
        change(1, ANA, ("Sales",), (), reason="U2"),
        change(2, ANA, (), ("Marketing",), reason="U2", needs=(1,)),
    )
    part = part_of(moving, ANA.id, {**FREE, "Marketing": 1})
    assert [(operation.index, operation.needs) for operation in part.operations] == [
        (0, ()),
        (1, (0,)),
    ]
    assert part.obstruction is None


def test_whoever_is_ahead_takes_one_seat_each() -> None:
    waiting = (
        change(0, BOB, (), ("Sales",), reason="S1"),
        change(1, ANA, (), ("Sales",), reason="S1"),
    )
    assert part_of(waiting, ANA.id, {"Sales": 2}).operations[0].subject == ANA
    short = part_of(waiting, ANA.id, {"Sales": 1})
    assert short.operations == ()
    assert short.obstruction
    assert short.obstruction.ahead == (BOB,)
