"""Random worlds for property tests: every kind of trouble, in a company of eight.

What is the same in each: four sets (two overlap in products, one is the admins'), one protected
user, one operator of the vendor, and `NOW`. `max_revokes` and the other limits are the defaults.

What is drawn, each by itself, so that any may come with any:

- per user: whether they are in the tenant, up to two groups, and what Graph says of them (disabled,
  deleted, gone or unseen, without a mail address, renamed, a guest, by somebody else's name), and
  whether they pass the scoping filter;
- per account: whether there is one, up to two sets (also a retired one and a group that never was
  a set), and its state (inactive, without externalId, known by a nickname, by an old userName);
- 0 to 6 seats of each product, who is served first, whether a set is urgent;
- of at most one set's group, a fault: read in part, hidden, twice, missing, only similar, deleted;
- what the store knows: up to two links, accounts (de)activated lately, who goes to and fro;
- whether the vendor has groups, and for which sets;
- whether there is a scoping filter, for everybody or for one set, and what becomes of whoever fails
  it.

What is not: the names' spelling (`model/test_group_names.py`), the settings' (`config/`), pages and
requests (`connectors/`), how many users there are (`benchmarks/`), several days one after another
(`reconciler/test_life.py`, `jobs/test_year.py`), and a store that never saw this vendor.
"""

from typing import Any

from hypothesis import strategies as st

from reconciler.model.group_read import Group
from reconciler.model.known_sets import KnownSet
from support.worlds.world import World, guid

SETS = {
    "Sales Team": ["Sales"],
    "Marketing Team": ["Marketing"],
    "Both": ["Sales", "Marketing"],
    "Admins": ["Sales"],
}
RETIRED, ELSEWHERE = "Old Team", "Everyone"
"""A set that is not configured any more, and a group of the vendor that never was one."""

NAMES = [f"user{at}" for at in range(8)]
PROTECTED, OPERATOR = "user0", "user1"

GROUP_FAULTS: tuple[dict[str, Any], ...] = (
    {"complete": False, "because": "a page is missing"},
    {"hidden": True, "complete": False, "because": "it is hidden"},
    {"exact": (Group("1", "x"), Group("2", "x"))},
    {"exact": (), "near": ()},
    {"exact": (), "near": (Group("1", "sales-team"),)},
    {"exact": (), "deleted": Group("1", "x")},
    {"exact": (Group("1", "x", rule_processing="Paused"),)},
)

IN_TOWN = [{"clauses": [{"attribute": "city", "operator": "EQUALS", "value": "Ulm"}]}]

USER_STATES = st.fixed_dictionaries(
    {"city": st.sampled_from(["Ulm", "Ulm", "Bonn", None])},
    optional={
        "accountEnabled": st.sampled_from([False, None]),
        "presence": st.sampled_from(["deleted", "gone", "uncertain"]),
        "mail": st.none(),
        "surname": st.sampled_from([None, "New", "Bad\u202e"]),
        "userType": st.just("Guest"),
        "userPrincipalName": st.sampled_from([f"{name}@example.org" for name in NAMES]),
    },
)
ACCOUNT_STATES = st.sampled_from(
    [
        {},
        {},
        {"externalId": None},
        {"active": False},
        {"externalId": "nick"},
        {"userName": "old@example.org"},
    ]
)


def some_sets(*names: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(names)), max_size=2, unique=True)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A tenant and a vendor that need not agree in anything, and a store that remembers some."""
    world = World(
        sets=SETS,
        seats={product: draw(st.integers(0, 6)) for product in ("Sales", "Marketing")},
        admins=("Admins",),
        urgent=draw(st.sampled_from([(), ("Both",)])),
        vendor={"operator": f"{OPERATOR}@example.org"},
        policy={
            "protected": [draw(st.sampled_from([guid(PROTECTED), f"{PROTECTED}@example.org"]))],
            "served_first": [guid(name) for name in draw(st.sets(st.sampled_from(NAMES)))],
        },
        groups=draw(st.sampled_from([None, {}])),
        memory={
            "sets": {RETIRED: KnownSet(("Sales",))},
            "named": {f"{PROTECTED}@example.org": (guid(PROTECTED),)},
        },
    )
    held_sets = some_sets(*SETS, RETIRED, ELSEWHERE)
    for name in NAMES:
        if draw(st.booleans()):
            world.person(name, *draw(some_sets(*SETS)), **draw(USER_STATES))
        if draw(st.booleans()):
            state = dict(draw(ACCOUNT_STATES))
            if state.get("externalId") == "nick":
                state["externalId"] = name
            world.account(name, *draw(held_sets), **state)
    # Three that are all gone are the mark of another vendor (T7), for which there is no plan.
    world.links = {
        guid(name): f"acc-{name}" for name in draw(st.sets(st.sampled_from(NAMES), max_size=2))
    }
    world.activations = draw(
        st.dictionaries(
            st.sampled_from([guid(name) for name in NAMES]),
            st.sampled_from(["created", "reactivated", "deactivated"]),
            max_size=4,
        )
    )
    world.memory["flapping"] = frozenset(
        guid(name) for name in draw(st.sets(st.sampled_from(NAMES), max_size=2))
    )
    if draw(st.booleans()):
        broken = draw(st.sampled_from(sorted(SETS)))
        world.reads = {broken: draw(st.sampled_from(GROUP_FAULTS))}
    world.filters = draw(st.sampled_from([[], [], IN_TOWN]))
    world.filters_of = draw(st.sampled_from([{}, {"Sales Team": IN_TOWN}]))
    world.policy["skip_out_of_scope_deletions"] = draw(st.booleans())
    if world.groups is not None:
        world.groups = {name: (f"grp-{name}",) for name, _ in world.holdings}
    elif any(name == RETIRED for name, _ in world.holdings):
        world.groups = {name: (f"grp-{name}",) for name in (*SETS, RETIRED)}
    return world
