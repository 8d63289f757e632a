"""Graph's delta query on the tenant's groups and users: what changed between two snapshots.

A token stands for a snapshot: whatever differs from it now is sent. As at Graph, an object may come
on several pages, members of a group come in parts, a deleted user's memberships are not sent as
removed, and what was sent once may be sent again.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Literal, TypeAlias

from connectors.sandbox.tenant import Resource, Tenant

Kind: TypeAlias = Literal["groups", "users"]

MOST_FILTERED = 50
_ID = r"id eq '([^']*)'"
_FILTER = re.compile(rf"{_ID}( or {_ID})*")


class Expired(Exception):
    """The token is not known any more."""


class Malformed(Exception):
    """A query that Graph does not support here."""


@dataclass(frozen=True)
class Query:
    """What a client follows: the selected properties, of all objects or of these ids."""

    kind: Kind
    selected: tuple[str, ...]
    ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, kind: Kind, arguments: Mapping[str, str]) -> "Query":
        """From the parameters of a first request; raises Malformed."""
        if unsupported := {"$top", "$expand", "$orderby", "$search"} & arguments.keys():
            raise Malformed(f"{min(unsupported)} is not supported by delta queries.")
        text = arguments.get("$filter")
        ids = tuple(re.findall(_ID, text)) if text else ()
        if text and (not _FILTER.fullmatch(text) or len(ids) > MOST_FILTERED):
            raise Malformed(f"Invalid filter clause: {text}")
        selected = arguments.get("$select", "id,displayName").split(",")
        return cls(kind, tuple(name for name in selected if name), ids)


@dataclass(frozen=True)
class _Look:
    """The tenant as it was; `told` is what was sent last before it."""

    query: Query
    objects: dict[str, Resource] = field(default_factory=dict)
    told: tuple[Resource, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A page, and the token of the next one; after the `last` page that of the next round."""

    objects: tuple[Resource, ...]
    token: str
    last: bool


class Delta:
    """Hands out tokens and pages. `page` are objects, and members in an object, on one page.

    With `replays`, every round tells again what the one before told. `expire` forgets all tokens.
    """

    def __init__(self, tenant: Tenant) -> None:
        self.page = 100
        self.replays = False
        self._tenant = tenant
        self._lock, self._numbers = Lock(), count(1)
        self.expire()

    def expire(self) -> None:
        """Every token is too old, or the tenant was moved: the client must begin anew."""
        self._looks: dict[str, _Look] = {}
        self._rests: dict[str, tuple[tuple[Resource, ...], _Look]] = {}

    def answer(self, kind: Kind, arguments: Mapping[str, str]) -> Answer:
        """One page. Raises Expired and Malformed."""
        with self._lock:
            if (skip := arguments.get("$skiptoken")) is not None:
                if skip not in self._rests:
                    raise Expired
                return self._page(*self._rests[skip])
            if (token := arguments.get("$deltatoken")) in (None, "latest"):
                query = Query.of(kind, arguments)
                now = self._look(query)
                objects = () if token else tuple(self._told(_Look(query), now.objects))
                return self._page(objects, _Look(query, now.objects, objects))
            if token not in self._looks or self._looks[token].query.kind != kind:
                raise Expired
            before = self._looks[token]
            now = self._look(before.query)
            told = tuple(self._told(before, now.objects))
            again = before.told if self.replays else ()
            return self._page((*again, *told), _Look(before.query, now.objects, told))

    def _page(self, objects: tuple[Resource, ...], look: _Look) -> Answer:
        token = str(next(self._numbers))
        if len(objects) > self.page:
            self._rests[token] = objects[self.page :], look
            return Answer(objects[: self.page], token, last=False)
        self._looks[token] = look
        return Answer(objects, token, last=True)

    def _look(self, query: Query) -> _Look:
        every = self._tenant.groups if query.kind == "groups" else self._tenant.users
        kept = ("id", "members", "memberGroups", *query.selected)
        return _Look(
            query,
            {
                key: deepcopy({name: item[name] for name in kept if name in item})
                for key, item in every.items()
                if not query.ids or key in query.ids
            },
        )

    def _told(self, before: _Look, now: Mapping[str, Resource]) -> Iterator[Resource]:
        tell = self._group if before.query.kind == "groups" else self._user
        for key, item in now.items():
            yield from tell(before.query, before.objects.get(key), item)
        bin_ = self._tenant.deleted_groups if tell == self._group else self._tenant.deleted
        for key in before.objects.keys() - now.keys():
            yield {"id": key, "@removed": {"reason": "changed" if key in bin_ else "deleted"}}

    def _user(self, query: Query, before: Resource | None, now: Resource) -> Iterator[Resource]:
        if before is None or any(before.get(name) != now.get(name) for name in query.selected):
            yield _properties(query, before, now)

    def _group(self, query: Query, before: Resource | None, now: Resource) -> Iterator[Resource]:
        own = [name for name in query.selected if name != "members"]
        changed = before is None or any(before.get(name) != now.get(name) for name in own)
        members = list(self._members(before or {}, now)) if "members" in query.selected else []
        told = _properties(query, before, now)
        for start in range(0, len(members), self.page):
            yield {**told, "members@delta": members[start : start + self.page]}
        if changed and not members:
            yield told

    def _members(self, before: Resource, now: Resource) -> Iterator[Resource]:
        for where in ("members", "memberGroups"):
            old, new = (dict.fromkeys(group.get(where, ())) for group in (before, now))
            for member in new:
                if member not in old and self._tenant.exists(member):
                    yield {"@odata.type": self._tenant.type_of(member), "id": member}
            for member in old:
                if member not in new:
                    of_type = {"@odata.type": self._tenant.type_of(member)}
                    yield {**of_type, "id": member, "@removed": {"reason": "deleted"}}


def _properties(query: Query, before: Resource | None, now: Resource) -> Resource:
    """Those that were ever set; what is empty now is told only if it was not before."""
    return {"id": now["id"]} | {
        name: now.get(name)
        for name in query.selected
        if name not in ("id", "members")
        and (now.get(name) is not None or (before or {}).get(name) is not None)
    }
