"""Commands around the vendor's API token."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from jobs.cli.errors import reporting
from jobs.cli.options import CONFIG
from jobs.output.console import confirm, print_line, say
from jobs.output.exit_codes import Exit

LIFETIMES = {"90d": 90, "180d": 180, "1y": 365}
"""In days, as the vendor offers them (the guide, step 2)."""


@click.group(invoke_without_command=True)
@CONFIG
@click.pass_context
def token(context: click.Context, config: Path) -> None:
    """Say where the vendor's API token is, and when it ends.

    With `set`, a new one is taken. It ends with 1 where the token has ended.
    """
    if not context.invoked_subcommand:
        _show(config)


@reporting
def _show(config: Path) -> Exit:
    from jobs.context import working
    from reconciler.model.phrasing import Plural

    with working(config) as context:
        vendor = context.settings.vendor
        left = (vendor.token_expires - context.clock().astimezone(UTC).date()).days
    told = f"{vendor.name}'s API token is at {vendor.token}, generated on {vendor.token_issued}"
    if left > 0:
        print_line(f"{told}; it ends on {vendor.token_expires}, in {Plural(left):day|days}.")
        return Exit.OK
    print_line(
        f"{told}; it ended on {vendor.token_expires}. Generate a new one in the Admin Portal, and "
        "give it to `seatsync token set`; users keep what they have meanwhile."
    )
    return Exit.FAILED


@token.command("set")
@click.option(
    "--issued",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which it was generated; today, unless given.",
)
@click.option(
    "--lifetime",
    type=click.Choice(list(LIFETIMES)),
    help="As chosen in the Admin Portal; as before, unless given.",
)
@CONFIG
@reporting
def set_(config: Path, issued: datetime | None, lifetime: str | None) -> Exit:
    """Take a new token from stdin, try it, and store it.

    It is stored once the vendor has taken it. A new token invalidates the one before, so do this
    soon after it was generated. It is written where vendor.token points, if that is a file, a
    keyring or a vault; its dates are kept in the store, so that the configuration need not change.
    """
    from datetime import timedelta

    from config.secret_reference import SecretUnavailable
    from connectors.errors import CounterpartError
    from jobs.context import working
    from jobs.output.failures import in_plain_words
    from jobs.setup.vendor_token import replace_token

    given = _given()
    if not given:
        say("No token was given. It is read from stdin: seatsync token set < FILE")
        return Exit.USAGE
    with working(config) as context:
        vendor = context.settings.vendor
        day = issued.date() if issued else context.clock().astimezone(UTC).date()
        lasts = timedelta(days=LIFETIMES[lifetime]) if lifetime else vendor.token_lifetime
        try:
            new = replace_token(context, given, day, lasts)
        except CounterpartError as error:
            say(f"{in_plain_words(error)}. {vendor.token} is as it was; nothing was recorded.")
            return Exit.FAILED
        except SecretUnavailable as error:
            say(f"{vendor.name} takes it, and {error}. Nothing was recorded.")
            return Exit.FAILED
        except OSError as error:
            say(f"{vendor.token} could not be written: {error.strerror or error}.")
            return Exit.FAILED
    confirm(f"{vendor.name} takes it and shows {new.users} users. It ends on {new.expires}.")
    if new.stored:
        confirm(f"It is stored at {vendor.token}.")
    else:
        say(
            f"Now put it where {vendor.token} comes from, on every machine that runs seatsync: the "
            "token before is invalid, and runs fail with T2 until then."
        )
    return Exit.OK


def _given() -> str:
    """Unseen where a person types it."""
    if sys.stdin.isatty():
        return str(click.prompt("The new API token", hide_input=True)).strip()
    return sys.stdin.read().strip()
