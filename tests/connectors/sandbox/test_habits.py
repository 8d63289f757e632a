"""Each habit shows, over HTTP, what it says that it imitates; the tidy vendor does not."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from scim2_models import User

from connectors.sandbox.habits.registry import HABITS, habits_named
from connectors.sandbox.habits.seats import SEATS
from connectors.sandbox.server import Sandbox
from support.counterparts.running_vendor import running_vendor
from support.counterparts.scim_probes import adding, removing
from support.counterparts.scim_servers import Server

Look = Callable[[Server], object]

SET = "Sales Team"
WORK = 'emails[type eq "work"]'
NUMBERS = count(1)

LOOKS: dict[str, tuple[Look, object, object]] = {}
"""Per habit what is looked at, what the tidy vendor shows, and what one with the habit shows."""


def shows(name: str, tidy: object, habit: object) -> Callable[[Look], Look]:
    def noted(look: Look) -> Look:
        LOOKS[name] = (look, tidy, habit)
        return look

    return noted


def running(*names: str, seats: int = 10) -> Sandbox:
    habits = habits_named(names)
    for habit in habits:
        if hasattr(habit, "most"):
            habit.most = 2
        if hasattr(habit, "late"):
            habit.late = 3
    return running_vendor({SET: ["Sales"]}, seats, habits)


def user(server: Server, **attributes: Any) -> str:
    said = {"userName": f"u{next(NUMBERS)}@moor.example", **attributes}
    return server.create("User", **said)


def users(server: Server, number: int) -> list[str]:
    return sorted(user(server) for _ in range(number))


def group(server: Server, *members: str) -> str:
    at = server.create("Group", displayName=f"Group {next(NUMBERS)}")
    if members:
        server.patch(f"/Groups/{at}", adding(*members))
    return at


def read(server: Server, path: str) -> Any:
    return server.ask("GET", path).json()


def listed(server: Server, query: str) -> list[str]:
    return [one["id"] for one in read(server, query)["Resources"]]


def replacing(path: str, value: object) -> dict[str, object]:
    return {"op": "replace", "path": path, "value": value}


def members(server: Server, at: str) -> list[str]:
    return server.members(at)


# Lists


@shows("cursor-pages", (True, False), (False, True))
@shows("cursor-pages-with-totals", (True, False), (True, True))
def _total_and_cursor(server: Server) -> object:
    everybody = users(server, 3)
    page = read(server, "/Users?count=2")
    if cursor := page.get("nextCursor"):
        rest = listed(server, f"/Users?count=2&cursor={cursor}")
        assert sorted([one["id"] for one in page["Resources"]] + rest) == everybody
    return "totalResults" in page, cursor is not None


@shows("first-page-only", (3, 1), (2, 2))
@shows("total-of-the-page", (3, 1), (2, 1))
@shows("total-counts-the-hidden", (3, 1), (4, 1))
def _total_and_second_page(server: Server) -> object:
    users(server, 3)
    first, second = (read(server, f"/Users?startIndex={at}&count=2") for at in (1, 3))
    return first["totalResults"], len(second["Resources"])


@shows("pages-from-zero", 2, 1)
def _from_one(server: Server) -> object:
    users(server, 2)
    return len(listed(server, "/Users?startIndex=1&count=9"))


@shows("pages-without-order", True, False)
def _order(server: Server) -> object:
    users(server, 9)
    return len({tuple(listed(server, "/Users?startIndex=1&count=2")) for _ in range(9)}) == 1


@shows("count-refused", 200, 400)
def _count(server: Server) -> object:
    return server.ask("GET", "/Users?startIndex=1&count=3").status_code


@shows("inactive-not-listed", (1, 200), (0, 200))
def _inactive(server: Server) -> object:
    at = user(server, active=False)
    return len(listed(server, "/Users")), server.ask("GET", f"/Users/{at}").status_code


@shows("groups-listed-late", [1, 1, 1, 1], [0, 0, 0, 1])
def _late(server: Server) -> object:
    assert read(server, f"/Groups/{group(server)}")
    return [len(listed(server, "/Groups")) for _ in range(4)]


# Members


@shows("members-never-shown", [3, 2], [0, 0])
@shows("members-shown-in-part", [3, 2], [2, 2])
def _shown_members(server: Server) -> object:
    people = users(server, 3)
    at = group(server, *people)
    shown = [len(members(server, at))]
    server.patch(f"/Groups/{at}", removing(people[0]))
    return [*shown, len(members(server, at))]


@shows("member-ids-in-capitals", (str.lower, True), (str.upper, True))
def _capitals(server: Server) -> object:
    person = user(server)
    at = group(server, person)
    (shown,) = members(server, at)
    server.patch(f"/Groups/{at}", removing(shown))
    case = str.lower if shown == person else str.upper
    assert shown == case(person)
    return case, members(server, at) == []


@shows("members-by-user-name", ("id", True), ("userName", True))
def _by_name(server: Server) -> object:
    person = read(server, f"/Users/{user(server)}")
    at = group(server, person["id"])
    (shown,) = members(server, at)
    server.patch(f"/Groups/{at}", removing(shown))
    return next(k for k, v in person.items() if v == shown), members(server, at) == []


@shows("members-by-reference", True, False)
def _by_reference(server: Server) -> object:
    person = user(server)
    (shown,) = read(server, f"/Groups/{group(server, person)}")["members"]
    assert person in {shown.get("value"), shown.get("$ref", "").rpartition("/")[2]}
    return "value" in shown


@shows("empty-groups-vanish", 200, 404)
def _emptied(server: Server) -> object:
    person = user(server)
    at = group(server, person)
    server.patch(f"/Groups/{at}", removing(person))
    return server.ask("GET", f"/Groups/{at}").status_code


@shows("last-member-stays", [204, 204], [204, 400])
def _removals_to_the_last(server: Server) -> object:
    people = users(server, 2)
    at = group(server, *people)
    return [server.patch(f"/Groups/{at}", removing(one)).status_code for one in people]


@shows("groups-need-a-member", [201, 201, 204], [400, 201, 400])
def _groups_without_and_with_a_member(server: Server) -> object:
    at = user(server)
    empty = server.ask("POST", "/Groups", {"displayName": "Empty"})
    held = server.ask("POST", "/Groups", {"displayName": SET, "members": [{"value": at}]})
    left = server.patch(f"/Groups/{held.json()['id']}", removing(at))
    return [empty.status_code, held.status_code, left.status_code]


@shows("members-never-removed", (204, 0), (200, 1))
def _removal_by_any_form(server: Server) -> object:
    at = user(server)
    set_group = group(server, at)
    answer = server.patch(f"/Groups/{set_group}", removing(at))
    server.ask("PUT", f"/Groups/{set_group}", {"displayName": SET, "members": []})
    return answer.status_code, len(members(server, set_group))


@shows("members-removed-by-list", (204, 1), (400, 0))
def _removal_by_filter_then_list(server: Server) -> object:
    people = users(server, 2)
    at = group(server, *people)
    by_filter = server.patch(f"/Groups/{at}", removing(people[0]))
    by_list = {"op": "remove", "path": "members", "value": [{"value": one} for one in people]}
    server.patch(f"/Groups/{at}", by_list)
    return by_filter.status_code, len(members(server, at))


@shows("members-cannot-be-removed", [204, 200], [400, 400])
def _any_removal(server: Server) -> object:
    person = user(server)
    at = group(server, person)
    patched = server.patch(f"/Groups/{at}", removing(person))
    put = server.ask("PUT", f"/Groups/{at}", read(server, f"/Groups/{at}"))
    return [patched.status_code, put.status_code]


@shows("removal-ignored", (204, 0), (200, 1))
def _removal(server: Server) -> object:
    person = user(server)
    at = group(server, person)
    answer = server.patch(f"/Groups/{at}", removing(person))
    return answer.status_code, len(members(server, at))


@shows("removals-by-index", "the two that were meant", "another one, too")
def _two_removals(server: Server) -> object:
    people = users(server, 4)
    at = group(server, *people)
    first, second, *_ = members(server, at)
    server.patch(f"/Groups/{at}", removing(first), removing(second))
    left = set(members(server, at))
    meant = left == set(people) - {first, second}
    assert len(left) == 2
    return "the two that were meant" if meant else "another one, too"


# Identity


@shows("external-id-not-kept", ["x", "y"], [None, None])
@shows("external-id-at-creation-only", ["x", "y"], ["x", "x"])
@shows("external-id-in-capitals", ["x", "y"], ["X", "Y"])
def _external_id(server: Server) -> object:
    at = user(server, externalId="x")
    created = read(server, f"/Users/{at}").get("externalId")
    server.patch(f"/Users/{at}", replacing("externalId", "y"))
    return [created, read(server, f"/Users/{at}").get("externalId")]


@shows("user-names-immutable", 204, 400)
def _new_user_name(server: Server) -> object:
    path = f"/Users/{user(server)}"
    same = replacing("userName", read(server, path)["userName"])
    assert server.patch(path, same).ok
    return server.patch(path, replacing("userName", "new@moor.example")).status_code


@shows("user-names-not-unique", (409, 1), (201, 2))
def _same_name_twice(server: Server) -> object:
    person = read(server, f"/Users/{user(server)}")
    again = {"schemas": person["schemas"], "userName": person["userName"]}
    answer = server.ask("POST", "/Users", again)
    found = listed(server, f'/Users?filter=userName eq "{person["userName"]}"')
    return answer.status_code, len(found)


@shows("created-without-an-id", True, False)
def _created(server: Server) -> object:
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "anna"}
    return bool(server.ask("POST", "/Users", body).content)


@shows("group-names-as-slugs", "Night Desk", "night-desk")
def _group_name(server: Server) -> object:
    at = server.create("Group", displayName="Night Desk")
    return read(server, f"/Groups/{at}")["displayName"]


# Attributes


@shows("names-normalised", ["Mu\u0308ller ", " A"], ["M\u00fcller", "A"])
def _name(server: Server) -> object:
    at = user(server, name={"familyName": "Mu\u0308ller "})
    path = f"/Users/{at}"
    server.patch(path, replacing("name.givenName", " A"))
    name = read(server, path)["name"]
    return [name["familyName"], name["givenName"]]


@shows("user-names-in-small-letters", "Anna", "anna")
def _case_of_a_name(server: Server) -> object:
    return read(server, f"/Users/{user(server, userName='Anna')}")["userName"]


@shows("mail-without-type", {"type", "value"}, {"value", "primary"})
def _mail(server: Server) -> object:
    at = user(server, emails=[{"type": "work", "value": "a@moor.example"}])
    return set(read(server, f"/Users/{at}")["emails"][0])


@shows("mail-path-refused", [204, 204], [400, 204])
def _mail_by_path_and_as_list(server: Server) -> object:
    path = f"/Users/{user(server, emails=[{'type': 'work', 'value': 'a@moor.example'}])}"
    whole = [{"type": "work", "value": "c@moor.example"}]
    by_path = server.patch(path, replacing(f"{WORK}.value", "b@moor.example"))
    as_list = server.patch(path, replacing("emails", whole))
    return [by_path.status_code, as_list.status_code]


@shows("mail-appended", ["new@moor.example"], ["old@moor.example", "new@moor.example"])
def _mail_replaced(server: Server) -> object:
    path = f"/Users/{user(server, emails=[{'type': 'work', 'value': 'old@moor.example'}])}"
    server.patch(path, replacing(f"{WORK}.value", "new@moor.example"))
    return [one["value"] for one in read(server, path)["emails"]]


@shows("inner-mail-refused", [204, 204], [422, 204])
def _inner_mail(server: Server) -> object:
    path = f"/Users/{user(server, emails=[{'type': 'work', 'value': 'a@moor.example'}])}"
    return [
        server.patch(path, replacing(f"{WORK}.value", value)).status_code
        for value in ("a@corp.local", "a@moor.example")
    ]


@shows("formatted-name-required", [201, 201], [400, 201])
def _formatted(server: Server) -> object:
    def post(**name: str) -> int:
        body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "name": name}
        return server.ask(
            "POST", "/Users", {**body, "userName": f"f{next(NUMBERS)}@moor.example"}
        ).status_code

    return [post(familyName="A"), post(formatted="B A")]


# PATCH


@shows("no-patch", (204, 200, True), (501, 200, False))
@shows("patch-not-allowed", (204, 200, True), (405, 200, False))
@shows("patch-has-no-route", (204, 200, True), (404, 200, False))
def _patch_and_put(server: Server) -> object:
    path = f"/Users/{user(server)}"
    patched = server.patch(path, replacing("title", "Head"))
    put = server.ask("PUT", path, read(server, path))
    claimed = read(server, "/ServiceProviderConfig")["patch"]["supported"]
    return patched.status_code, put.status_code, claimed


@shows("patch-without-paths", [204, 204], [400, 204])
def _with_and_without_a_path(server: Server) -> object:
    path = f"/Users/{user(server)}"
    bare = {"op": "replace", "value": {"title": "Head"}}
    return [server.patch(path, one).status_code for one in (replacing("title", "Head"), bare)]


# Active


@shows("active-not-shown", [True, False], [None, None])
@shows("active-as-number", [True, False], [1, 0])
@shows("active-as-text", [True, False], ["True", "False"])
def _active(server: Server) -> object:
    path = f"/Users/{user(server, active=True)}"
    before = read(server, path).get("active")
    server.patch(path, replacing("active", False))
    return [before, read(server, path).get("active")]


@shows("deactivation-deletes", (200, 1), (404, 0))
def _deactivated(server: Server) -> object:
    person = user(server)
    at = group(server, person)
    server.patch(f"/Users/{person}", replacing("active", False))
    return server.ask("GET", f"/Users/{person}").status_code, len(members(server, at))


@shows("active-by-groups", [True, True, True], [False, True, True])
def _active_by_groups(server: Server) -> object:
    person = user(server, active=True)
    one, other = group(server, person), group(server)
    seen = []
    for at, change in ((one, removing(person)), (one, adding(person)), (other, adding(person))):
        server.patch(f"/Groups/{at}", change)
        seen.append(read(server, f"/Users/{person}")["active"])
    return seen


# Sets in an attribute


@shows("no-groups", 200, 404)
def _groups(server: Server) -> object:
    return server.ask("GET", "/Groups").status_code


@shows("user-type-in-small-letters", ["A", "B", None], ["a", "b", None])
@shows("user-type-as-list", ["A", "B", None], [["A"], ["B"], None])
@shows("user-type-not-removed", ["A", "B", None], ["A", "B", "B"])
def _user_type(server: Server) -> object:
    path = f"/Users/{user(server, userType='A')}"
    seen = [read(server, path).get("userType")]
    for change in (replacing("userType", "B"), {"op": "remove", "path": "userType"}):
        assert server.patch(path, change).ok
        seen.append(read(server, path).get("userType"))
    return seen


@pytest.mark.parametrize("name", LOOKS)
def test_a_habit_shows_what_it_imitates(name: str) -> None:
    look, as_it_should_be, imitated = LOOKS[name]
    for names, shown in (((), as_it_should_be), ((name,), imitated)):
        with running(*names) as sandbox:
            assert look(Server(sandbox.scim_url, sandbox.token)) == shown


def test_an_account_of_the_portal_is_hidden_until_it_is_created_again() -> None:
    said = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "anna"}
    with running("creating-takes-over") as sandbox:
        server = Server(sandbox.scim_url, sandbox.token)
        kind = sandbox.vendor.service.get_resource_type("User")
        there = sandbox.vendor.storage.create(kind, User(user_name="anna")).id
        assert listed(server, "/Users") == []
        answer = server.ask("POST", "/Users", said)
        assert (answer.status_code, answer.json()["id"]) == (200, there)
        assert listed(server, "/Users") == [there]
        assert server.ask("POST", "/Users", said).status_code == 409


REFUSALS = [make() for make in SEATS]


@pytest.mark.parametrize("habit", REFUSALS, ids=[habit.name for habit in REFUSALS])
def test_the_last_seat_is_refused_in_these_words(habit: Any) -> None:
    with running(habit.name, seats=2) as sandbox:
        server = Server(sandbox.scim_url, sandbox.token)
        at_the_account = habit.collection == "Users"
        people = users(server, 2)
        set_group = server.create("Group", displayName=SET)
        if at_the_account:
            body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "late"}
            refused = server.ask("POST", "/Users", body)
            assert server.patch(f"/Groups/{set_group}", adding(*people)).ok
        else:
            assert server.patch(f"/Groups/{set_group}", adding(*people)).ok
            refused = server.patch(f"/Groups/{set_group}", adding(user(server)))
        said = refused.json()
        assert f'{said["status"]} "{said["detail"]}"' in habit.imitates


def test_every_habit_is_looked_at() -> None:
    others = {"creating-takes-over", *(habit.name for habit in REFUSALS)}
    assert LOOKS.keys() | others == HABITS.keys()


def test_every_habit_tells_what_it_is() -> None:
    for make in HABITS.values():
        habit = make()
        told = (habit.name, habit.imitates, habit.source, habit.does)
        assert all(told), told
        assert "|" not in "".join(told)  # the documentation is a table of these


def test_habits_can_be_combined() -> None:
    """Lists of one are made of what another shows."""
    with running("cursor-pages", "inactive-not-listed", "member-ids-in-capitals") as sandbox:
        server = Server(sandbox.scim_url, sandbox.token)
        people = [*users(server, 3), user(server, active=False)]
        group(server, *people)
        first = read(server, "/Users")
        second = read(server, f"/Users?cursor={first['nextCursor']}")
        listed_ = [one["id"] for page in (first, second) for one in page["Resources"]]
        assert sorted(listed_) == sorted(people[:3])
        (shown,) = read(server, "/Groups")["Resources"]
        assert sorted(one["value"] for one in shown["members"]) == sorted(map(str.upper, people))
