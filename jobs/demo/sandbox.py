"""Serves a tenant file, with a set for every group whose name the guide allows."""

from collections.abc import Sequence
from itertools import combinations, cycle
from pathlib import Path

from config.suggest import unknown
from connectors.sandbox.habits.registry import HABITS, habits_named
from connectors.sandbox.mail_server import Mailbox
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from jobs.demo.serve import keep_serving
from jobs.output.console import print_line, say
from jobs.output.exit_codes import Exit
from jobs.output.failures import given_path
from jobs.output.rows.setup import HabitRow
from reconciler.model.group_names import fault

PRODUCTS = ("Sales", "Marketing", "Talent")
SEATS_EACH = 1000


def serve_tenant(
    path: Path, write_config: Path | None, ledger: Path | None, habits: Sequence[str] = ()
) -> Exit:
    """Until interrupted; 64 if the file is no tenant, another one cannot be written, or a habit
    is not known.
    """
    for name in habits:
        if name not in HABITS:
            say(f"--vendor-habit: {unknown(name, HABITS)}")
            return Exit.USAGE
    with given_path(path):
        tenant = Tenant.load(path)
    sets = default_sets(tenant)
    with given_path(ledger or path):
        seats = dict.fromkeys(PRODUCTS, SEATS_EACH)
        sandbox = Sandbox(tenant, sets, seats, ledger, habits_named(habits))
    with sandbox, Mailbox() as mailbox:
        for name in habits:
            print_line(f"A habit of the vendor: {HABITS[name]().imitates} ({name})")
        if write_config:
            with given_path(write_config):
                sandbox.write_config(write_config)
        return keep_serving(sandbox, mailbox, write_config)


def habit_rows() -> list[HabitRow]:
    """All that the sandbox's vendor can have, one each."""
    made = (make() for make in HABITS.values())
    return [
        HabitRow(
            habit=habit.name, imitates=habit.imitates, source=habit.source, seatsync=habit.does
        )
        for habit in made
    ]


def default_sets(tenant: Tenant) -> list[dict[str, object]]:
    """One per group whose name the guide allows; groups named alike are one.

    A name that tells products has these, the others bundles of one or two in their order; whoever
    is in one called "...Admins" is an admin.
    """
    bundles = cycle([(p,) for p in PRODUCTS] + list(combinations(PRODUCTS, 2)))
    names = {str(group["displayName"]) for group in tenant.groups.values()}
    sets: list[dict[str, object]] = []
    for name in sorted(name for name in names if not fault(name)):
        told = [product for product in PRODUCTS if product.casefold() in name.casefold()]
        admin = {"admin": True} if name.endswith("Admins") else {}
        sets.append({"name": name, "products": told or list(next(bundles)), **admin})
    return sets
