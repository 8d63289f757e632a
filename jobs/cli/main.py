"""The command line: thin. Each command imports what it needs when it runs."""

import click

from jobs.cli.approve_command import approve
from jobs.cli.completion import completion
from jobs.cli.explain_command import explain
from jobs.cli.fleet_commands import fleet
from jobs.cli.init_command import init
from jobs.cli.listing_commands import forecast, history, idle, seats, sets, users
from jobs.cli.mapping_commands import mapping
from jobs.cli.nightly_commands import run, status
from jobs.cli.options import SHARED
from jobs.cli.plan_commands import apply, plan, undo
from jobs.cli.program import Program
from jobs.cli.reconcile_command import reconcile
from jobs.cli.replay_command import replay
from jobs.cli.review_commands import diff, report, show
from jobs.cli.sandbox_commands import demo, sandbox
from jobs.cli.schedule_commands import resume, schedule
from jobs.cli.setup_commands import check, pull, schema
from jobs.cli.store_commands import audit, backup, purge, restore, retry, vacuum
from jobs.cli.token_commands import token
from jobs.cli.vendor_discovery_commands import discover, drift
from jobs.output.exit_codes import Exit


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: " + "; ".join(f"{int(code)} {code.meaning}" for code in Exit) + ".",
)
@SHARED
@click.version_option(package_name="seatsync")
def main() -> None:
    """Keep a vendor's seats in step with Microsoft Entra ID groups: plan, review, apply."""


main.add_section("Setting up", init, check, mapping, pull, schema, completion)
main.add_section("Every night", run, schedule, resume, status)
main.add_section("Reviewing", plan, show, report, diff, approve, apply, undo, reconcile)
main.add_section(
    "Questions", explain, users, drift, discover, sets, seats, idle, forecast, history, replay
)
main.add_section("Keeping", token, audit, backup, restore, vacuum, purge, retry, fleet)
main.add_section("Trying out", demo, sandbox)
