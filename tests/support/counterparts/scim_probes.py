"""What SCIM servers make of what a client may ask: one probe per question, each of its own making.

Run as a program it writes docs/scim-servers.md from what the servers of this machine answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import requests

from support.counterparts.scim_servers import SERVERS, Server, resource

Look = Callable[[Server], str]

_numbers = count(1)


@dataclass(frozen=True)
class Probe:
    """A question, how it is looked at, and what seatsync does whatever the answer is."""

    question: str
    look: Look
    does: str


PROBES: list[Probe] = []


def probe(question: str, does: str) -> Callable[[Look], Look]:
    def noted(look: Look) -> Look:
        PROBES.append(Probe(question, look, does))
        return look

    return noted


def new_user(server: Server, **attributes: object) -> tuple[str, str]:
    """The id and the userName of somebody new."""
    name = f"probe{next(_numbers)}@harbour.example"
    return server.create("User", userName=name, externalId=f"x-{name}", **attributes), name


def new_group(server: Server, *members: str) -> str:
    group = server.create("Group", displayName=f"Probe {next(_numbers)}")
    for member in members:
        server.patch(f"/Groups/{group}", adding(member))
    return group


def adding(*members: str) -> dict[str, object]:
    return {"op": "add", "path": "members", "value": [{"value": member} for member in members]}


def removing(member: str) -> dict[str, object]:
    return {"op": "remove", "path": f'members[value eq "{member}"]'}


def said(answer: requests.Response) -> str:
    if answer.ok:
        return f"{answer.status_code} {'with' if answer.content else 'without'} a body"
    kind = answer.json().get("scimType", "") if answer.content else ""
    return f"refused: {answer.status_code} {kind}".strip()


def found(server: Server, scim_filter: str, *expected: str) -> str:
    answer = server.ask("GET", "/Users?filter=" + requests.utils.quote(scim_filter))
    if not answer.ok:
        return said(answer)
    ids = [user["id"] for user in answer.json().get("Resources", ())]
    if sorted(ids) == sorted(expected):
        return "found" if expected else "nobody"
    return "not found" if not ids else f"{len(ids)} others" if len(ids) < 3 else "everybody"


def left(server: Server, group: str, before: list[str], answer: requests.Response) -> str:
    """What is left of two members after one of them was to be removed."""
    after = server.members(group)
    if after == before[1:]:
        return "removes this one"
    if not answer.ok:
        return said(answer)
    return {0: "removes everybody", len(before): "removes nobody"}.get(len(after), "others")


@probe(
    "Features that /ServiceProviderConfig claims",
    "tries no filter that is not claimed, and tries the others once",
)
def _claims(server: Server) -> str:
    config = server.ask("GET", "/ServiceProviderConfig").json()
    claimed = (
        name
        for name, feature in config.items()
        if isinstance(feature, dict) and feature.get("supported")
    )
    return ", ".join(sorted(claimed))


@probe("Look-up by `externalId`", "compares every hit; lists everybody where the filter fails")
def _by_external_id(server: Server) -> str:
    at, name = new_user(server)
    return found(server, f'externalId eq "x-{name}"', at)


@probe("Look-up by `userName` in another case", "the same")
def _by_name_in_capitals(server: Server) -> str:
    at, name = new_user(server)
    return found(server, f'userName eq "{name.upper()}"', at)


@probe("Look-up of nobody", "takes hits that do not fit for nobody")
def _nobody(server: Server) -> str:
    return found(server, 'externalId eq "nobody"')


@probe("`count=1` of several users", "pages until no new id appears")
def _count(server: Server) -> str:
    new_user(server), new_user(server)
    page = server.ask("GET", "/Users?startIndex=1&count=1").json()
    total = "the real total" if page["totalResults"] > 1 else "the page's size as total"
    return f"{'one' if len(page['Resources']) == 1 else 'everybody'}, {total}"


@probe("A page after the last", "the same")
def _beyond(server: Server) -> str:
    answer = server.ask("GET", "/Users?startIndex=9999&count=5")
    if not answer.ok:
        return said(answer)
    return "empty" if not answer.json().get("Resources") else "a page"


@probe("`excludedAttributes=members`", "reads groups by name first, and only the sets' members")
def _without_members(server: Server) -> str:
    new_group(server, new_user(server)[0])
    groups = server.ask("GET", "/Groups?excludedAttributes=members").json()["Resources"]
    return "ignored" if any(group.get("members") for group in groups) else "left out"


@probe("A user who is not there", "takes 404, and 500 with these words, for absent")
def _absent(server: Server) -> str:
    return said(server.ask("GET", "/Users/nobody"))


@probe("A second account of the same `userName`", "adopts the first if it is certainly the user's")
def _twice(server: Server) -> str:
    _, name = new_user(server)
    return said(server.ask("POST", "/Users", resource("User", userName=name)))


@probe("PATCH `active` to false", "takes any 2xx, and reads the account back")
def _deactivate(server: Server) -> str:
    at, _ = new_user(server, active=True)
    answer = server.patch(f"/Users/{at}", {"op": "replace", "path": "active", "value": False})
    kept = server.ask("GET", f"/Users/{at}").json().get("active")
    return f"{said(answer)}; reads {str(kept).lower()}"


@probe('PATCH `active` to the text "False"', "sends JSON booleans")
def _text_for_a_boolean(server: Server) -> str:
    at, _ = new_user(server, active=True)
    answer = server.patch(f"/Users/{at}", {"op": "replace", "path": "active", "value": "False"})
    kept = server.ask("GET", f"/Users/{at}").json().get("active")
    return f"{said(answer)}; reads {kept!r}" if answer.ok else said(answer)


@probe("PATCH with the op `Replace`", "writes ops in lower case")
def _capital_op(server: Server) -> str:
    at, _ = new_user(server)
    return said(
        server.patch(f"/Users/{at}", {"op": "Replace", "path": "name.givenName", "value": "Ana"})
    )


@probe("PATCH that changes nothing", "takes any 2xx")
def _no_change(server: Server) -> str:
    at, _ = new_user(server, active=True)
    return said(server.patch(f"/Users/{at}", {"op": "replace", "path": "active", "value": True}))


@probe("PATCH of a work address that is not there", "adds the entry where replacing it is refused")
def _first_address(server: Server) -> str:
    at, _ = new_user(server)
    path = 'emails[type eq "work"].value'
    answer = server.patch(f"/Users/{at}", {"op": "replace", "path": path, "value": "a@b.example"})
    kept = server.ask("GET", f"/Users/{at}").json().get("emails")
    return f"{said(answer)}; {'added' if kept else 'not added'}" if answer.ok else said(answer)


@probe(
    "PATCH of `userType`, and its removal", "sends it where `vendor.membership` names the attribute"
)
def _attribute(server: Server) -> str:
    at, _ = new_user(server)
    server.patch(f"/Users/{at}", {"op": "replace", "path": "userType", "value": "Sales Team"})
    kept = server.ask("GET", f"/Users/{at}").json().get("userType")
    answer = server.patch(f"/Users/{at}", {"op": "remove", "path": "userType"})
    gone = not server.ask("GET", f"/Users/{at}").json().get("userType")
    return "kept, and removed" if kept == "Sales Team" and gone else f"{kept}; {said(answer)}"


@probe("An ETag, and PATCH with an old one", "names the version that it read; else compares values")
def _versions(server: Server) -> str:
    at, _ = new_user(server)
    if not server.ask("GET", f"/Users/{at}").headers.get("ETag"):
        return "none"
    change = {"op": "replace", "path": "active", "value": False}
    return said(server.patch(f"/Users/{at}", change, **{"If-Match": 'W/"an-old-one"'}))


@probe("A group without members", "makes the group first, and says why where that is refused")
def _empty_group(server: Server) -> str:
    name = f"Probe {next(_numbers)}"
    return said(server.ask("POST", "/Groups", resource("Group", displayName=name)))


@probe("Two members in one PATCH", "adds many at once, and singly whoever is not in then")
def _two_members(server: Server) -> str:
    people = [new_user(server)[0], new_user(server)[0]]
    group = new_group(server)
    answer = server.patch(f"/Groups/{group}", adding(*people))
    return f"{said(answer)}; {len(set(server.members(group)) & set(people))} of 2 are in"


@probe("A member who is present, once more", "adds nobody who is present")
def _present(server: Server) -> str:
    at, _ = new_user(server)
    group = new_group(server, at)
    answer = server.patch(f"/Groups/{group}", adding(at))
    return f"{said(answer)}; stored {['', 'once', 'twice'][len(server.members(group))]}"


@probe("A member who does not exist", "asks only for accounts that were read or made")
def _unknown_member(server: Server) -> str:
    group = new_group(server)
    answer = server.patch(f"/Groups/{group}", adding("nobody"))
    return f"{said(answer)}; {'stored' if server.members(group) else 'not stored'}"


@probe("A member by `userName`", "adds by id; knows members by id and by userName")
def _member_by_name(server: Server) -> str:
    at, name = new_user(server)
    group = new_group(server)
    answer = server.patch(f"/Groups/{group}", adding(name))
    members = server.members(group)
    stored = "by id" if members == [at] else "by name" if members else "not at all"
    return f"{said(answer)}; stored {stored}"


def _removal(server: Server, operation: Callable[[str], dict[str, object]]) -> str:
    people = [new_user(server)[0], new_user(server)[0]]
    group = new_group(server, *people)
    return left(server, group, people, server.patch(f"/Groups/{group}", operation(people[0])))


@probe('Removal by `members[value eq "…"]`', "removes in this form, and reads back")
def _remove_by_filter(server: Server) -> str:
    return _removal(server, removing)


@probe(
    "Removal by a list of values",
    "sends it where a filter is refused: for one first, and whoever else vanished is put back",
)
def _remove_by_list(server: Server) -> str:
    return _removal(
        server, lambda member: {"op": "remove", "path": "members", "value": [{"value": member}]}
    )


@probe("Removal with `or` in the brackets", "never sends it")
def _remove_by_or(server: Server) -> str:
    return _removal(
        server,
        lambda member: {
            "op": "remove",
            "path": f'members[value eq "{member}" or value eq "nobody"]',
        },
    )


@probe("Two removals in one PATCH", "removes many at once, and singly whoever is in still")
def _two_removals(server: Server) -> str:
    people = [new_user(server)[0] for _ in range(3)]
    group = new_group(server, *people)
    answer = server.patch(f"/Groups/{group}", *map(removing, people[:2]))
    gone = len({*people[:2]} - set(server.members(group)))
    return f"{said(answer)}; {gone} of 2 are out"


@probe("A deleted user's membership", "never deletes; knows nobody by a dangling member")
def _dangling(server: Server) -> str:
    at, _ = new_user(server)
    group = new_group(server, at)
    server.ask("DELETE", f"/Users/{at}")
    return "stays" if server.members(group) else "ends"


HEADER = """\
# What SCIM servers do

seatsync's vendor is one server; nobody promises that it keeps to RFC 7644. These answers are those
of three servers on loopback: the one of `seatsync demo`, scim2-server {scim2} as its own program
starts it, and scimmy {scimmy} with its routers, which leaves storing to whoever uses it
(`tests/support/counterparts/scimmy/server.mjs`). The table is written by `make docs` from what they
answer, and a test fails when one of them answers something else. That a plan is made, approved and
applied against each of them, with what each kind of operation leaves behind, is tested in
`tests/jobs/test_other_servers.py`; worse servers are imitated in
`tests/connectors/scim/test_sloppy_servers.py`.
"""

HABITS = """\

## Habits of vendors

No vendor keeps to the RFCs. What was seen of others can be rehearsed on the sandbox's vendor:
`seatsync sandbox serve --tenant FILE --vendor-habit NAME`, as often as there are habits to combine;
`seatsync sandbox habits` lists them. A small company lives beside each of them in
`tests/jobs/test_vendor_habits.py`: it is connected, people join, leave, move, are renamed, disabled
and come back, and in the end no seat is left. The last column says what comes of that: who is not
served is told, by the situation of this code (`docs/situations.md`), and nothing else happens to
them. `make habits` lets the company live beside all of them, and counts what went wrong.
"""


def answers_of(server: Server) -> list[str]:
    return [each.look(server).replace("|", "/") for each in PROBES]


def table(seen: dict[str, list[str]]) -> str:
    header = ["asked", *seen, "seatsync"]
    rows = [
        [each.question, *(answers[at] for answers in seen.values()), each.does]
        for at, each in enumerate(PROBES)
    ]
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    import json
    from importlib.metadata import version

    from support.counterparts.scim_servers import SCIMMY
    from support.scenarios.habit_matrix import documentation

    seen = {}
    for name, start in SERVERS.items():
        with start() as server:
            seen[name] = answers_of(server)
    packages = json.loads((SCIMMY / "package.json").read_text())["dependencies"]
    versions = {"scim2": version("scim2-server"), "scimmy": packages["scimmy"]}
    print(HEADER.format(**versions))
    print(table(seen))
    print(HABITS)
    print(documentation())


if __name__ == "__main__":
    main()
