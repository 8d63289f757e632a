"""What is known of the directory is kept whole, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from connectors.store.schema import known as table
from connectors.store.store import Store
from reconciler.columns import frames
from reconciler.model.directory_cache import MEMBERS, DirectoryCache, Links
from support.alone import alone
from support.worlds.world import NOW, guid

KNOWN = DirectoryCache(
    scope="sha256:0",
    read=NOW,
    rounds=3,
    links=Links(("https://graph.example/v1.0/groups/delta()?$deltatoken=a",), "https://b"),
    members=frames.frame(MEMBERS, [{"group": guid("Sales"), "id": guid("ana"), "kind": "user"}]),
    people=frames.frame(
        frames.PEOPLE,
        [
            {"id": guid("ana"), "mail": "ana@example.com", "presence": "present"},
            {"id": guid("bob"), "accountEnabled": False, "presence": "deleted"},
        ],
        extra=["department"],
    ),
)


def test_what_is_kept_comes_back_as_it_was(store: Store) -> None:
    alone(store).directory.save(KNOWN)
    again = alone(store).directory.load(KNOWN.scope)
    assert again is not None
    assert replace(again, members=KNOWN.members, people=KNOWN.people) == KNOWN
    assert again.members.equals(KNOWN.members)
    assert again.people.equals(KNOWN.people)
    assert again.people.dtypes.equals(KNOWN.people.dtypes)


def test_only_the_last_is_kept(store: Store) -> None:
    keeper = alone(store).directory
    keeper.save(KNOWN)
    keeper.save(replace(KNOWN, scope="sha256:1"))
    assert keeper.load("sha256:0") is None
    assert keeper.load("sha256:1") is not None
    keeper.drop()
    assert keeper.load("sha256:1") is None


@pytest.mark.parametrize(
    "damage",
    [{"people": b"no frame"}, {"members": b""}, {"links": {}}, {"links": {"groups": None}}],
)
def test_what_cannot_be_read_is_not_known(store: Store, damage: dict[str, object]) -> None:
    alone(store).directory.save(KNOWN)
    with store.engine.begin() as connection:
        connection.execute(update(table).values(damage))
    assert alone(store).directory.load(KNOWN.scope) is None


@pytest.mark.parametrize("days", [0, 1])
def test_a_purge_takes_it_if_it_is_older(store: Store, days: int) -> None:
    alone(store).directory.save(KNOWN)
    alone(store).personal_data.remove(NOW + timedelta(days=days), NOW + timedelta(days=9))
    with store.engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM known")).scalar() == 1 - days
