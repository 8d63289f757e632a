"""The demo: an invented company through a week of ordinary life, over real HTTP on loopback.

It is shown from beginning to end, or served for people to try it themselves.
"""

from pathlib import Path

from rich.console import Console

from connectors.files.disk import write_whole
from connectors.sandbox.mail_server import Mailbox
from connectors.sandbox.overwrite_guard import is_own, not_own
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from jobs.apply import apply_plan
from jobs.approval.approve import approve
from jobs.approval.os_user import whoami
from jobs.context import Context, working
from jobs.demo.company import MISNAMED, SEATS, SETS, last_week, named_exactly, today
from jobs.demo.serve import keep_serving
from jobs.leased_run import recorded
from jobs.output.exit_codes import Exit
from jobs.output.failures import given_path
from jobs.plan import Planned, make_plan
from jobs.report.results import print_applied
from jobs.report.terminal import print_plan

MAIL_ADDRESS = "mail-address"
WATCHED = {
    "notifications": [{"to": f"file:{MAIL_ADDRESS}"}],
    "metrics": "seatsync.prom",
}
"""How the served demo is watched: sections of its configuration."""


def show_demo(folder: Path) -> Exit:
    """Leaves configuration, store and reports in `folder`; of an earlier demo the store goes."""
    console = Console()
    config = folder / "seatsync.yaml"
    with Sandbox(Tenant(last_week()), SETS, SEATS) as sandbox:
        with given_path(folder):
            _make_room(folder, config)
            sandbox.write_config(config)
        with working(config) as context:
            console.rule("Last week: sixty people, everybody has a seat")
            _apply(context, _plan(context), quietly=True)
            _print_seats(console, sandbox)

            sandbox.tenant.replace(today())
            console.rule("Today: seatsync plan")
            print_plan(_plan(context).plan, console)

            sandbox.tenant.replace(named_exactly())
            console.rule(f'"{MISNAMED}" is called as its set is: seatsync plan')
            planned = _plan(context)
            print_plan(planned.plan, console)

            console.rule("After review: seatsync approve, seatsync apply")
            _apply(context, planned)
            _print_seats(console, sandbox)

            console.rule("Again: seatsync plan")
            again = _plan(context)
            print_plan(again.plan, console)
    console.rule("Where to look")
    console.print(f"The report that a reviewer reads: {planned.folder}/report.html", soft_wrap=True)
    console.print(f"The configuration:                {config}", soft_wrap=True)
    return Exit.OK if not again.plan.operations else Exit.FAILED


def serve_demo(folder: Path) -> Exit:
    """Everybody has a seat since last week, and today has come; until somebody ends it.

    Files are as with `show_demo`. Whatever there is to tell is told to a mailbox.
    """
    config, address = folder / "seatsync.yaml", folder / MAIL_ADDRESS
    with Sandbox(Tenant(last_week()), SETS, SEATS) as sandbox, Mailbox() as mailbox:
        with given_path(folder):
            _make_room(folder, config)
            sandbox.write_config(config, **WATCHED)
            write_whole(address, mailbox.address.encode())
        with working(config) as context:
            _apply(context, _plan(context), quietly=True)
        sandbox.tenant.replace(today())
        return keep_serving(sandbox, mailbox, config)


def _print_seats(console: Console, sandbox: Sandbox) -> None:
    used = sandbox.portal.used()
    console.print("Seats in use:", ", ".join(f"{product} {used[product]}" for product in SEATS))


def _make_room(folder: Path, config: Path) -> None:
    """Takes nothing away but the store of an earlier demo.

    Raises:
        OSError: the folder cannot be used, or somebody else's files are in it (FileExistsError).
    """
    folder.mkdir(parents=True, exist_ok=True)
    if is_own(config):
        for store in folder.glob("seatsync.db*"):
            store.unlink()
    elif any(folder.iterdir()):
        raise not_own(folder)


def _plan(context: Context) -> Planned:
    with recorded(context, "plan") as run:
        return make_plan(context, run)


def _apply(context: Context, planned: Planned, *, quietly: bool = False) -> None:
    plan = planned.plan
    overrides = tuple(verdict.code for verdict in plan.objections)
    approve(context, plan, whoami(), "this is the demo", overrides)
    with recorded(context, "apply") as run:
        applied = apply_plan(context, plan, run)
    if not quietly:
        print_applied(plan, applied)
