"""Whatever is done to the audit trail behind its back shows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from connectors.store.audit import Checkpoint
from connectors.store.audit_chain import chained, digest_of
from connectors.store.schema import audit
from connectors.store.store import Store
from support.alone import alone

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def write(store: Store, *events: str) -> None:
    for event in events:
        with store.transaction() as tx:
            tx.audit.append(NOW, event, {"plan": "8f2"}, {"by": "ana"})


@pytest.fixture
def kept(store: Store) -> Checkpoint:
    """Three records, a checkpoint kept elsewhere, and two records more."""
    write(store, "approval", "apply", "operation")
    kept = alone(store).audit.checkpoint(NOW)
    write(store, "operation", "operation")
    assert list(alone(store).audit.faults([kept])) == []
    return kept


def intercept(store: Store, *statements: object) -> None:
    with store.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def where(number: int) -> Callable[..., object]:
    return lambda **values: update(audit).where(audit.c.number == number).values(**values)


def test_records_are_read_newest_first_and_without_their_salt(store: Store) -> None:
    write(store, "approval", "apply")
    newest, oldest = alone(store).audit.newest(10)
    assert (newest.number, newest.event, oldest.event) == (2, "apply", "approval")
    assert (oldest.at, oldest.facts) == (NOW, {"plan": "8f2"})
    assert oldest.personal is not None
    assert oldest.personal["by"] == "ana"
    assert set(oldest.personal) == {"by", "host"}


def test_an_empty_trail_is_whole(store: Store) -> None:
    assert alone(store).audit.checkpoint(NOW).count == 0
    assert list(alone(store).audit.faults([alone(store).audit.checkpoint(NOW)])) == []


@pytest.mark.parametrize(
    "change",
    [
        {"facts": '{"plan":"9a1"}'},
        {"event": "refusal"},
        {"at": NOW + timedelta(seconds=1)},
        {"personal_digest": "0" * 64},
        {"digest": "0" * 64},
    ],
)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_an_edit_shows(
    store: Store, kept: Checkpoint, change: dict[str, object], number: int
) -> None:
    intercept(store, where(number)(**change))
    assert (
        f"record {number} was changed, or does not follow the one before it"
        in alone(store).audit.faults()
    )


@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_record_that_is_restamped_alone_shows_in_the_next_one(
    store: Store, kept: Checkpoint, number: int
) -> None:
    intercept(store, where(number)(digest=restamped(store, number, facts="{}"), facts="{}"))
    assert list(alone(store).audit.faults()) == [
        f"record {number + 1} was changed, or does not follow the one before it"
    ]


def restamped(store: Store, number: int, facts: str) -> str:
    """The digest that the record would have with these facts."""
    with store.engine.begin() as connection:
        known = {row.number: row for row in connection.execute(select(audit))}
    before = known[number - 1].digest if number > 1 else digest_of(store.pair)
    row = known[number]
    return chained(before, number, row.at, row.event, facts, row.personal_digest)


def test_other_names_show(store: Store, kept: Checkpoint) -> None:
    intercept(store, where(2)(personal='{"by":"bob"}'))
    assert list(alone(store).audit.faults()) == ["the names in record 2 were changed"]


def test_names_that_no_purge_took_are_missed(store: Store, kept: Checkpoint) -> None:
    intercept(store, where(2)(personal=None))
    assert list(alone(store).audit.faults()) == [
        "the names in record 2 are gone, and no purge took them"
    ]


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_deletion_shows(store: Store, kept: Checkpoint, number: int) -> None:
    intercept(store, delete(audit).where(audit.c.number == number))
    assert f"record {number} is missing" in alone(store).audit.faults()


def test_a_deletion_that_is_closed_up_shows(store: Store, kept: Checkpoint) -> None:
    intercept(
        store,
        delete(audit).where(audit.c.number == 2),
        *(where(number)(number=number - 1) for number in (3, 4, 5)),
    )
    assert (
        "record 2 was changed, or does not follow the one before it" in alone(store).audit.faults()
    )


def test_another_order_shows(store: Store, kept: Checkpoint) -> None:
    intercept(store, where(2)(number=99), where(3)(number=2), where(99)(number=3))
    assert len(list(alone(store).audit.faults())) >= 2


def test_a_cut_shows_against_a_checkpoint(store: Store, kept: Checkpoint) -> None:
    intercept(store, delete(audit).where(audit.c.number >= 3))
    assert list(alone(store).audit.faults()) == []
    assert list(alone(store).audit.faults([kept])) == [
        "1 records of the checkpoint of 2026-11-24 03:00 UTC are gone"
    ]


def test_a_trail_written_anew_shows_against_a_checkpoint(store: Store, kept: Checkpoint) -> None:
    intercept(store, delete(audit))
    write(store, "approval", "apply", "operation", "operation", "operation")
    assert list(alone(store).audit.faults()) == []
    assert list(alone(store).audit.faults([kept])) == [
        "the records before the checkpoint of 2026-11-24 03:00 UTC are not those of then"
    ]


def test_a_checkpoint_of_another_store_is_told(store: Store, kept: Checkpoint) -> None:
    (fault,) = alone(store).audit.faults([replace(kept, store="another")])
    assert "is of another store, another" in fault


def test_programs_that_write_at_once_make_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: write(store, "operation"), range(24)))
    assert list(alone(store).audit.faults()) == []
    with store.engine.begin() as connection:
        numbers = connection.execute(select(audit.c.number).order_by(audit.c.number)).scalars()
        assert list(numbers) == list(range(1, 25))
