"""What is known of the directory is kept whole, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text, update

from connectors.entra.delta.cache import MEMBERS, DirectoryCache
from connectors.entra.delta.changes import Links
from connectors.store.directory_cache import StoredKnowledge
from connectors.store.purge import purge
from connectors.store.schema import known as table
from reconciler.columns import frames
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


def test_what_is_kept_comes_back_as_it_was(store: Engine) -> None:
    StoredKnowledge(store).save(KNOWN)
    again = StoredKnowledge(store).load(KNOWN.scope)
    assert again is not None
    assert replace(again, members=KNOWN.members, people=KNOWN.people) == KNOWN
    assert again.members.equals(KNOWN.members)
    assert again.people.equals(KNOWN.people)
    assert again.people.dtypes.equals(KNOWN.people.dtypes)


def test_only_the_last_is_kept(store: Engine) -> None:
    keeper = StoredKnowledge(store)
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
def test_what_cannot_be_read_is_not_known(store: Engine, damage: dict[str, object]) -> None:
    StoredKnowledge(store).save(KNOWN)
    with store.begin() as connection:
        connection.execute(update(table).values(damage))
    assert StoredKnowledge(store).load(KNOWN.scope) is None


@pytest.mark.parametrize("days", [0, 1])
def test_a_purge_takes_it_if_it_is_older(store: Engine, days: int) -> None:
    StoredKnowledge(store).save(KNOWN)
    purge(store, NOW + timedelta(days=days), NOW + timedelta(days=9))
    with store.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM known")).scalar() == 1 - days
