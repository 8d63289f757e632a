"""What is known and what changed make the same directory as the groups themselves, or are dropped.

Every run here is compared with a full read of the same tenant.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from connectors.entra.client import Entra
from connectors.entra.delta.client import DeltaEntra
from connectors.errors import Unauthorized, Unreachable
from connectors.sandbox.tenant import Tenant
from reconciler.model.directory_cache import Links
from reconciler.model.group_read import GroupRead
from reconciler.model.snapshot import Directory
from support.counterparts.graph_reading import CacheInMemory
from support.counterparts.small_tenant import PEOPLE, SmallTenant, group, guid, user
from support.scenarios.moment import Moment

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SALES, NIGHT = "Sales Team", "Night Desk"
DAN, EVE, NIA = "user0", "user1", "user20"


class Runs:
    """One run after the other, ten minutes apart."""

    def __init__(self, small_tenant: SmallTenant) -> None:
        self.small_tenant, self.cache, self.now = small_tenant, CacheInMemory(), NOW
        settings = small_tenant.settings
        self.directory = settings.directory.model_copy(update={"delta": True})
        self.sets = settings.subscription_sets
        self.attributes = settings.attribute_mapping.sources

    def read(self) -> Directory:
        self.now += timedelta(minutes=10)
        self.entra = DeltaEntra(self.directory, self.cache, self.now)
        asked = self.small_tenant.sandbox.graph_ledger.requests
        asked.clear()
        directory = self.entra.read_sets(self.sets, self.attributes, lambda _: None)
        self.asked = [path.removeprefix("/v1.0") for _, path in asked if "/v1.0/" in path]
        return directory

    def in_full(self) -> Directory:
        entra = Entra(self.directory)
        return entra.read_sets(self.sets, self.attributes, lambda _: None)

    @property
    def read_members(self) -> bool:
        """Whether the last run read the groups themselves."""
        return any(path.endswith("ers") and path.startswith("/groups/") for path in self.asked)


TWO_TEAMS = {SALES: PEOPLE[:12], NIGHT: PEOPLE[12:]}


@pytest.fixture
def small_tenant(tmp_path: Path) -> Iterator[SmallTenant]:
    small_tenant = SmallTenant(tmp_path, TWO_TEAMS)
    with small_tenant.sandbox:
        yield small_tenant


@pytest.fixture(scope="module")
def _first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Runs, Moment]]:
    small_tenant = SmallTenant(tmp_path_factory.mktemp("tenant"), TWO_TEAMS)
    with small_tenant.sandbox:
        runs = Runs(small_tenant)
        runs.read()
        assert runs.cache.known
        yield runs, Moment(small_tenant.sandbox, small_tenant.folder)


@pytest.fixture
def runs(_first_run: tuple[Runs, Moment]) -> Runs:
    """After the first run."""
    first, moment = _first_run
    moment.put_back()
    runs = copy(first)
    runs.cache = copy(first.cache)
    return runs


def rows(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    ordered = frame[sorted(frame.columns)]
    return sorted(tuple(str(value) for value in row) for row in ordered.itertuples(index=False))


def assert_same(one: Directory, other: Directory) -> None:
    assert rows(one.members) == rows(other.members)
    assert rows(one.people) == rows(other.people)
    assert [how(read) for read in one.reads] == [how(read) for read in other.reads]


def how(read: GroupRead) -> tuple[object, ...]:
    return read.set, read.complete, read.because, read.hidden, read.members, read.counted


def members(tenant: Tenant, name: str) -> list[str]:
    found: list[str] = tenant.groups[guid(name)]["members"]
    return found


def leave(tenant: Tenant) -> None:
    members(tenant, SALES).remove(guid(DAN))


def move(tenant: Tenant) -> None:
    leave(tenant)
    members(tenant, NIGHT).append(guid(DAN))


def join(tenant: Tenant) -> None:
    tenant.users[guid("new")] = user("new")
    members(tenant, NIGHT).append(guid("new"))


def disable(tenant: Tenant) -> None:
    tenant.users[guid(DAN)]["accountEnabled"] = False


def rename(tenant: Tenant) -> None:
    tenant.users[guid(DAN)] |= {"mail": None, "surname": "Cain"}


def delete(tenant: Tenant) -> None:
    tenant.deleted[guid(DAN)] = tenant.users.pop(guid(DAN))


def destroy(tenant: Tenant) -> None:
    del tenant.users[guid(DAN)]


def nest(tenant: Tenant) -> None:
    tenant.groups[guid("Inner")] = group("Inner", EVE)
    tenant.groups[guid(SALES)]["memberGroups"] = [guid("Inner")]


def empty(tenant: Tenant) -> None:
    members(tenant, SALES).clear()


def nothing(tenant: Tenant) -> None:
    pass


def elsewhere(tenant: Tenant) -> None:
    tenant.users[guid("outsider")] = user("outsider")
    tenant.groups[guid("Choir")] = group("Choir", DAN, "outsider")


CHANGES = [leave, move, join, disable, rename, delete, destroy, nest, empty, nothing, elsewhere]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_all_that_is_read(runs: Runs, change: Callable[[Tenant], None]) -> None:
    change(runs.small_tenant.sandbox.tenant)
    assert_same(runs.read(), runs.in_full())
    assert not runs.read_members


@pytest.mark.parametrize("page", [1, 3, 100])
@pytest.mark.parametrize("replays", [False, True])
def test_changes_come_on_pages_and_come_again(runs: Runs, page: int, replays: bool) -> None:
    delta = runs.small_tenant.sandbox.graph.delta
    delta.page, delta.replays = page, replays
    for change in (move, join, rename, nest, nothing, disable):
        change(runs.small_tenant.sandbox.tenant)
        assert_same(runs.read(), runs.in_full())
        assert not runs.read_members


def test_the_first_page_comes_with_links_that_were_taken_before(small_tenant: SmallTenant) -> None:
    """So whoever joins while the groups are read for the first time is told in the next run."""

    def meanwhile(request: Request) -> None:
        if (
            request.path.endswith("/$count")
            and guid("new") not in small_tenant.sandbox.tenant.users
        ):
            join(small_tenant.sandbox.tenant)

    runs = Runs(small_tenant)
    small_tenant.fail(meanwhile)
    runs.read()
    assert runs.asked[:3] == ["/groups", "/groups/delta()", "/users/delta()"]
    assert_same(runs.read(), runs.in_full())


def test_requests_are_few(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    """One for the groups, a round for groups and users each, a count for each group, a batch
    for whoever changed, and one for the end of the app's own credential."""
    for name in PEOPLE[:16]:
        runs.small_tenant.sandbox.tenant.users[guid(name)]["surname"] = "Cain"
    directory = runs.read()
    assert directory.requests == 1 + 2 + 2 + 1 + 1
    assert directory.requests == len(runs.asked)


def test_fifty_groups_are_followed_at_once(tmp_path: Path) -> None:
    small_tenant = SmallTenant(tmp_path, {f"Team {at}": [DAN] for at in range(51)})
    with small_tenant.sandbox:
        runs = Runs(small_tenant)
        runs.read()
        assert runs.cache.known
        assert len(runs.cache.known.links.groups) == 2
        members(small_tenant.sandbox.tenant, "Team 50").append(guid(EVE))
        assert_same(runs.read(), runs.in_full())
        assert not runs.read_members


# When the groups are read after all


def test_the_groups_are_read_after_some_runs(runs: Runs) -> None:
    runs.directory = runs.directory.model_copy(update={"full_read_after_runs": 3})
    done = []
    for _ in range(6):
        directory = runs.read()
        assert not directory.contradiction
        assert {read.by_changes for read in directory.reads} == {not runs.read_members}
        done.append(runs.read_members)
    assert done == [False, False, True] * 2


@pytest.mark.parametrize("hours", [24, -1])
def test_the_groups_are_read_after_some_time(runs: Runs, hours: int) -> None:
    """A clock that was set back is no reason to wait for ever."""
    runs.read()
    assert not runs.read_members
    runs.now += timedelta(hours=hours)
    assert_same(runs.read(), runs.in_full())
    assert runs.read_members


def restored(tenant: Tenant) -> None:
    tenant.users[guid(DAN)] = tenant.deleted.pop(guid(DAN))


@pytest.mark.parametrize("full_read_between", [False, True])
def test_who_is_back_is_a_reason_to_read_the_groups(runs: Runs, full_read_between: bool) -> None:
    """Nobody tells of the memberships that they have again."""
    delete(runs.small_tenant.sandbox.tenant)
    runs.read()
    if full_read_between:
        runs.now += timedelta(days=1)
        runs.read()
    restored(runs.small_tenant.sandbox.tenant)
    directory = runs.read()
    assert_same(directory, runs.in_full())
    assert "is back" in directory.full_read_because
    assert guid(DAN) in set(directory.people["id"])


def test_a_group_that_was_deleted_is_a_reason(runs: Runs) -> None:
    tenant = runs.small_tenant.sandbox.tenant
    del tenant.groups[guid(SALES)]
    assert_same(runs.read(), runs.in_full())
    assert runs.read_members
    tenant.groups[guid(SALES)] = group(SALES, DAN)
    assert_same(runs.read(), runs.in_full())


@pytest.mark.parametrize("of", ["sets", "attributes", "tenant"])
def test_what_is_known_of_something_else_is_not_used(runs: Runs, of: str) -> None:
    if of == "sets":
        runs.sets = runs.sets[:1]
    elif of == "attributes":
        runs.attributes = (*runs.attributes, "department")
    else:
        runs.directory = runs.directory.model_copy(update={"tenant_id": guid("another")})
    with pytest.raises(Unauthorized) if of == "tenant" else nullcontext():
        assert_same(runs.read(), runs.in_full())
        assert runs.read_members


def spoil(
    small_tenant: SmallTenant,
    change: Callable[[dict[str, Any]], object],
    kind: str = "groups",
    times: int = 99,
) -> None:
    """Graph's answers about what changed, as `change` makes them, so many times."""
    sound, left = small_tenant.sandbox.graph.answer, [None] * times

    def fault(request: Request) -> Response | None:
        if request.path != f"/v1.0/{kind}/delta()" or not left:
            return None
        left.pop()
        content = json.loads(sound(request).get_data())
        told = change(content)
        return told if isinstance(told, Response) else answered(content)

    small_tenant.fail(fault)


def answered(content: object) -> Response:
    return Response(json.dumps(content), mimetype="application/json")


def error(status: int, code: str) -> Callable[[object], Response]:
    content = json.dumps({"error": {"code": code, "message": "Begin anew."}})
    return lambda _: Response(content, status=status, mimetype="application/json")


def linked(link: object) -> Callable[[dict[str, Any]], object]:
    return lambda content: content.update({"@odata.deltaLink": link})


def told_of(*objects: object) -> Callable[[dict[str, Any]], object]:
    return lambda content: content.update({"value": list(objects)})


def told_of_members(*told: object) -> Callable[[dict[str, Any]], object]:
    return told_of({"id": guid(SALES), "members@delta": list(told)})


GONE = {"@removed": {"reason": "deleted"}}

REASONS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "410, begin anew": (error(410, "syncStateNotFound"), "410"),
    "an expired token": (error(400, "syncStateNotFound"), "400"),
    "refused": (error(403, "Authorization_RequestDenied"), "403"),
    "not there": (error(404, "Request_ResourceNotFound"), "404"),
    "down": (error(503, "ServiceNotAvailable"), "503"),
    "cut JSON": (lambda _: Response('{"value": [{"id'), "not JSON"),
    "HTML": (lambda _: Response("<html>"), "not JSON"),
    "no list": (lambda content: content.update(value=None), "no list of values"),
    "no end": (lambda content: content.pop("@odata.deltaLink"), "did not come to their end"),
    "an end that is no text": (linked(["x"]), "did not come to their end"),
    "a link elsewhere": (
        lambda content: content.update({"@odata.nextLink": "https://thief.example/v1.0/x"}),
        "another host",
    ),
    "an object without id": (told_of({"displayName": SALES}), "no usable id"),
    "an object that is none": (told_of(None), "no usable id"),
    "members that are no list": (
        told_of({"id": guid(SALES), "members@delta": None}),
        "no list",
    ),
    "a member without id": (
        told_of_members({"@odata.type": "#microsoft.graph.user"}),
        "no usable id",
    ),
    "a group that is gone": (told_of({"id": guid(SALES), **GONE}), "a group was deleted"),
    "in and out": (
        told_of_members({"id": guid(DAN), **GONE}, {"id": guid(DAN)}),
        "both joined and left",
    ),
    "an odd stranger": (told_of_members({"id": "odd"}), "was not found"),
    "a stranger": (told_of_members({"id": guid("nobody")}), "was not found"),
    "too few are left": (told_of_members({"id": guid(DAN), **GONE}), "Graph counts 12"),
}


@pytest.mark.parametrize("name", REASONS)
def test_what_cannot_be_believed_is_a_reason_to_read_the_groups(runs: Runs, name: str) -> None:
    change, why = REASONS[name]
    spoil(runs.small_tenant, change)
    disable(runs.small_tenant.sandbox.tenant)
    directory = runs.read()
    assert why in directory.full_read_because
    assert runs.read_members
    assert_same(directory, runs.in_full())


@pytest.mark.parametrize("kind", ["groups", "users"])
def test_once_is_enough_to_begin_anew(runs: Runs, kind: str) -> None:
    """Other links are taken, and the next run goes on with these."""
    spoil(runs.small_tenant, error(410, "syncStateNotFound"), kind, times=1)
    assert runs.read().full_read_because
    leave(runs.small_tenant.sandbox.tenant)
    directory = runs.read()
    assert (directory.full_read_because, runs.read_members) == ("", False)
    assert_same(directory, runs.in_full())


def test_tokens_that_are_too_old_begin_anew(small_tenant: SmallTenant) -> None:
    runs = Runs(small_tenant)
    runs.read()
    runs.small_tenant.sandbox.graph.delta.expire()
    assert "syncStateNotFound" in runs.read().full_read_because
    assert not runs.read().full_read_because


def test_a_token_that_is_refused_concerns_everything(runs: Runs) -> None:
    spoil(runs.small_tenant, error(401, "InvalidAuthenticationToken"))
    with pytest.raises(Unauthorized):
        runs.read()


@pytest.mark.parametrize("where", ["groups", "users"])
def test_the_token_goes_nowhere_else(runs: Runs, httpserver: HTTPServer, where: str) -> None:
    """Not even where a link leads that was kept."""
    known, link = runs.cache.known, httpserver.url_for("/v1.0/x")
    assert known
    links = Links((link,), known.links.users) if where == "groups" else Links((), link)
    runs.cache.known = replace(known, links=links)
    assert "another host" in runs.read().full_read_because
    assert httpserver.log == []


def test_without_links_nothing_is_known(small_tenant: SmallTenant) -> None:
    spoil(small_tenant, error(403, "Authorization_RequestDenied"), "users")
    runs = Runs(small_tenant)
    directory = runs.read()
    assert "403" in directory.full_read_because
    assert runs.cache.known is None
    assert_same(directory, runs.in_full())


# What was told must be what the groups have


def test_changes_that_were_kept_from_us_are_found_when_the_groups_are_read(runs: Runs) -> None:
    spoil(runs.small_tenant, told_of(), times=1)
    leave(runs.small_tenant.sandbox.tenant)
    assert not runs.read().contradiction  # more than Graph counts: nobody loses anything
    assert not runs.read_members
    runs.now += timedelta(days=1)
    directory = runs.read()
    assert directory.contradiction == "memberships: 1"
    assert_same(directory, runs.in_full())
    assert runs.cache.known is None
    assert not runs.read().contradiction


def test_people_who_are_otherwise_are_found_when_the_groups_are_read(runs: Runs) -> None:
    spoil(runs.small_tenant, told_of(), "users", times=1)
    rename(runs.small_tenant.sandbox.tenant)
    runs.read()
    runs.now += timedelta(days=1)
    assert runs.read().contradiction == "people: 1"


def test_who_is_no_user_is_no_contradiction(runs: Runs) -> None:
    """Lists of members leave out service principals, and changes do not."""
    service = {"@odata.type": "#microsoft.graph.servicePrincipal", "id": guid("service")}
    spoil(runs.small_tenant, told_of_members(service), times=1)
    assert "servicePrincipal" in set(runs.read().members["kind"])
    runs.now += timedelta(days=1)
    assert not runs.read().contradiction


@pytest.mark.parametrize("change", [leave, move, join, rename, delete])
def test_who_changes_while_the_groups_are_read_is_no_contradiction(
    runs: Runs, change: Callable[[Tenant], None]
) -> None:
    pending = [change]

    def meanwhile(request: Request) -> None:
        if pending and request.path.endswith("/members"):
            pending.pop()(runs.small_tenant.sandbox.tenant)

    runs.small_tenant.fail(meanwhile)
    runs.now += timedelta(days=1)
    assert not runs.read().contradiction
    assert pending == []
    assert_same(runs.read(), runs.in_full())


# What Graph tells no changes of


def test_a_group_that_is_not_read_to_its_end_is_frozen_as_ever(runs: Runs) -> None:
    def fails(request: Request) -> Response | None:
        lost = request.path == f"/v1.0/groups/{guid(SALES)}/members"
        return Response("{}", status=500) if lost else None

    runs.small_tenant.fail(fails)
    runs.now += timedelta(days=1)
    sales, night = runs.read().reads
    assert (sales.complete, night.complete) == (False, True)
    assert runs.cache.known is None


def test_a_hidden_group_is_frozen_as_ever(runs: Runs) -> None:
    runs.small_tenant.sandbox.tenant.groups[guid(SALES)]["visibility"] = "HiddenMembership"
    for _ in range(2):
        assert_same(runs.read(), runs.in_full())
    assert not runs.read_members


def test_groups_in_a_group_are_read_each_time(runs: Runs) -> None:
    """Graph tells no changes of groups in groups."""
    runs.sets = tuple(
        item.model_copy(update={"nested": "expand" if item.name == SALES else "skip"})
        for item in runs.sets
    )
    nest(runs.small_tenant.sandbox.tenant)
    members(runs.small_tenant.sandbox.tenant, SALES).append(guid(NIA))
    for change in (nothing, leave, disable):
        change(runs.small_tenant.sandbox.tenant)
        assert_same(runs.read(), runs.in_full())
    assert [path for path in runs.asked if path.endswith("embers")] == [
        f"/groups/{guid(SALES)}/transitiveMembers"
    ]


def test_without_any_group_there_is_nothing_to_follow(runs: Runs) -> None:
    runs.small_tenant.sandbox.tenant.groups.clear()
    runs.read()
    assert not any("delta" in path for path in runs.asked)


def test_people_of_whom_nothing_is_told_are_not_known(small_tenant: SmallTenant) -> None:
    """A permission that is granted later changes nobody, so nothing would be told of it."""
    small_tenant.sandbox.graph.roles = ("GroupMember.Read.All",)
    runs = Runs(small_tenant)
    assert_same(runs.read(), runs.in_full())
    assert runs.cache.known is None


# Nobody loses anything by what was only told


def confirmed(runs: Runs, *names: str) -> bool:
    directory = runs.read()
    assert not runs.read_members
    return runs.entra.confirms(
        directory, runs.sets, lambda: {guid(name): {SALES} for name in names}, ["surname"]
    )


@pytest.mark.parametrize("change", [leave, move, disable, delete, destroy])
def test_who_loses_something_indeed_is_confirmed(
    runs: Runs, change: Callable[[Tenant], None]
) -> None:
    change(runs.small_tenant.sandbox.tenant)
    assert confirmed(runs, DAN)
    assert runs.cache.known


def lie(*told: object) -> Callable[[Runs], None]:
    """Graph tells this of the Sales Team, and its count agrees."""

    def told_to(runs: Runs) -> None:
        spoil(runs.small_tenant, told_of_members(*told), times=1)
        count = f"/v1.0/groups/{guid(SALES)}/members/graph.user/$count"
        runs.small_tenant.fail(lambda request: Response("11") if request.path == count else None)

    return told_to


def enabled_again(runs: Runs) -> None:
    disable(runs.small_tenant.sandbox.tenant)
    runs.read()
    spoil(runs.small_tenant, told_of(), "users", times=1)
    runs.small_tenant.sandbox.tenant.users[guid(DAN)]["accountEnabled"] = True


def in_scope_again(runs: Runs) -> None:
    """By an attribute that a scoping filter compares."""
    user = runs.small_tenant.sandbox.tenant.users[guid(DAN)]
    before, user["surname"] = user["surname"], "Left"
    runs.read()
    spoil(runs.small_tenant, told_of(), "users", times=1)
    user["surname"] = before


def joined_elsewhere(runs: Runs) -> None:
    """They moved, and only half of it is told."""
    move(runs.small_tenant.sandbox.tenant)
    only_left = told_of_members({"id": guid(DAN), **GONE})
    spoil(runs.small_tenant, only_left, times=1)
    count = f"/v1.0/groups/{guid(NIGHT)}/members/graph.user/$count"
    runs.small_tenant.fail(lambda request: Response("13") if request.path == count else None)


@pytest.mark.parametrize(
    "what",
    [lie({"id": guid(DAN), **GONE}), enabled_again, in_scope_again, joined_elsewhere],
    ids=["they have not left", "they are enabled again", "they are in scope again", "they moved"],
)
def test_who_would_lose_something_wrongly_is_not_confirmed(
    runs: Runs, what: Callable[[Runs], None]
) -> None:
    what(runs)
    assert not confirmed(runs, DAN)
    assert runs.cache.known is None
    entra, sound = runs.entra, runs.in_full()
    again = entra.read_sets(runs.sets, runs.attributes, lambda _: None)
    assert again.contradiction == "people who would have lost something: 1"
    assert rows(again.members) == rows(sound.members)
    assert rows(again.people) == rows(sound.people)


def test_whoever_was_confirmed_is_not_asked_for_again(runs: Runs) -> None:
    leave(runs.small_tenant.sandbox.tenant)
    directory = runs.read()
    assert runs.entra.confirms(directory, runs.sets, lambda: {guid(DAN): {SALES}}, ())
    former = runs.entra.look_up([guid(DAN)], runs.attributes, lambda _: None)
    everybody = replace(directory, people=pd.concat([directory.people, former]))
    asked = runs.small_tenant.sandbox.graph_ledger.requests
    asked.clear()
    runs.entra.recheck(everybody, runs.sets, {guid(DAN): {SALES}}, lambda _: ())
    assert asked == []


def test_who_cannot_be_asked_for_is_not_confirmed(runs: Runs) -> None:
    leave(runs.small_tenant.sandbox.tenant)
    directory = runs.read()
    runs.small_tenant.fail(
        lambda request: Response("{}", status=503) if "checkMember" in request.path else None
    )
    with pytest.raises(Unreachable):
        runs.entra.confirms(directory, runs.sets, lambda: {guid(DAN): {SALES}}, ())


def test_after_a_full_read_nobody_is_asked_for(runs: Runs) -> None:
    runs.now += timedelta(days=1)
    directory = runs.read()
    asked = runs.small_tenant.sandbox.graph_ledger.requests
    asked.clear()
    assert runs.entra.confirms(directory, runs.sets, lambda: {guid(DAN): {SALES}}, ())
    assert asked == []
