"""Whatever leaves a set that is not configured any more: planned once, applied once, and done."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.scim.client import Scim
from support.counterparts.small_tenant import group, guid, user
from support.scenarios.company import Company

PEOPLE = tuple(f"user{at:02}" for at in range(12))
EAST, WEST = PEOPLE[:3], PEOPLE[3:]
MODES = {"groups": "groups", "attribute": {"attribute": "userType"}}


class Two(Company):
    """Three people in East and nine in West, all of whom have their seats."""

    def __init__(self, folder: Path, membership: str) -> None:
        self.folder, self.config = folder, folder / "seatsync.yaml"
        self.membership = MODES[membership]
        self.sandbox = Sandbox(
            Tenant({"users": [], "groups": []}),
            [{"name": name, "products": ["Sales"]} for name in ("East", "West", "North")],
            {"Sales": 20},
        )

    def live(self, **groups: tuple[str, ...]) -> None:
        """These are the groups of the tenant now."""
        members = [group(name, *people) for name, people in groups.items()]
        people = [user(name) for name in PEOPLE]
        self.sandbox.tenant.replace({"users": people, "groups": members})

    def keep(self, *names: str, **pins: str) -> None:
        """These sets are configured."""
        self.configure(
            subscription_sets=[
                {"name": name, "products": ["Sales"], **_pinned(pins.get(name))} for name in names
            ],
            vendor=self.vendor_section() | {"membership": self.membership},
            policy={"max_revokes": 20, "max_set_revoke_percent": 100},
        )

    def vendor_section(self) -> dict[str, Any]:
        return {
            "name": "ZoomInfo",
            "base_url": self.sandbox.scim_url,
            "token": "file:scim-token",
            "token_issued": self.sandbox.portal.clock().date(),
            "token_lifetime": "180d",
            "managed_through_idp": True,
            "max_requests_per_second": 1000,
        }

    def carry_out(self) -> list[dict[str, Any]]:
        """Plans, approves and applies; the outcomes."""
        self.run("plan")
        blocking = [v for v in self.json("show")["verdicts"] if v["outcome"] == "blocked"]
        named = [part for verdict in blocking for part in ("--override", verdict["code"])]
        assert self.let_pass("--reason", "meant", *named).exit_code == 0
        outcomes: list[dict[str, Any]] = self.json("apply latest")["outcomes"]
        return outcomes

    def holders(self, name: str) -> set[str]:
        """The user names of those who hold a set at the vendor."""
        resources = self.sandbox.vendor.storage.resources
        if self.membership != "groups":
            return {r.user_name for r in resources if getattr(r, "user_type", None) == name}
        people = {r.id: r.user_name for r in resources if getattr(r, "user_name", None)}
        members = [r.members or () for r in resources if getattr(r, "display_name", None) == name]
        return {people[member.value] for some in members for member in some}


def _pinned(group_id: str | None) -> dict[str, str]:
    return {"group_id": group_id} if group_id else {}


def logins(*names: str) -> set[str]:
    return {f"{name}@harbour.example" for name in names}


@pytest.fixture(scope="module", params=list(MODES))
def _two(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Two]:
    two = Two(tmp_path_factory.mktemp("two"), request.param)
    with two.sandbox:
        two.live(East=EAST, West=WEST)
        two.keep("East", "West")
        two.carry_out()
        assert two.run("plan").exit_code == 0
        two.remember()
        yield two


@pytest.fixture
def two(_two: Two) -> Two:
    _two.return_to_it()
    return _two


def done_and_nothing_left(two: Two) -> None:
    outcomes = two.carry_out()
    assert outcomes
    assert {outcome["result"] for outcome in outcomes} == {"done"}
    two.run("plan")
    assert two.json("show")["operations"] == []


def test_g13_the_people_of_a_removed_set_lose_their_seats(two: Two) -> None:
    two.keep("West")
    done_and_nothing_left(two)
    assert two.holders("East") == set()
    assert two.holders("West") == logins(*WEST)


def test_g14_the_people_of_a_renamed_set_move_where_the_vendor_has_both(two: Two) -> None:
    two.keep("North", "West")
    two.sandbox.tenant.groups[guid("East")]["displayName"] = "North"
    settings = load(two.config)
    with Scim(settings.vendor, settings.attribute_mapping.targets) as vendor:
        vendor.create_set_group("North")
    done_and_nothing_left(two)
    assert two.holders("East") == set()
    assert two.holders("North") == logins(*EAST)


def test_the_people_of_a_set_that_was_merged_into_another_move_there(two: Two) -> None:
    two.live(West=PEOPLE)
    two.keep("West")
    done_and_nothing_left(two)
    assert two.holders("West") == logins(*PEOPLE)


def test_the_people_of_a_set_that_was_split_move_to_both(two: Two) -> None:
    two.live(East=EAST, West=WEST[:4], North=WEST[4:])
    two.keep("East", "West", "North")
    done_and_nothing_left(two)
    assert two.holders("North") == logins(*WEST[4:])


def test_p4_whoever_joined_another_set_since_keeps_the_seat_of_the_removed_one(two: Two) -> None:
    two.keep("West")
    two.run("plan")
    two.let_pass("--reason", "meant", "--override", "R9")
    two.live(West=(*WEST, EAST[0]))
    applied = two.json("apply latest")
    (found,) = applied["findings"]
    assert found["code"] == "P4"
    assert 'came back into "West"' in found["message"]
    assert two.holders("East") == logins(EAST[0])
