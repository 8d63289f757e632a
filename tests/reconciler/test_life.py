"""A company lives, its vendor and its store with it, and what must hold holds after every step.

Rules are what people do (join, leave, move, rename, disable, delete, restore, recreate, buy, cut,
edit a set, edit at the vendor by hand) and what happens to the program (faults, crashes). The
vendor enforces seats and the one-set rule at every single operation.
"""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reconciler.model.plan import Kind, Plan, parse
from support.worlds.random_worlds import GROUP_FAULTS, NAMES, SETS
from support.worlds.world import World, guid

people = st.sampled_from(NAMES)
sets = st.sampled_from(sorted(SETS))
products = st.sampled_from(["Sales", "Marketing"])

PROTECTED = f"{NAMES[0]}@example.org"


def called(user: dict[str, Any], name: str) -> bool:
    """The user has this name, or had it before going to the recycle bin."""
    return user["userPrincipalName"] in {name, user["id"].replace("-", "") + name}


class Company(RuleBasedStateMachine):
    """`seen` maps an object id to the account that it was first found with."""

    @initialize(sales=st.integers(0, 5), marketing=st.integers(0, 4), hired=st.sets(people))
    def found(self, sales: int, marketing: int, hired: set[str]) -> None:
        self.world = World(
            sets={name: list(bundle) for name, bundle in SETS.items()},
            seats={"Sales": sales, "Marketing": marketing},
            admins=("Admins",),
            policy={"protected": [PROTECTED]},
            graces={"Sales Team": "3d"},
        )
        self.protected: set[str] = set()
        self.seen: dict[str, str] = {}
        self.born: dict[str, str] = {}
        for name in sorted(hired):
            self.hire(name)

    # What people do

    @rule(name=people)
    def hire(self, name: str) -> None:
        if self.id_of(name) not in self.world.people:
            self.world.person(name)
            self.world.people[self.id_of(name)] = {
                **self.world.people.pop(guid(name)),
                "id": self.id_of(name),
            }

    @rule(name=people, joined=sets)
    def join(self, name: str, joined: str) -> None:
        person = self.id_of(name)
        if person in self.world.people and (joined, person, "user") not in self.world.members:
            self.world.members.append((joined, person, "user"))

    @rule(name=people)
    def leave(self, name: str) -> None:
        gone = self.id_of(name)
        self.world.members = [row for row in self.world.members if row[1] != gone]

    @rule(name=people, joined=sets)
    def move(self, name: str, joined: str) -> None:
        self.leave(name)
        self.join(name, joined)

    @rule(name=people, surname=st.sampled_from(["Abel", "Costa"]), login=st.booleans())
    def rename(self, name: str, surname: str, login: bool) -> None:
        self.change(name, surname=surname)
        if login and self.world.people.get(self.id_of(name), {}).get("presence") == "present":
            self.change(name, userPrincipalName=f"{name}.{surname}@example.org".lower())

    @rule(name=people, enabled=st.booleans())
    def switch(self, name: str, enabled: bool) -> None:
        self.change(name, accountEnabled=enabled)

    @rule(name=people, presence=st.sampled_from(["deleted", "present", "gone"]))
    def delete_or_restore(self, name: str, presence: str) -> None:
        """In the recycle bin a user has another name, and no name when that is emptied."""
        person = self.world.people.get(self.id_of(name), {"presence": "gone"})
        if person["presence"] != "gone":
            digits = person["id"].replace("-", "")
            former = person["userPrincipalName"].removeprefix(digits)
            called = {"present": former, "deleted": digits + former, "gone": None}
            self.change(name, presence=presence, userPrincipalName=called[presence])
        if presence != "present":
            self.leave(name)

    @rule(name=people)
    def recreate(self, name: str) -> None:
        """The same login under a new object id; the old one is gone for good."""
        self.change(name, presence="gone", userPrincipalName=None)
        self.leave(name)
        self.born[name] = f"{self.born.get(name, name)}'"
        self.hire(name)

    @rule(product=products, seats=st.integers(0, 6))
    def buy_or_cut(self, product: str, seats: int) -> None:
        self.world.seats[product] = seats

    @rule(name=sets, bundle=st.sampled_from([["Sales"], ["Marketing"], ["Sales", "Marketing"]]))
    def edit_a_set(self, name: str, bundle: list[str]) -> None:
        self.world.sets[name] = bundle

    @rule(name=people, joined=sets, active=st.booleans())
    def edit_by_hand(self, name: str, joined: str, active: bool) -> None:
        """At the vendor, within its rules: a set for whoever has none, or another `active`."""
        account = next((key for key, id_ in self.accounts() if id_ == self.id_of(name)), None)
        if account is None:
            return
        self.world.accounts[account]["active"] = active
        free = all(
            self.world.used()[product] < self.world.seats[product]
            for product in self.world.sets[joined]
        )
        if free and not any(who == account for _, who in self.world.holdings):
            self.world.holdings.append((joined, account))

    @rule(days=st.integers(1, 4))
    def wait(self, days: int) -> None:
        self.world.now += timedelta(days=days)

    # What the program does

    @rule()
    def run(self) -> None:
        """Plan, approve, apply; without faults one run converges, or two where an admin follows."""
        self.carry_out(self.plan())
        if self.world.plan().operations:
            assert "A15" in self.codes_of(self.last)
            self.carry_out(self.plan())
        assert self.world.plan().operations == ()

    @rule(dies=st.integers(0, 12))
    def crash(self, dies: int) -> None:
        plan = self.plan()
        self.carry_out(plan, until=dies % (len(plan.operations) + 1))

    @rule()
    def dry_run(self) -> None:
        self.world.keep(self.plan())

    @rule(broken=sets, fault=st.sampled_from(GROUP_FAULTS))
    def run_with_a_fault(self, broken: str, fault: dict[str, Any]) -> None:
        """A group is not read: nobody in its set is touched, and nobody loses for absence."""
        self.world.reads = {broken: fault}
        plan = self.plan()
        for operation in plan.operations:
            assert broken not in {*operation.gained, *operation.lost}
        self.carry_out(plan)
        self.world.reads = {}

    @rule(dropped=st.sampled_from(sorted(set(SETS) - {"Admins"})), blocked=st.sets(people))
    def lose_the_store_and_a_set(self, dropped: str, blocked: set[str]) -> None:
        """Some were just disabled, the store is new, the configuration knows one set less: nobody
        loses anything, and whoever holds that set keeps it as long as Entra lets the user in.
        """
        self.carry_out(self.plan())
        for name in sorted(blocked):
            self.switch(name, enabled=False)
        bundle = self.world.sets.pop(dropped)
        self.world.lose_the_store()
        self.protected.clear()
        before = self.holders_of(dropped)
        first = self.plan()
        for operation in first.operations:
            assert operation.kind not in {Kind.REVOKE, Kind.DEACTIVATE_ACCOUNT}  # 37
            assert not operation.frees
        self.carry_out(first)
        self.carry_out(self.plan())
        after = self.holders_of(dropped)
        assert after.keys() == before.keys()  # 36
        for account, active in before.items():
            assert after[account] or not active or self.shut_out(account)
        self.world.sets[dropped] = bundle

    @invariant()
    def a_user_keeps_her_account(self) -> None:
        """15, 18: whatever they are called, the account of an object id stays the same one."""
        for account, person in self.accounts():
            if person:
                assert self.seen.setdefault(person, account) == account

    def plan(self) -> Plan:
        plan = self.world.plan()
        assert self.world.plan().canonical == parse(plan.canonical).canonical
        assert [line.used_before for line in plan.seats] == [
            self.world.used()[line.product] for line in plan.seats
        ]
        self.protected |= self.named()
        assert not self.protected & {operation.subject.id for operation in plan.operations}  # 6
        for operation in plan.operations:
            assert operation.kind is not Kind.CREATE_ACCOUNT or operation.subject.id not in {
                person for _, person in self.accounts()
            }
        self.last = plan
        return plan

    def carry_out(self, plan: Plan, until: int | None = None) -> None:
        self.nobody_loses_within_the_grace(plan)
        before = self.world.used()
        had_admin = bool(self.world.active_admins())

        def watch() -> None:
            for product, used in self.world.used().items():
                assert used <= max(self.world.seats[product], before[product])  # 3
            assert self.world.active_admins() or not had_admin  # 17

        self.world.apply(plan, until=until, watch=watch)

    def nobody_loses_within_the_grace(self, plan: Plan) -> None:
        """40: out of "Sales Team" by leaving, no sooner than three days after a plan saw it."""
        for operation in plan.operations:
            if operation.reason == "U3" and "Sales Team" in operation.lost:
                since = self.world.leavers[operation.subject.id]
                assert self.world.now - since >= timedelta(days=3)

    def change(self, name: str, **attributes: Any) -> None:
        if (person := self.id_of(name)) in self.world.people:
            self.world.people[person] |= attributes

    def id_of(self, name: str) -> str:
        return guid(self.born.get(name, name))

    def named(self) -> set[str]:
        """Whom the protected name means today; who it meant at an earlier plan stays protected."""
        users = {key for key, row in self.world.people.items() if called(row, PROTECTED)}
        return users | {
            row["externalId"]
            for row in self.world.accounts.values()
            if row["userName"] == PROTECTED
        }

    def holders_of(self, name: str) -> dict[str, bool]:
        """Who holds a set at the vendor, and whether the account is active."""
        return {
            account: self.world.accounts[account]["active"] is not False
            for held, account in self.world.holdings
            if held == name
        }

    def shut_out(self, account: str) -> bool:
        """Whether Entra itself says that this user is to have no account."""
        user = self.world.people[self.world.accounts[account]["externalId"]]
        return user["presence"] != "present" or user["accountEnabled"] is False

    def accounts(self) -> list[tuple[str, str | None]]:
        return [(key, row["externalId"]) for key, row in self.world.accounts.items()]

    def codes_of(self, plan: Plan) -> set[str]:
        return {verdict.code for verdict in plan.objections}


TestCompany = Company.TestCase
