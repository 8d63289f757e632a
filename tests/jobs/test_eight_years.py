"""Eight years of a real organisation, through both servers, plan, approve and apply.

After every step the vendor must hold what a naive reading of the tenant says, computed here with
plain sets and none of the program's own code.

One of every few snapshots is a step, with the purge and the one before it; `make replay` takes them
all (`SEATSYNC_SNAPSHOTS=1`).
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.subscription_set import SubscriptionSet
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from jobs.apply import apply_plan
from jobs.approval.approve import approve
from jobs.approval.os_user import whoami
from jobs.context import Context, working
from jobs.leased_run import recorded
from jobs.operation_results import Applied
from jobs.output.exit_codes import Exit
from jobs.plan import Planned, make_plan
from reconciler.model.plan import Kind

HISTORY = Path(__file__).parents[3] / "shared" / "data" / "rust-team"
PURGE = "2019-10-03"
ONE_OF = int(os.environ.get("SEATSYNC_SNAPSHOTS", "12"))

SETS = {
    "Compiler team": ["Sales", "Marketing"],
    "Library team": ["Sales", "Talent"],
    "Language team": ["Marketing", "Talent"],
    "Cargo team": ["Sales"],
    "Infrastructure team": ["Marketing"],
    "Release team": ["Talent"],
    "Moderation team": ["Sales"],
    "IDEs and editors team": ["Marketing"],
    "Dev tools team": ["Talent"],
    "Documentation team": ["Sales", "Marketing", "Talent"],
    "Rustdoc team": ["Sales"],
    "Events team": ["Marketing"],
    "Async foundations working group": ["Talent"],
    "RustBridge team": ["Sales", "Marketing"],
    "Embedded devices working group": ["Sales"],
    "Survey team": ["Marketing"],
    "Discourse moderators": ["Talent"],
    "Rustfix working group": ["Sales"],
    "Game development working group": ["Marketing"],
    "icebreakers-llvm": ["Talent"],
    "icebreakers-cleanup-crew": ["Sales", "Talent"],
    "Clippy team": ["Sales"],
    "Localization team": ["Marketing"],
    "Traits working group": ["Talent"],
    "Community team": ["Sales", "Marketing"],
    "Docs.rs team": ["Talent"],
}

pytestmark = pytest.mark.skipif(
    not HISTORY.is_dir(), reason="the membership histories are not beside this checkout"
)


class Replay:
    """The vendor and the tenant, and what a naive reading expects of them."""

    def __init__(self, folder: Path, seats: int) -> None:
        self.folder = folder
        self.sets = [{"name": name, "products": products} for name, products in SETS.items()]
        seats_each = dict.fromkeys(("Sales", "Marketing", "Talent"), seats)
        self.sandbox = Sandbox(Tenant({"groups": [], "users": []}), self.sets, seats_each)
        self.expected: dict[str, str] = {}
        self.relinked = 0

    def step_to(self, content: dict[str, Any]) -> None:
        self.content, self.before = content, self.held()
        self.alive = {user["id"] for user in content["users"]}
        self.sandbox.tenant.replace(content)
        self.expected = naive(content, self.before)

    def held(self) -> dict[str, str]:
        """Entra id -> set, from the vendor's portal and its accounts alone."""
        owner = {account: external for external, account in self.accounts().items()}
        portal = self.sandbox.portal
        return {owner[account]: name for name in SETS for account in portal.members(name)}

    def answered(self, context: Context, planned: Planned) -> tuple[Context, Planned]:
        """What an administrator does about a plan's findings, and the plan after it."""
        relinked, answered = self.relink(planned), confirmed(context, planned, self.content)
        self.relinked += relinked
        if not relinked and answered.settings == context.settings:
            return context, planned
        return answered, plan(answered)

    def relink(self, planned: Planned) -> bool:
        """What an administrator does about A4: the same people, known by new object ids."""
        found = [f for f in planned.plan.findings if f.code == "A4"]
        new = {f.subject.name.casefold(): f.subject.id for f in found if f.subject.id in self.alive}
        for user in self.sandbox.vendor.storage.resources:
            name = getattr(user, "user_name", "").casefold()
            if name in new:
                old, user.external_id = str(user.external_id), new[name]
                if old in self.before:
                    self.before[new[name]] = self.before.pop(old)
        self.expected = naive(self.content, self.before)
        return bool(found)

    def accounts(self) -> dict[str, str]:
        """Entra id -> account id, as the vendor stores them."""
        users = [r for r in self.sandbox.vendor.storage.resources if hasattr(r, "user_name")]
        return {str(user.external_id): str(user.id) for user in users}


def naive(content: dict[str, Any], before: dict[str, str]) -> dict[str, str]:
    """Who should hold which set: one group and only one, alive, enabled, with a mail address.

    While the group of a set that is held is missing, whoever is enabled keeps what is held.
    """
    groups = {g["displayName"]: set(g["members"]) for g in content["groups"]}
    users = {user["id"]: user for user in content["users"]}
    missing = bool(set(before.values()) - groups.keys())
    after = {}
    for person in users.keys() | before.keys():
        wanted = [name for name in SETS if person in groups.get(name, ())]
        kept = before.get(person)
        user = users.get(person)
        if kept and kept not in groups:
            after[person] = kept  # its group is missing, so nobody in it is changed
        elif user is None or not user["accountEnabled"]:
            continue
        elif len(wanted) > 1 or (wanted and not user["mail"]) or (kept and missing):
            after.update({person: kept} if kept else {})
        elif wanted:
            after[person] = wanted[0]
    return after


def plan(context: Context) -> Planned:
    with recorded(context, "plan") as run:
        return make_plan(context, run)


def apply(context: Context, planned: Planned) -> Applied:
    with recorded(context, "apply") as run:
        return apply_plan(context, planned.plan, run)


def configured(context: Context, content: dict[str, Any], held: dict[str, str]) -> Context:
    """The administrator configures a set once its group is there, and while anybody holds it."""
    used = {group["displayName"] for group in content["groups"]} | set(held.values())
    known = {item.name: item for item in context.settings.subscription_sets}
    sets = tuple(
        known.get(name) or SubscriptionSet(name=name, products=tuple(products))
        for name, products in SETS.items()
        if name in used
    )
    return with_sets(context, sets)


def confirmed(context: Context, planned: Planned, content: dict[str, Any]) -> Context:
    """The administrator pins groups that were made anew under an old name, as G7 advises."""
    new = {finding.subject.id for finding in planned.plan.findings if finding.code == "G7"}
    ids = {group["displayName"]: group["id"] for group in content["groups"]}
    sets = tuple(
        item.model_copy(update={"group_id": ids[item.name]}) if item.name in new else item
        for item in context.settings.subscription_sets
    )
    return with_sets(context, sets)


def with_sets(context: Context, sets: tuple[SubscriptionSet, ...]) -> Context:
    settings = context.settings.model_copy(update={"subscription_sets": sets})
    return replace(context, settings=settings)


def carry_out(context: Context, planned: Planned) -> None:
    """Lets the plan pass whatever guard objects, and applies it, if there is anything to do."""
    if planned.plan.operations:
        blocked = tuple(verdict.code for verdict in planned.plan.objections)
        assert not approve(context, planned.plan, whoami(), "replay", blocked)
        applied = apply(context, planned)
        assert applied.exit_code is Exit.OK, applied.headline


def history(one_of: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """From the first to the last; the purge is always a step from the snapshot before it."""
    paths = sorted(HISTORY.glob("[0-9]*.json"))
    dates = [path.stem[4:14] for path in paths]  # 017-2021-03-01-7e3f….json
    purge = dates.index(PURGE)
    steps = {*range(0, len(paths), one_of), purge - 1, purge, len(paths) - 1}
    for at in sorted(steps):
        yield dates[at], json.loads(paths[at].read_text())


def test_the_vendor_follows_the_directory_for_eight_years(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replay = Replay(tmp_path, seats=1000)
    kinds: Counter[str] = Counter()
    steps, renames, purged = 0, 0, False
    with replay.sandbox:
        replay.sandbox.write_config(tmp_path / "seatsync.yaml")
        with working(tmp_path / "seatsync.yaml") as context:
            for date, content in history(ONE_OF):
                accounts = replay.accounts()
                writes = len(replay.sandbox.vendor_ledger.writes)
                replay.step_to(content)
                context = configured(context, content, replay.before)
                planned = plan(context)
                blocked = [verdict.code for verdict in planned.plan.objections]
                if date == PURGE:
                    assert blocked == ["R9"]
                    assert approve(context, planned.plan, whoami(), "no override")
                    assert apply(context, planned).exit_code is Exit.HELD
                    assert len(replay.sandbox.vendor_ledger.writes) == writes
                    purged = True
                context, planned = replay.answered(context, planned)
                carry_out(context, planned)

                assert replay.held() == replay.expected, date
                now = replay.accounts()
                assert all(now.get(person, at) == at for person, at in accounts.items()), date
                assert two_groups(content).isdisjoint(
                    operation.subject.id for operation in planned.plan.operations
                ), date
                assert plan(context).plan.operations == (), date
                kinds.update(str(operation.kind) for operation in planned.plan.operations)
                renames += sum(
                    operation.kind is Kind.UPDATE_ACCOUNT
                    and "userName" in (operation.after.attributes or {})
                    for operation in planned.plan.operations
                )
                steps += 1
        for write in replay.sandbox.vendor_ledger.writes:
            assert all(write.used[p] <= n for p, n in replay.sandbox.portal.seats.items())
    assert purged
    assert renames > 0
    with capsys.disabled():
        print(f"\n{steps} snapshots, {len(SETS)} sets, {renames} renames, {dict(kinds)}")
        print(f"{replay.relinked} steps in which people came back under new object ids")


def test_with_too_few_seats_nobody_is_lost_and_no_seat_is_exceeded(tmp_path: Path) -> None:
    replay = Replay(tmp_path, seats=40)
    with replay.sandbox:
        replay.sandbox.write_config(tmp_path / "seatsync.yaml")
        with working(tmp_path / "seatsync.yaml") as context:
            short = 0
            for date, content in history(2 * ONE_OF):
                replay.step_to(content)
                context = configured(context, content, replay.before)
                planned = plan(context)
                context, planned = replay.answered(context, planned)
                carry_out(context, planned)
                waiting = {entry.user.id: entry.set for entry in planned.plan.waiting}
                held = replay.held()
                desired = {
                    person: name
                    for person, name in replay.expected.items()
                    if held.get(person) != name
                }
                assert desired == waiting, date
                short += len(waiting)
        assert short > 0
        for write in replay.sandbox.vendor_ledger.writes:
            assert all(write.used[p] <= n for p, n in replay.sandbox.portal.seats.items())


def two_groups(content: dict[str, Any]) -> set[str]:
    """Enabled people in more than one of the bound groups."""
    bound = [g["members"] for g in content["groups"] if g["displayName"] in SETS]
    count = Counter(member for members in bound for member in members)
    enabled = {user["id"] for user in content["users"] if user["accountEnabled"]}
    return {person for person, groups in count.items() if groups > 1} & enabled
