"""`explain`: a user's seat, or the code of a situation, in words."""

import re
from pathlib import Path

import click

from jobs.cli.completion import codes_or_users
from jobs.cli.errors import reporting
from jobs.cli.options import CONFIG
from jobs.output.console import print_line, say
from jobs.output.exit_codes import Exit


@click.command()
@click.argument("what", metavar="[CODE|USER]...", nargs=-1, shell_complete=codes_or_users)
@click.option("--now", is_flag=True, help="Of users: read everything again; changes nothing.")
@CONFIG
@reporting
def explain(config: Path, what: tuple[str, ...], now: bool) -> Exit:
    """Explain a user's seat, or codes of situations.

    USER is a user principal name, a mail address, a display name, an object id, or an account at
    the vendor. By the latest plan, or with --now step by step: read, in scope, matched, seat,
    action. Without either, the table of all situations as Markdown.
    """
    from jobs.report.situation_reference import explained, situations_table

    if not what:
        click.echo(situations_table(), nl=False)
    for text in what:
        if explanation := explained(text):
            click.echo(explanation)
        elif re.fullmatch(r"[A-Za-z]\d{1,3}", text):
            say(f"There is no situation {text}; `seatsync explain` lists them all.")
            return Exit.USAGE
        elif not _explain_user(config, text, now=now):
            return Exit.USAGE
    return Exit.OK


def _explain_user(config: Path, text: str, *, now: bool) -> bool:
    from jobs.context import working
    from jobs.explain import explain_by_plan, explain_now

    with working(config) as context:
        lines, found = (explain_now if now else explain_by_plan)(context, text)
    for line in lines:
        print_line(line) if found else say(line)
    return found
