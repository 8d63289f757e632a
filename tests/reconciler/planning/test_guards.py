"""Verdicts with their numbers: what a plan may not do without a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reconciler.model.plan import Outcome
from reconciler.model.snapshot import Interruption, PlanContext
from reconciler.reconcile import reconcile
from support.worlds.world import NOW, World, codes, guid, kinds, messages

STRICT = {"max_revokes": 5, "max_revoke_percent": 10, "max_set_revoke_percent": 25}


def leaving(count: int, staying: int, **policy: object) -> World:
    world = World(
        sets={"Sales Team": ["Sales"], "Others": ["Sales"]},
        seats={"Sales": 1000},
        policy={**STRICT, **policy},
    )
    for at in range(staying):
        world.settled(f"stays{at}", "Others")
    for at in range(count):
        world.account(f"leaves{at}", "Others")
        world.person(f"leaves{at}")
    return world


def lost_lately(world: World, count: int) -> None:
    """So many more people lost their set yesterday."""
    world.done.clear()
    for at in range(count):
        world.was_done(f"gone{at}", ("Others",), ())


TOO_MUCH = "Too much would be taken away at once, or by small steps within 7 days. "


def objections(world: World) -> dict[str, str]:
    return {verdict.code: verdict.message for verdict in world.plan().objections}


@pytest.mark.parametrize(("count", "staying"), [(5, 95), (5, 15), (12, 120), (10, 90)])
def test_r9_passes_up_to_the_larger_of_number_and_percent(count: int, staying: int) -> None:
    assert objections(leaving(count, staying)) == {}


@pytest.mark.parametrize(("count", "staying"), [(6, 44), (14, 120)])
def test_r9_blocks_above_it_with_the_numbers(count: int, staying: int) -> None:
    message = objections(leaving(count, staying))["R9"]
    assert f"{count} of {count + staying} users" in message
    assert f"the limit is {max(5, (count + staying) // 10)} users" in message


def test_r9_a_blocked_plan_lists_its_operations_all_the_same() -> None:
    plan = leaving(6, 44).plan()
    assert len(plan.operations) == 12
    assert plan.objections[0].overridable


def test_r9_no_set_loses_more_than_its_share() -> None:
    assert "R9" not in objections(leaving(2, 6))
    message = objections(leaving(3, 7))["R9"]
    assert '3 of 10 users (30 %) would lose set "Others"; the limit is 2 users (25 %)' in message


def test_r9_losing_all_of_three_is_a_purge_however_small() -> None:
    message = objections(leaving(3, 0))["R9"]
    assert '3 of 3 users (100 %) would lose set "Others"; the limit is 2 users.' in message
    assert "R9" not in objections(leaving(2, 0))


def test_r9_of_four_members_a_share_says_something() -> None:
    message = objections(leaving(2, 2))["R9"]
    assert '2 of 4 users (50 %) would lose set "Others"' in message
    assert "R9" not in objections(leaving(2, 1))


@pytest.mark.parametrize(
    ("leavers", "stayers", "passes", "blocks", "words"),
    [(4, 76, 15, 17, "21 of 97 users (22 %)"), (1, 9, 4, 5, "6 of 15 users (40 %)")],
    ids=["by percent", "by number"],
)
def test_r9_many_small_plans_are_a_purge_too(
    leavers: int, stayers: int, passes: int, blocks: int, words: str
) -> None:
    """Up to 20 % in a week, or as many as one plan may take."""
    world = leaving(leavers, stayers, max_set_revoke_percent=100)
    lost_lately(world, passes)
    assert objections(world) == {}
    lost_lately(world, blocks)
    assert f"{words} would have lost seats in 7 days" in objections(world)["R9"]


def test_r9_the_last_week_alone_blocks_nothing() -> None:
    world = leaving(0, 10)
    lost_lately(world, 90)
    assert objections(world) == {}


def test_r9_a_move_loses_nothing() -> None:
    world = leaving(0, 0)
    for at in range(20):
        world.account(f"mover{at}", "Others")
        world.person(f"mover{at}", "Sales Team")
    assert objections(world) == {}


def test_r9_counts_accounts_that_are_only_deactivated() -> None:
    world = World(policy={**STRICT, "max_revokes": 0})
    world.account("ana")
    world.person("ana")
    assert objections(world)["R9"] == (
        TOO_MUCH + "1 of 1 user without a set (100 %) would lose their account; "
        "the limit is 0 users."
    )


@pytest.mark.parametrize(
    ("issued", "days"), [("2026-06-01", 4), ("2026-06-26", 29), ("2026-06-27", 30)]
)
def test_t1_warns_a_month_before_the_token_expires(issued: str, days: int) -> None:
    world = World(vendor={"token_issued": issued, "token_lifetime": "180d"})
    expires = NOW.date() + timedelta(days=days)
    assert messages(world.plan(), "T1") == [
        f"The vendor's API token expires in {days} days, on {expires}."
    ]


def test_t1_is_silent_before_that() -> None:
    assert codes(World(vendor={"token_issued": "2026-06-28", "token_lifetime": "180d"}).plan()) == (
        set()
    )


def test_t2_an_expired_token_blocks_and_cannot_be_overridden() -> None:
    plan = World(vendor={"token_issued": "2026-08-26", "token_lifetime": "90d"}).plan()
    assert [(v.code, v.outcome) for v in plan.objections] == [("T2", Outcome.REFUSED)]
    assert "expired on 2026-11-24" in plan.objections[0].message


def test_t5_the_switch_that_is_off_blocks() -> None:
    plan = World(vendor={"managed_through_idp": False}).plan()
    assert [(v.code, v.outcome) for v in plan.objections] == [("T5", Outcome.REFUSED)]


def emptied(*, others: bool) -> World:
    """Everybody left the group of a set; `others` are in another one."""
    world = World(
        sets={"Sales Team": ["Sales"], "Others": ["Sales"]},
        seats={"Sales": 1000},
        policy={"max_revokes": 1000},
    )
    for at in range(4):
        world.account(f"leaves{at}", "Sales Team")
        world.person(f"leaves{at}")
    for at in range(40 if others else 0):
        world.settled(f"stays{at}", "Others")
    return world


def test_r6_a_directory_that_looks_emptied_blocks() -> None:
    plan = emptied(others=False).plan()
    (r6,) = (v for v in plan.objections if v.code == "R6")
    assert r6.outcome is Outcome.BLOCKED
    assert "4 people hold seats" in r6.message


def test_r6_one_member_anywhere_is_enough() -> None:
    world = emptied(others=False)
    world.person("new", "Others")
    assert "R6" not in objections(world)


def test_r7_the_revokes_of_a_group_that_was_emptied_are_held() -> None:
    plan = emptied(others=True).plan()
    assert [(v.code, v.outcome) for v in plan.objections if v.code != "R9"] == [
        ("R7", Outcome.HELD)
    ]
    assert (
        'Group "Sales Team" has no members any more, and 4 people'
        in objections(emptied(others=True))["R7"]
    )


def test_r7_one_who_stayed_makes_it_an_ordinary_loss() -> None:
    world = emptied(others=True)
    world.settled("stays", "Sales Team")
    assert "R7" not in objections(world)


def test_r7_whoever_moved_to_another_group_loses_nothing() -> None:
    world = emptied(others=True)
    world.members += [("Others", person, "user") for person in list(world.people)[:4]]
    assert objections(world) == {}


def promoted(count: int, admins: int) -> World:
    world = World(sets={"Portal": ["Sales"]}, admins=("Portal",))
    for at in range(admins):
        world.settled(f"admin{at}", "Portal")
    for at in range(count):
        world.person(f"new{at}", "Portal")
    return world


@pytest.mark.parametrize(("count", "admins"), [(1, 0), (2, 0), (1, 2), (2, 3)])
def test_r10_a_few_new_admins_pass(count: int, admins: int) -> None:
    assert objections(promoted(count, admins)) == {}


@pytest.mark.parametrize(("count", "admins"), [(3, 0), (3, 30), (1, 1), (2, 2)])
def test_r10_more_than_two_or_twice_as_many_block(count: int, admins: int) -> None:
    message = objections(promoted(count, admins))["R10"]
    become = "1 user would become an admin" if count == 1 else f"{count} users would become admins"
    assert message.startswith(f"{become} of the vendor's portal (new0@example.org")
    assert f"); {admins} {'is one' if admins == 1 else 'are'} now." in message


def test_r10_a_move_between_admin_sets_makes_no_admin() -> None:
    world = World(sets={"Portal": ["Sales"], "Root": ["Sales"]}, admins=("Portal", "Root"))
    world.account("ana", "Portal")
    world.person("ana", "Root")
    assert "R10" not in objections(world)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_r11_a_wrong_clock_lets_nothing_be_applied(minutes: int) -> None:
    plan = World(clock_skew=timedelta(minutes=minutes)).plan()
    assert [(v.code, v.outcome) for v in plan.objections] == [("R11", Outcome.REFUSED)]
    assert "differs by 6 min" in plan.objections[0].message
    assert objections(World(clock_skew=timedelta(minutes=5))) == {}


def test_r13_an_interrupted_run_is_told() -> None:
    stop = Interruption("7c1", ended=12, planned=20, settled=2, done=1)
    assert messages(World(memory={"interruptions": (stop,)}).plan(), "R13") == [
        "Run 7c1 stopped after 12 of 20 operations. 2 were under way, and read back at the "
        "vendor: 1 done, 1 not."
    ]


def test_t4_a_token_that_ends_before_the_plan_does_is_of_no_use() -> None:
    world = World()  # its token expires on 2027-02-28
    for at in range(60):
        world.person(f"new{at}", "Sales Team")

    def at(before: timedelta) -> tuple[bool, str]:
        plan_context = PlanContext("8f2c41d7", datetime(2027, 2, 28, tzinfo=UTC) - before, "0.1.0")
        plan = reconcile(world.settings(), world.snapshot(), plan_context)
        (verdict,) = (one for one in plan.verdicts if one.code == "T4")
        return verdict.passed, verdict.message

    takes = "The plan takes about 2 min; the API token ends"
    assert at(timedelta(days=1)) == (True, f"{takes} on 2027-02-28.")
    assert at(timedelta(minutes=1439)) == (True, f"{takes} in 1439 min.")
    assert at(timedelta(minutes=2)) == (True, f"{takes} in 2 min.")
    assert at(timedelta(minutes=1)) == (
        False,
        "The vendor's API token ends in 1 min, and 120 operations take about 2.",
    )
    assert at(timedelta(0)) == (True, f"{takes} on 2027-02-28.")  # as T2 says


@pytest.mark.parametrize(
    ("expires", "told"), [(29, True), (30, True), (31, False), (1, True), (0, False)]
)
def test_t6_an_entra_credential_that_ends_soon_is_told(expires: int, *, told: bool) -> None:
    world = World()
    snapshot = world.snapshot()
    ends = NOW.date() + timedelta(days=expires)
    directory = replace(snapshot.directory, credential_expires=ends)
    plan = reconcile(
        world.settings(),
        replace(snapshot, directory=directory),
        PlanContext("8f2c41d7", NOW, "0.1.0"),
    )
    assert ("T6" in codes(plan)) is told


def test_p11_only_grants_takes_nothing_from_anybody() -> None:
    world = World(
        sets={
            "Sales Team": ["Sales"],
            "Both": ["Sales", "Talent"],
            "Talent Team": ["Talent"],
            "Portal": ["Sales"],
        },
        seats={"Sales": 10, "Talent": 10},
        admins=("Portal",),
    )
    world.settled("admin", "Portal")
    world.account("demoted", "Portal")
    world.person("demoted", "Sales Team")
    world.account("asleep", "Sales Team", active=False)
    world.person("asleep")
    world.account("leaver", "Sales Team")
    world.person("leaver")
    world.account("poorer", "Both")
    world.person("poorer", "Sales Team")
    world.account("richer", "Sales Team")
    world.person("richer", "Both")
    world.account("extra", "Sales Team", "Both")
    world.person("extra", "Both")
    world.person("new", "Talent Team")
    world.account("seatless")
    world.person("seatless", accountEnabled=False)
    plan = world.plan(grants_only=True)
    assert plan.grants_only
    assert sorted(kinds(plan)) == [("create_account", "new"), ("grant", "new"), ("move", "richer")]
    assert messages(plan, "P11")[0].startswith("6 people would lose something")
    assert "U3" not in codes(plan)
    assert plan.objections == ()
    assert len(world.plan().operations) > 3


def test_what_a_guard_looked_at_and_let_pass_is_on_record() -> None:
    world = World()
    world.settled("ana", "Sales Team")
    assert {verdict.code: verdict.message for verdict in world.plan().verdicts} == {
        "A15": "0 active admins now, 0 after the plan; one is to be left.",
        "R6": "The groups have 1 member.",
        "R9": "0 of 1 user (0 %) would lose seats; the limit is 5 users.",
        "R22": "0 of 1 account (0 %) would get another user name or mail address; with the last 7 "
        "days that is 0, and the limit is 5 accounts.",
        "R10": "0 users become admins, 0 are; with the last 7 days that is 0, and the limit is "
        "2 admins.",
        "R11": "The clock differs by less than a minute from Entra's; the limit is 5 min.",
        "R18": "The store knows whatever was lost in the last 7 days.",
        "T2": "The API token is valid until 2027-02-28, for 96 days more.",
        "T4": "The plan takes less than a minute; the API token ends on 2027-02-28.",
        "T5": '"Manage Users through IdP" is on.',
    }


def test_p11_says_nothing_where_nobody_would_lose() -> None:
    world = World()
    world.person("new", "Sales Team")
    assert "P11" not in codes(world.plan(grants_only=True))


def test_p11_an_account_that_is_nobodys_keeps_nobody_from_a_grant() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Others": ["Sales"]})
    world.account("machine", "Others", externalId=None)
    world.person("new", "Sales Team")
    assert ("grant", "new") in kinds(world.plan(grants_only=True))


def last_admin() -> World:
    world = World(sets={"Portal": ["Sales"]}, admins=("Portal",))
    world.account("ana", "Portal")
    world.person("ana")
    return world


def relinked() -> World:
    world = World()
    world.account("ana", "Sales Team", externalId="ana")
    world.person("ana", "Sales Team")
    return world


def recreated() -> World:
    world = World(links={guid("ana"): "acc-ana"})
    world.person("ana", "Sales Team")
    return world


def after_a_week() -> World:
    world = leaving(4, 76)
    lost_lately(world, 17)
    return world


@pytest.mark.parametrize(
    ("world", "code", "words"),
    [
        (
            leaving(6, 44),
            "R9",
            TOO_MUCH + "6 of 50 users (12 %) would lose seats; the limit is 5 users.",
        ),
        (
            leaving(3, 7),
            "R9",
            TOO_MUCH + '3 of 10 users (30 %) would lose set "Others"; the limit is 2 users (25 %). '
            '3 of 10 users (30 %) would lose product "Sales"; the limit is 2 users (25 %).',
        ),
        (
            leaving(3, 0),
            "R6",
            "Every group of every set came back empty, while 3 people hold seats. This is "
            "taken for a fault, not for a wish.",
        ),
        (
            leaving(3, 0),
            "R9",
            TOO_MUCH + '3 of 3 users (100 %) would lose set "Others"; the limit is 2 users. '
            '3 of 3 users (100 %) would lose product "Sales"; the limit is 2 users.',
        ),
        (
            leaving(3, 0),
            "R7",
            'Group "Others" has no members any more, and 3 people hold its seats. Their '
            "revokes are held.",
        ),
        (
            after_a_week(),
            "R9",
            TOO_MUCH + "21 of 97 users (22 %) would have lost seats in 7 days; "
            "the limit is 19 users.",
        ),
        (
            emptied(others=False),
            "R6",
            "Every group of every set came back empty, while 4 people hold seats. This is "
            "taken for a fault, not for a wish.",
        ),
        (
            emptied(others=False),
            "R9",
            TOO_MUCH + '4 of 4 users (100 %) would lose set "Sales Team"; the limit is 3 users. '
            '4 of 4 users (100 %) would lose product "Sales"; the limit is 3 users.',
        ),
        (
            emptied(others=False),
            "R7",
            'Group "Sales Team" has no members any more, and 4 people hold its seats. Their'
            " revokes are held.",
        ),
        (
            emptied(others=True),
            "R9",
            TOO_MUCH + '4 of 4 users (100 %) would lose set "Sales Team"; the limit is 3 users.',
        ),
        (
            emptied(others=True),
            "R7",
            'Group "Sales Team" has no members any more, and 4 people hold its seats. Their'
            " revokes are held.",
        ),
        (
            promoted(3, 1),
            "R10",
            "3 users would become admins of the vendor's portal (new0@example.org, "
            "new1@example.org, new2@example.org); 1 is one now. With the last 7 days that is 3; "
            "the limit is 2 admins, and fewer than twice as many as before.",
        ),
        (
            last_admin(),
            "A15",
            "This plan would leave no active admin at the vendor, or none who was fully read. "
            "Left as they are: ana@example.org.",
        ),
        (
            relinked(),
            "A6",
            "The externalId of 1 account is the mailNickname of 1 user, Microsoft's default, and "
            "would become the object id. Nobody loses a seat.",
        ),
        (
            recreated(),
            "A12",
            "1 user had an account, which somebody deleted at the vendor. A new one is made only "
            "once this plan is approved.",
        ),
        (
            World(vendor={"token_issued": "2026-08-26", "token_lifetime": "90d"}),
            "T2",
            "The vendor's API token expired on 2026-11-24. Users keep what they have; "
            "nothing can be granted or revoked.",
        ),
        (
            World(vendor={"managed_through_idp": False}),
            "T5",
            '"Manage Users through IdP" is off in the vendor\'s portal, as configured.',
        ),
        (
            World(clock_skew=timedelta(hours=-2)),
            "R11",
            "This machine's clock differs by 120 min from Entra's. Nothing can be applied.",
        ),
    ],
)
def test_what_is_objected_word_for_word(world: World, code: str, words: str) -> None:
    assert objections(world)[code] == words
