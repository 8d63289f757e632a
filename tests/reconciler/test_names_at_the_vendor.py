"""Accounts are not renamed many at once, and no two of them get one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.plan import Kind, Outcome, Verdict
from reconciler.model.snapshot import PlanContext
from reconciler.no_plan import NoPlan
from reconciler.undo import Done, undo
from support.worlds.world import MAIL, NEEDED_ROWS, NOW, World, codes, guid, kinds, messages


def company(size: int, **settings: object) -> World:
    world = World(**settings)  # type: ignore[arg-type]
    for at in range(size):
        world.settled(f"user{at:02}", "Sales Team")
    return world


def renamed(world: World, count: int, attribute: str = "userPrincipalName") -> World:
    """The tenant's names fall back to its first domain."""
    for at in range(count):
        name = f"user{at:02}@contoso.onmicrosoft.com"
        world.people[guid(f"user{at:02}")][attribute] = name
    return world


def judged(world: World) -> Verdict:
    return next(verdict for verdict in world.plan().verdicts if verdict.code == "R22")


def mapped_by(user_name: str, size: int = 3) -> World:
    return company(size, mapping={**NEEDED_ROWS, "userName": user_name, MAIL: "mail"})


@pytest.mark.parametrize(("count", "size"), [(5, 30), (5, 5), (10, 100)])
def test_r22_passes_up_to_the_larger_of_number_and_percent(count: int, size: int) -> None:
    assert judged(renamed(company(size), count)).passed


@pytest.mark.parametrize(("count", "size"), [(6, 30), (11, 100)])
@pytest.mark.parametrize("attribute", ["userPrincipalName", "mail"])
def test_r22_blocks_more_until_somebody_overrides_it(count: int, size: int, attribute: str) -> None:
    verdict = judged(renamed(company(size), count, attribute))
    assert (verdict.outcome, verdict.overridable) == (Outcome.BLOCKED, True)
    assert verdict.message.startswith(f"{count} of {size} accounts (")


def test_r22_word_for_word() -> None:
    world = renamed(company(30), 30)
    assert judged(world).message == (
        "30 of 30 accounts (100 %) would get another user name or mail address, by which single "
        "sign-on finds them; with the last 7 days that is 30, and the limit is 5 accounts. Such "
        "as: "
        "user00@example.org → user00@contoso.onmicrosoft.com; "
        "user01@example.org → user01@contoso.onmicrosoft.com; "
        "user02@example.org → user02@contoso.onmicrosoft.com."
    )
    assert len(world.plan().operations) == 30


def test_r22_says_how_near_it_came() -> None:
    assert judged(renamed(company(30), 2)).message == (
        "2 of 30 accounts (7 %) would get another user name or mail address; with the last 7 days "
        "that is 2, and the limit is 5 accounts."
    )


def test_r22_its_limits_are_the_policys() -> None:
    strict = {"max_renames": 1, "max_rename_percent": 0}
    assert not judged(renamed(company(30, policy=strict), 2)).passed
    assert judged(renamed(company(30, policy={**strict, "max_rename_percent": 50}), 15)).passed


def test_r22_an_edited_mapping_renames_everybody() -> None:
    world = mapped_by("mailNickname", 6)
    assert not judged(world).passed


def test_r22_does_not_count_other_attributes_nor_case() -> None:
    world = company(30)
    for row in world.people.values():
        row["surname"] = "New"
        row["userPrincipalName"] = row["userPrincipalName"].upper()
    assert len(world.plan().operations) == 30
    assert judged(world).message.startswith("0 of 30 accounts")


def test_r22_a_name_and_an_address_of_one_account_are_one() -> None:
    world = renamed(renamed(company(30), 5), 5, "mail")
    assert judged(world).message.startswith("5 of 30 accounts")


def test_r22_counts_the_accounts_that_are_somebodys_for_sure() -> None:
    world = company(30)
    world.person("eve", "Sales Team")
    world.account("eve", externalId=None, **{MAIL: "eve@elsewhere.example"})
    assert judged(world).message.startswith("0 of 30 accounts")


def test_r22_counts_small_steps_together_and_each_account_once() -> None:
    world = company(30)
    for at in range(6):
        renamed(world, at + 1)
        plan = world.plan()
        assert ("R22" in {verdict.code for verdict in plan.objections}) is (at == 5)
        world.apply(plan)
    assert judged(world).passed
    world.people[guid("user00")]["userPrincipalName"] = "again@example.org"
    assert judged(world).message.startswith("1 of 30 accounts (3 %) would")
    assert "with the last 7 days that is 6, and the limit is 5 accounts" in judged(world).message


def test_r22_judges_an_undo_as_well() -> None:
    world = renamed(company(30), 30)
    plan = world.plan()
    world.apply(plan)
    back = undo(
        world.settings(),
        world.snapshot(),
        PlanContext("9a1", NOW, "0.1.0"),
        Done("8f2", plan.operations),
    )
    assert {operation.kind for operation in back.operations} == {Kind.UPDATE_ACCOUNT}
    assert "R22" in {verdict.code for verdict in back.objections}


@pytest.mark.parametrize(
    "user_name",
    ['"all@example.org"', 'Switch([userType], [mail], "Member", "all@example.org")', "userType"],
)
def test_r23_a_mapping_that_gives_several_people_one_name_makes_no_plan(user_name: str) -> None:
    with pytest.raises(NoPlan) as refused:
        mapped_by(user_name).plan()
    found = refused.value.finding
    name = "member" if user_name == "userType" else "all@example.org"
    assert found.code == "R23"
    assert found.message == (
        f"The attribute mapping gives 3 users the user name {name}, such as "
        "user00@example.org, user01@example.org, user02@example.org. A user name is one account's "
        "alone, in whatever case (RFC 7643, section 4.1.1). Nothing was planned or changed."
    )


def test_r23_names_are_compared_in_any_case() -> None:
    world = mapped_by("mailNickname")
    for at, name in enumerate(("Same", "sAME", "other")):
        world.people[guid(f"user{at:02}")]["mailNickname"] = name
    with pytest.raises(NoPlan, match="gives 2 users the user name same"):
        world.plan()


def test_r23_nobody_gets_a_name() -> None:
    world = mapped_by("mailNickname")
    for row in world.people.values():
        row["mailNickname"] = None
    with pytest.raises(NoPlan, match="gives 3 users no user name, such as"):
        world.plan()


def test_u5_where_entra_tells_no_names_it_is_no_fault_of_the_mapping() -> None:
    world = company(3)
    for row in world.people.values():
        row["userPrincipalName"] = None
    assert len(messages(world.plan(), "U5")) == 3


def test_u5_one_without_a_mapped_name_is_kept_out_and_the_others_go_on() -> None:
    world = mapped_by("mailNickname")
    world.person("new", "Sales Team", mailNickname=None)
    world.person("other", "Sales Team")
    assert ("create_account", "other") in kinds(world.plan())
    assert ("create_account", "new") not in kinds(world.plan())
    assert "U5" in codes(world.plan())


@pytest.mark.parametrize(
    ("user_name", "attribute"), [("userPrincipalName", "userPrincipalName"), ("mail", "mail")]
)
def test_u8_what_two_share_in_entra_itself_is_no_fault_of_the_mapping(
    user_name: str, attribute: str
) -> None:
    world = mapped_by(user_name)
    for name in ("user00", "user01"):
        world.people[guid(name)][attribute] = "same@example.org"
    assert len(messages(world.plan(), "U8")) == 2


def test_who_leaves_shares_a_name_with_nobody() -> None:
    world = mapped_by('Switch([userType], [mail], "Gone", "gone@example.org")')
    for name in ("user00", "user01"):
        world.people[guid(name)]["userType"] = "Gone"
    world.members = [row for row in world.members if row[1] != guid("user00")]
    assert world.plan().operations


@given(st.lists(st.sampled_from(["a", "A", "b", "c", None]), min_size=2, max_size=5))
def test_no_plan_gives_two_accounts_one_name(nicknames: list[str | None]) -> None:
    world = mapped_by("mailNickname", 0)
    for at, nickname in enumerate(nicknames):
        world.person(f"user{at:02}", "Sales Team", mailNickname=nickname)
    told = sorted(nickname.casefold() for nickname in nicknames if nickname)
    if len(set(told)) < max(len(told), 1):
        with pytest.raises(NoPlan, match="The attribute mapping gives"):
            world.plan()
        return
    made = [operation.after.attributes or {} for operation in world.plan().operations]
    names = [str(attributes["userName"]) for attributes in made if attributes]
    assert sorted(name.casefold() for name in names) == told
