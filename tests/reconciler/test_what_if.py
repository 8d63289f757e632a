"""What two configurations need read, and what one reading is for each of them."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.directory import DirectorySettings
from config.settings import Settings
from reconciler.model.snapshot import PlanContext
from reconciler.reconcile import reconcile
from reconciler.what_if import as_read_for, obstacles, settings_to_read
from support.worlds.random_worlds import IN_TOWN, NAMES, worlds
from support.worlds.world import NEEDED_ROWS, World, guid

NEW = "New Team"


@given(worlds(), st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_a_set_that_only_the_other_configuration_has_changes_nothing_of_todays_plan(
    world: World, members: set[str], holders: set[str]
) -> None:
    """The vendor may have a group of its name already."""
    world.holdings += [(NEW, f"acc-{who}") for who in holders if f"acc-{who}" in world.accounts]
    larger = deepcopy(world)
    larger.sets = {**world.sets, NEW: ["Marketing"]}
    there = [guid(name) for name in members if guid(name) in world.people]
    larger.members += [(NEW, one, "user") for one in there]
    plan_context = PlanContext("8f2c41d7", world.now, "0.1.0")
    read = as_read_for(world.settings(), larger.snapshot())
    today = reconcile(world.settings(), read, plan_context)
    assert today.canonical == world.plan().canonical


TODAY = World().settings()


def today_but(section: str, **changes: Any) -> Settings:
    """Today's settings with changes of a section, or of the only set."""
    if section == "subscription_sets":
        (item,) = TODAY.subscription_sets
        return TODAY.model_copy(update={section: (item.model_copy(update=changes),)})
    changed = getattr(TODAY, section).model_copy(update=changes)
    return TODAY.model_copy(update={section: changed})


@pytest.mark.parametrize(
    ("then", "where"),
    [
        (today_but("vendor", base_url="https://other.example"), ("vendor", "base_url")),
        (today_but("directory", tenant_id=guid("another")), ("directory",)),
        (today_but("subscription_sets", group_id=guid("group")), ("subscription_sets", 0)),
        (today_but("subscription_sets", nested="expand"), ("subscription_sets", 0)),
        (
            World(mapping={"userName": "userPrincipalName", **NEEDED_ROWS}).settings(),
            ("attribute_mapping",),
        ),
    ],
)
def test_what_would_be_read_otherwise_is_not_comparable(
    then: Settings, where: tuple[str | int, ...]
) -> None:
    assert [at for at, _ in obstacles(TODAY, then)] == [where]
    assert [*obstacles(then, then)] == []


def test_what_needs_no_other_reading_is_read_as_ever() -> None:
    assert settings_to_read(TODAY, today_but("policy", allow_guests=True)) == TODAY
    assert settings_to_read(TODAY, today_but("subscription_sets", admin=True)) == TODAY


def test_sets_and_attributes_of_the_other_configuration_are_read_too() -> None:
    """Where the delta queries stand is left alone: that is of today's sets and attributes."""
    today = today_but("directory", delta=True)
    then = World(sets={NEW: ["Sales"]}, filters_of={NEW: IN_TOWN}).settings()
    read = settings_to_read(today, then)
    assert [item.name for item in read.subscription_sets] == ["Sales Team", NEW]
    assert "city" in read.directory_attributes
    assert isinstance(read.directory, DirectorySettings)
    assert not read.directory.delta
