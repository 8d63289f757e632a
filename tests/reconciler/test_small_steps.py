"""Chance tries to take much by small steps; what nobody approved stays within the limits.

Every day people move, leave, are disabled and come back, and every night a plan is applied that no
guard holds. What was lost is read off the vendor's state on the mornings of 7 days.
"""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from support.worlds.world import World, guid

SETS = {
    "Both": ["Sales", "Marketing"],
    "Sales Team": ["Sales"],
    "Marketing Team": ["Marketing"],
    "Portal": ["Sales"],
    "Desk 1": ["Talent"],
    "Desk 2": ["Talent"],
    "Desk 3": ["Talent"],
    "Desk 4": ["Talent"],
}
SIZES = dict(zip(SETS, (9, 8, 5, 4, 2, 2, 3, 3), strict=True))
PRODUCTS = ("Sales", "Marketing", "Talent")
ADMINS, ACCOUNT, ANY_SET = "Portal", "an account", "any set"
MOST, MOST_PERCENT, MOST_OF_A_SET, MOST_IN_A_WEEK, MOST_ADMINS = 4, 10, 30, 20, 2
NAMES = [f"{item} {at}" for item, size in SIZES.items() for at in range(size)]
IDLE = [f"idle {at}" for at in range(8)]

people = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
changes = st.tuples(people, st.sampled_from([None, *SETS]))
State = dict[str, set[str]]
"""Who has each set, each product, any set, and an active account."""


class Company(RuleBasedStateMachine):
    """`mornings` are the states before each of the last 7 nights, newest last."""

    @initialize()
    def found(self) -> None:
        self.world = World(
            sets=SETS,
            seats=dict.fromkeys(PRODUCTS, 100),
            admins=(ADMINS,),
            policy={
                "max_revokes": MOST,
                "max_revoke_percent": MOST_PERCENT,
                "max_set_revoke_percent": MOST_OF_A_SET,
                "max_week_revoke_percent": MOST_IN_A_WEEK,
                "max_admin_grants": MOST_ADMINS,
            },
        )
        for item, size in SIZES.items():
            for at in range(size):
                self.world.settled(f"{item} {at}", item)
        for name in IDLE:
            self.world.account(name)
        self.mornings: list[State] = []

    @rule(
        moves=st.lists(changes, max_size=3),
        last_activation_change=people,
        enabled=st.sampled_from([True, True, False]),
        met=st.lists(st.sampled_from(IDLE), max_size=2),
    )
    def day(
        self,
        moves: list[tuple[list[str], str | None]],
        last_activation_change: list[str],
        enabled: bool,
        met: list[str],
    ) -> None:
        for names, to in moves:
            movers = [guid(name) for name in names]
            self.world.members = [row for row in self.world.members if row[1] not in movers]
            self.world.members += [(to, mover, "user") for mover in movers if to]
        for name in last_activation_change:
            self.world.people[guid(name)]["accountEnabled"] = enabled
        for name in met:
            self.world.person(name)
        self.night()

    def night(self) -> None:
        self.world.now += timedelta(days=1)
        self.mornings = [*self.mornings[-6:], self.state()]
        plan = self.world.plan()
        if not plan.objections:
            self.world.apply(plan)
            self.check(self.state())

    def state(self) -> State:
        """Of everybody who is known."""
        world = self.world
        owner = {account: str(row["externalId"]) for account, row in world.accounts.items()}
        state: State = {name: set() for name in (*SETS, *PRODUCTS, ACCOUNT, ANY_SET)}
        state[ACCOUNT] = {
            owner[account]
            for account, row in world.accounts.items()
            if row["active"] and owner[account] in world.people
        }
        for item, account in world.holdings:
            for thing in (item, *SETS[item], ANY_SET):
                state[thing].add(owner[account])
        return state

    def check(self, evening: State) -> None:
        """Of whatever this night took something of, not too much was taken in 7 days."""
        morning = self.mornings[-1]
        had = {thing: set().union(*(day[thing] for day in self.mornings)) for thing in evening}
        lost = {thing: had[thing] - evening[thing] for thing in evening}
        without_product = set().union(*(lost[product] for product in PRODUCTS))
        poorer = without_product | lost[ADMINS]

        for thing in (*SETS, *PRODUCTS):
            losers = lost[thing] & poorer
            if losers & morning[thing]:
                assert len(losers) <= share(len(morning[thing] | losers)), thing
        if tonight := set().union(*(lost[p] & morning[p] for p in PRODUCTS)):
            assert len(tonight) <= number(len(morning[ANY_SET]), MOST_PERCENT)
            assert len(without_product) <= number(
                len(morning[ANY_SET] | without_product), MOST_IN_A_WEEK
            )
        idle = lost[ACCOUNT] - without_product
        if idle & morning[ACCOUNT]:
            base = len((morning[ACCOUNT] - morning[ANY_SET]) | idle)
            assert len(idle) <= number(base, MOST_IN_A_WEEK)

        small = [item for item in SETS if 0 < len(morning[item] | (lost[item] & poorer)) < 4]
        hit = [item for item in small if lost[item] & poorer]
        if any(lost[item] & poorer & morning[item] for item in hit):
            assert len(hit) <= share(len(small))

        admins = evening[ADMINS] - self.mornings[0][ADMINS]
        if evening[ADMINS] - morning[ADMINS]:
            assert len(admins) <= MOST_ADMINS


def number(base: int, percent: float) -> float:
    return max(MOST, base * percent / 100)


def share(base: int) -> float:
    return base * MOST_OF_A_SET / 100 if base >= 4 else min(base, 2)


TestCompany = Company.TestCase
