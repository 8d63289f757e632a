"""Whoever is read in two groups, or in none, is asked for again; Graph's answer is believed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from werkzeug.wrappers import Request, Response

from config.subscription_set import SubscriptionSet
from connectors.entra.client import Entra
from connectors.entra.reading import recheck
from connectors.errors import Unauthorized
from reconciler.model.snapshot import Directory
from support.counterparts.small_tenant import PEOPLE, SmallTenant, guid, user

SALES, NIGHT = "Sales Team", "Night Desk"
DAN, EVE = "user0", "user1"


@pytest.fixture
def small_tenant(tmp_path: Path) -> Iterator[SmallTenant]:
    small_tenant = SmallTenant(tmp_path, {SALES: PEOPLE[:12], NIGHT: PEOPLE[12:]})
    with small_tenant.sandbox:
        yield small_tenant


def members(small_tenant: SmallTenant, name: str) -> list[str]:
    found: list[str] = small_tenant.sandbox.tenant.groups[guid(name)]["members"]
    return found


class Reading:
    """The groups as they are now; `after` is what is believed once doubts are settled."""

    def __init__(
        self, small_tenant: SmallTenant, *leavers: str, nested: bool = False, held: str = ""
    ) -> None:
        settings = small_tenant.settings
        self.sets: list[SubscriptionSet] = [
            item.model_copy(update={"nested": "expand" if nested else "skip"})
            for item in settings.subscription_sets
        ]
        self.losing = {guid(name): {held} - {""} for name in leavers}
        self.entra = Entra(settings.directory)
        sources = settings.attribute_mapping.sources
        self.before = self.entra.read_sets(self.sets, sources, lambda _: None)
        inside = set(self.before.people["id"])
        former = self.entra.look_up(self.losing.keys() - inside, sources, lambda _: None)
        everybody = pd.concat([self.before.people, former], ignore_index=True)
        self.before = replace(self.before, people=everybody)
        self.asked = small_tenant.sandbox.graph_ledger.requests
        self.asked.clear()

    def after(self) -> Directory:
        return self.entra.recheck(self.before, self.sets, self.losing, lambda _: ())


def sets_of(directory: Directory, name: str) -> set[str]:
    rows = directory.members
    return set(rows["set"][rows["id"] == guid(name)])


def presence(directory: Directory, name: str) -> str:
    return str(directory.people.set_index("id").loc[guid(name), "presence"])


def nest(small_tenant: SmallTenant, name: str, *people: str) -> None:
    """A group of these people in the group of that name."""
    inner = {"id": guid("Inner"), "displayName": "Inner", "members": [guid(at) for at in people]}
    small_tenant.sandbox.tenant.groups[guid("Inner")] = inner
    small_tenant.sandbox.tenant.groups[guid(name)]["memberGroups"] = [guid("Inner")]


def test_without_doubt_nobody_is_asked_for(small_tenant: SmallTenant) -> None:
    reading = Reading(small_tenant)
    assert len(reading.after().members) == 25
    assert reading.asked == []


def test_who_is_in_two_groups_indeed_stays_in_both(small_tenant: SmallTenant) -> None:
    members(small_tenant, NIGHT).append(guid(DAN))
    assert sets_of(Reading(small_tenant).after(), DAN) == {SALES, NIGHT}


def test_a_group_bound_twice_puts_nobody_in_doubt(small_tenant: SmallTenant) -> None:
    reading = Reading(small_tenant)
    sales, night = reading.before.reads
    rows = reading.before.members
    twin = rows[rows["set"] == SALES].assign(set=NIGHT)
    reading.before = replace(
        reading.before,
        reads=(sales, replace(night, exact=sales.exact)),
        members=pd.concat([rows[rows["set"] == SALES], twin], ignore_index=True),
    )
    reading.after()
    assert reading.asked == []


def test_a_crowd_in_two_groups_did_not_move(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recheck, "MOST_MOVERS", 1)
    members(small_tenant, NIGHT).extend([guid(DAN), guid(EVE)])
    reading = Reading(small_tenant)
    assert sets_of(reading.after(), EVE) == {SALES, NIGHT}
    assert reading.asked == []


def test_who_was_read_in_both_is_where_she_is_now(small_tenant: SmallTenant) -> None:
    members(small_tenant, NIGHT).append(guid(DAN))
    reading = Reading(small_tenant)
    members(small_tenant, SALES).remove(guid(DAN))
    assert sets_of(reading.after(), DAN) == {NIGHT}


def test_who_was_read_in_neither_is_where_she_is_now(small_tenant: SmallTenant) -> None:
    members(small_tenant, SALES).remove(guid(DAN))
    reading = Reading(small_tenant, DAN)
    members(small_tenant, NIGHT).append(guid(DAN))
    assert sets_of(reading.after(), DAN) == {NIGHT}


def test_who_came_meanwhile_is_what_the_group_says_they_are(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.tenant.users[guid("robot")] = user("robot")
    reading = Reading(small_tenant, "robot")
    small_tenant.sandbox.tenant.users[guid("robot")]["@odata.type"] = "#microsoft.graph.agentUser"
    members(small_tenant, NIGHT).append(guid("robot"))
    came = reading.after().members.set_index("id").loc[guid("robot")]
    assert (came["set"], came["kind"]) == (NIGHT, "agentUser")


def test_an_answer_against_both_readings_proves_nothing(small_tenant: SmallTenant) -> None:
    members(small_tenant, NIGHT).append(guid(DAN))
    reading = Reading(small_tenant)
    small_tenant.fail(lambda at: Response('{"value": []}') if "checkMember" in at.path else None)
    assert sets_of(reading.after(), DAN) == {SALES, NIGHT}


def test_a_group_in_a_group_is_no_way_back_in(small_tenant: SmallTenant) -> None:
    members(small_tenant, SALES).remove(guid(DAN))
    nest(small_tenant, NIGHT, DAN)
    after = Reading(small_tenant, DAN).after()
    assert sets_of(after, DAN) == set()
    assert presence(after, DAN) == "present"


def test_a_group_in_an_expanded_group_is_one(small_tenant: SmallTenant) -> None:
    reading = Reading(small_tenant, "outsider", nested=True)
    small_tenant.sandbox.tenant.users[guid("outsider")] = user("outsider")
    nest(small_tenant, NIGHT, "outsider")
    reading.before = replace(
        reading.before, people=reading.before.people.assign(presence="present")
    )
    assert sets_of(reading.after(), "outsider") == {NIGHT}


def test_who_is_not_found_any_more_is_unseen(small_tenant: SmallTenant) -> None:
    members(small_tenant, SALES).remove(guid(DAN))
    reading = Reading(small_tenant, DAN)
    del small_tenant.sandbox.tenant.users[guid(DAN)]
    assert presence(reading.after(), DAN) == "uncertain"


def test_who_is_told_into_a_group_that_cannot_be_read_again_is_unseen(
    small_tenant: SmallTenant,
) -> None:
    members(small_tenant, SALES).remove(guid(DAN))
    reading = Reading(small_tenant, DAN)
    members(small_tenant, NIGHT).append(guid(DAN))
    small_tenant.fail(lambda at: Response("{}", 500) if at.path.endswith("/members") else None)
    assert presence(reading.after(), DAN) == "uncertain"


def test_who_is_told_out_of_a_group_that_cannot_be_read_again_is_unseen(
    small_tenant: SmallTenant,
) -> None:
    members(small_tenant, NIGHT).append(guid(DAN))
    reading = Reading(small_tenant)
    members(small_tenant, SALES).remove(guid(DAN))
    small_tenant.fail(lambda at: Response("{}", 500) if at.path.endswith("/members") else None)
    after = reading.after()
    assert presence(after, DAN) == "uncertain"
    assert sets_of(after, DAN) == {SALES, NIGHT}


def test_who_is_in_a_group_that_lists_them_not_is_unseen(small_tenant: SmallTenant) -> None:
    """U16: the list and its count are stale together, checkMemberGroups is not."""
    small_tenant.sandbox.graph.unlisted = {(guid(SALES), guid(DAN))}
    reading = Reading(small_tenant, DAN)
    assert all(read.complete for read in reading.before.reads)
    assert presence(reading.after(), DAN) == "uncertain"


def test_who_seems_to_have_moved_but_is_still_in_the_other_group_is_unseen(
    small_tenant: SmallTenant,
) -> None:
    members(small_tenant, NIGHT).append(guid(DAN))
    small_tenant.sandbox.graph.unlisted = {(guid(SALES), guid(DAN))}
    after = Reading(small_tenant, DAN, held=SALES).after()
    assert presence(after, DAN) == "uncertain"
    assert sets_of(after, DAN) == {NIGHT}


def test_who_moved_before_the_groups_were_read_has_moved(small_tenant: SmallTenant) -> None:
    members(small_tenant, SALES).remove(guid(DAN))
    members(small_tenant, NIGHT).append(guid(DAN))
    after = Reading(small_tenant, DAN, held=SALES).after()
    assert (sets_of(after, DAN), presence(after, DAN)) == ({NIGHT}, "present")


def test_who_is_listed_in_a_group_that_denies_it_is_unseen(small_tenant: SmallTenant) -> None:
    members(small_tenant, NIGHT).append(guid(DAN))
    small_tenant.sandbox.graph.unchecked = {(guid(SALES), guid(DAN))}
    after = Reading(small_tenant).after()
    assert presence(after, DAN) == "uncertain"
    assert sets_of(after, DAN) == {SALES, NIGHT}


def test_a_nested_group_of_others_explains_nothing(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.unlisted = {(guid(SALES), guid(DAN))}
    nest(small_tenant, SALES, EVE)
    assert presence(Reading(small_tenant, DAN).after(), DAN) == "uncertain"


def test_a_nested_group_of_another_set_explains_nothing(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.unlisted = {(guid(SALES), guid(DAN))}
    nest(small_tenant, NIGHT, DAN)
    assert presence(Reading(small_tenant, DAN).after(), DAN) == "uncertain"


def test_who_is_missing_in_an_expanded_group_is_unseen(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.unlisted = {(guid(NIGHT), guid("outsider"))}
    small_tenant.sandbox.tenant.users[guid("outsider")] = user("outsider")
    nest(small_tenant, NIGHT, "outsider")
    reading = Reading(small_tenant, "outsider", nested=True)
    assert presence(reading.after(), "outsider") == "uncertain"


@pytest.mark.parametrize(
    "answer", ['{"value": ["elsewhere"]}', '{"value": [{"id": "a"}]}', '{"value": null}', "{}"]
)
def test_an_answer_about_other_groups_is_none(small_tenant: SmallTenant, answer: str) -> None:
    members(small_tenant, NIGHT).append(guid(DAN))
    reading = Reading(small_tenant)
    small_tenant.fail(lambda at: Response(answer) if "checkMember" in at.path else None)
    assert presence(reading.after(), DAN) == "uncertain"


def test_who_cannot_be_asked_for_is_unseen_and_the_others_are_not(
    small_tenant: SmallTenant,
) -> None:
    members(small_tenant, NIGHT).append(guid(DAN))
    reading = Reading(small_tenant)
    small_tenant.fail(lambda at: Response("{}", 403) if "checkMember" in at.path else None)
    after = reading.after()
    assert (presence(after, DAN), presence(after, EVE)) == ("uncertain", "present")


def test_a_token_that_is_refused_ends_it(small_tenant: SmallTenant) -> None:
    members(small_tenant, NIGHT).append(guid(DAN))
    reading = Reading(small_tenant)
    small_tenant.fail(lambda at: Response("{}", 401) if "checkMember" in at.path else None)
    with pytest.raises(Unauthorized):
        reading.after()


class Asked:
    """What is asked from now on: the groups in each checkMemberGroups, and all the requests."""

    def __init__(self, small_tenant: SmallTenant) -> None:
        self.groups: list[int] = []
        self.requests = small_tenant.sandbox.graph_ledger.requests
        self.requests.clear()
        small_tenant.fail(self._note)

    def _note(self, request: Request) -> None:
        if request.path.endswith("checkMemberGroups"):
            self.groups.append(len(json.loads(request.get_data())["groupIds"]))

    @property
    def batches(self) -> int:
        return [path for _, path in self.requests].count("/v1.0/$batch")


def test_who_is_in_many_groups_is_asked_about_twenty_at_once(tmp_path: Path) -> None:
    names = [f"Team {at}" for at in range(41)]
    small_tenant = SmallTenant(tmp_path, {name: [DAN] for name in names})
    with small_tenant.sandbox:
        reading = Reading(small_tenant)
        asked = Asked(small_tenant)
        assert sets_of(reading.after(), DAN) == set(names)
    assert (sorted(asked.groups), len(asked.requests)) == ([1, 20, 20], 1)


def test_of_199_sets_each_person_is_asked_about_those_that_matter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was one request for each person and twenty sets."""
    names = [f"Team {at}" for at in range(199)]
    people = [f"user{at}" for at in range(217)]
    twice, leaver, mover = people[:215], people[215], people[216]
    small_tenant = SmallTenant(tmp_path, dict.fromkeys(names, ()))
    with small_tenant.sandbox:
        small_tenant.sandbox.tenant.users = {guid(name): user(name) for name in people}
        members(small_tenant, names[0]).extend(guid(name) for name in twice)
        for at, name in enumerate(twice):
            members(small_tenant, names[1 + at % 198]).append(guid(name))
        members(small_tenant, names[7]).append(guid(mover))
        reading = Reading(small_tenant, leaver)
        reading.losing[guid(mover)] = {names[3]}
        asked = Asked(small_tenant)
        after = reading.after()
    assert asked.groups.count(2) == len(twice) + 1
    assert sum(asked.groups) == 2 * (len(twice) + 1) + len(names)
    assert len(asked.requests) == asked.batches == 12
    assert after.requests - reading.before.requests - 1 == asked.batches
    with capsys.disabled():
        before = len(people) * -(-len(names) // 20)
        print(
            f"\n{len(names)} sets, {len(people)} doubts: {asked.batches} requests, {before} before"
        )


@pytest.mark.parametrize("told", [["id"], ["id", "userPrincipalName", "mail", "surname"]])
def test_who_is_listed_with_an_id_alone_or_not_known_to_be_enabled_is_looked_up(
    small_tenant: SmallTenant, told: list[str]
) -> None:
    def ids_alone(request: Request) -> Response | None:
        if not request.path.endswith("/members"):
            return None
        page = json.loads(sound(request).get_data())
        page["value"] = [
            {name: item[name] for name in told} if item["id"] == guid(EVE) else item
            for item in page["value"]
        ]
        return Response(json.dumps(page))

    sound = small_tenant.sandbox.graph.answer
    small_tenant.fail(ids_alone)
    people = Reading(small_tenant).before.people.set_index("id")
    assert people.loc[guid(EVE), "mail"] == "user1@harbour.example"
    assert people.loc[guid(EVE), "accountEnabled"]


def test_who_is_listed_but_not_found_is_unseen(small_tenant: SmallTenant) -> None:
    ghost = {"id": guid("ghost"), "@odata.type": "#microsoft.graph.user"}

    def haunted(request: Request) -> Response | None:
        if request.path != f"/v1.0/groups/{guid(NIGHT)}/members":
            return None
        page = json.loads(sound(request).get_data())
        return Response(json.dumps({"value": [*page["value"], ghost]}))

    sound = small_tenant.sandbox.graph.answer
    small_tenant.fail(haunted)
    people = Reading(small_tenant).before.people.set_index("id")
    assert people.loc[guid("ghost"), "presence"] == "uncertain"
    assert people["presence"].value_counts().to_dict() == {"present": 25, "uncertain": 1}
