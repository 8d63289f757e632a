"""Commands for whoever keeps the store: the audit trail, and purging personal data."""

from datetime import UTC, datetime
from pathlib import Path

import click

from jobs.cli.completion import plans, users
from jobs.cli.errors import reporting
from jobs.cli.listing import print_rows, rows_wanted
from jobs.cli.options import AS_JSON, CONFIG, LIMIT
from jobs.output.console import confirm, print_line, say, say_all
from jobs.output.exit_codes import Exit
from jobs.output.failures import given_path


@click.group()
def audit() -> None:
    """Keep the trail of who approved and what was done."""


@audit.command("list")
@AS_JSON
@LIMIT
@CONFIG
@reporting
def list_(config: Path, as_json: bool, limit: int | None) -> Exit:
    """List the records, newest first."""
    from jobs.cli.stored_rows import audit_rows
    from jobs.context import working

    with working(config) as context:
        rows, count = audit_rows(context, rows_wanted(limit, as_json))
    empty = "No record yet: nothing was planned. `seatsync plan` makes the first plan."
    print_rows("Audit trail", rows, as_json, limit, empty=empty, count=count)
    return Exit.OK


@audit.command()
@CONFIG
@reporting
def checkpoint(config: Path) -> Exit:
    """Print how far the trail has got, to keep it elsewhere.

    It is a line of JSON; keep it where nobody here can write.
    """
    import orjson

    from jobs.context import working

    with working(config) as context, context.store.transaction() as tx:
        newest = tx.audit.checkpoint(context.clock())
    click.echo(orjson.dumps(newest))
    return Exit.OK


@audit.command()
@click.option(
    "--checkpoint",
    "kept",
    type=click.Path(path_type=Path),
    help="Lines of `audit checkpoint`, kept elsewhere; they show what was cut off.",
)
@CONFIG
@reporting
def verify(config: Path, kept: Path | None) -> Exit:
    """Verify that the trail is whole.

    That is: no record was changed, deleted, moved or, with --checkpoint, cut off; and plans,
    approvals and journal are those of the records.
    """
    from connectors.store.audit import read_checkpoints
    from jobs.context import working
    from reconciler.model.phrasing import Plural

    with given_path(kept or config):
        checkpoints = read_checkpoints(kept.read_bytes()) if kept else ()
    with working(config) as context, context.store.transaction() as tx:
        found = [
            *(f"The audit trail is not whole: {at}." for at in tx.audit.faults(checkpoints)),
            *(f"Trail and store disagree: {what}." for what in tx.agreement.disagreements()),
        ]
        trail = tx.audit.checkpoint(context.clock())
    say_all(found)
    if found:
        return Exit.FAILED
    whole = f"The audit trail is whole: {Plural(trail.count):record|records}"
    if kept:
        whole += f"; {Plural(len(checkpoints)):checkpoint agrees|checkpoints agree}"
    confirm(f"{whole}. Plans, approvals and journal are as it says.")
    return Exit.OK


@audit.command()
@click.argument("reference", metavar="[PLAN]", default="latest", shell_complete=plans)
@CONFIG
@reporting
def export(config: Path, reference: str) -> Exit:
    """Write signed evidence of a plan, for others to verify.

    It has the plan's approvals and results, too. PLAN is an id, a unique prefix, or `latest`. The
    file lies beside the plan's reports.
    """
    from jobs.approval.evidence import export as write
    from jobs.context import working

    with working(config) as context:
        found = context.find_plan(reference)
        with given_path(context.settings.reports):
            path = write(context, found)
    print_line(f"Evidence of plan {found.id}: {path}")
    confirm("Verify it as docs/evidence.md says, with the key of `seatsync audit key`.")
    return Exit.OK


@audit.command()
@CONFIG
@reporting
def key(config: Path) -> Exit:
    """Print the public key of this host's evidence.

    Keep it where nobody here can write.
    """
    from config.load import load
    from connectors.evidence.host_key import host_key, public_pem

    click.echo(public_pem(host_key(load(config).evidence_key)), nl=False)
    return Exit.OK


@click.command()
@click.option(
    "--before",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The first day that is kept (UTC).",
)
@CONFIG
@reporting
def purge(config: Path, before: datetime) -> Exit:
    """Remove the personal data of old runs.

    That is: plans, reports, and names in journal and audit trail.
    """
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.purge import purge as remove
    from reconciler.model.gains_and_losses import WEEK

    first_kept = before.replace(tzinfo=UTC)
    with working(config) as context:
        if first_kept > context.clock() - WEEK:
            say(f"The last {WEEK.days} days are needed by policy.max_week_revoke_percent.")
            return Exit.USAGE
        with recorded(context, "purge") as run:
            purged = remove(context, first_kept, run)
            run.exit_code = Exit.PARTIAL if purged.troubles else Exit.OK
            run.summary = str(purged)
    say_all(purged.troubles)
    confirm(f"Purged {purged}.")
    return run.exit_code


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@CONFIG
@reporting
def backup(path: Path, config: Path) -> Exit:
    """Copy a SQLite store into a new file, also while a run is at work."""
    from config.load import load
    from connectors.store.backup import back_up

    settings = load(config)
    with given_path(path):
        back_up(settings.store, path)
    confirm(f"The store is copied to {path}. It has people's names in it.")
    return Exit.OK


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@CONFIG
@reporting
def restore(path: Path, config: Path) -> Exit:
    """Put a copy of `seatsync backup` in the place of the store.

    What the store has now is lost; copy it first. For a week a person has to approve whatever a
    plan takes, since the store does not know what happened after the copy was made.
    """
    from config.load import load
    from connectors.store.backup import restore as put_back
    from jobs.clock import utc_now

    settings = load(config)
    with given_path(path):
        put_back(settings.store, path, utc_now())
    confirm("The store is restored. Now run: seatsync plan")
    return Exit.OK


@click.command()
@CONFIG
@reporting
def vacuum(config: Path) -> Exit:
    """Write the store anew, without the room of what was removed."""
    from jobs.context import working
    from jobs.leased_run import recorded

    with working(config) as context, recorded(context, "vacuum") as run:
        context.store.compact()
        run.exit_code, run.summary = Exit.OK, "the store is written anew"
    confirm("The store is written anew.")
    return Exit.OK


@click.command()
@click.argument("user", metavar="[USER]", required=False, shell_complete=users)
@CONFIG
@reporting
def retry(config: Path, user: str | None) -> Exit:
    """Let the next plan ask again for what the vendor keeps refusing.

    For one user whom the latest plan mentions, or for everybody.
    """
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.retry_refused import retry_refused

    with working(config) as context, recorded(context, "retry") as run:
        forgotten = retry_refused(context, run, user)
    if forgotten:
        confirm(f"{run.summary}; the next plan asks again.")
    else:
        confirm("The vendor refused nothing twice; there is nothing to ask again.")
    return run.exit_code
