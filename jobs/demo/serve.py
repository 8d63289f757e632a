"""Keeps a sandbox there until somebody ends it, and says where everything is."""

import time
from pathlib import Path

from config.operating_system import setting_command
from connectors.sandbox.mail_server import Mailbox
from connectors.sandbox.portal_json import State
from connectors.sandbox.portal_page import Command
from connectors.sandbox.server import Sandbox
from jobs.interruption import termination_as_ctrl_c
from jobs.output.console import print_line
from jobs.output.exit_codes import Exit


def keep_serving(sandbox: Sandbox, mailbox: Mailbox, config: Path | None) -> Exit:
    """Until Ctrl-C or SIGTERM. `config` leads to the sandbox: then the page says what to type."""
    sandbox.page.mails = mailbox.mails
    if config:
        sandbox.page.commands = lambda shown: next_commands(config.resolve(), shown)
    print_line(f"Microsoft Graph: {sandbox.graph_url} (certificate: {sandbox.ca_file})")
    print_line(f"Vendor:          {sandbox.scim_url}, {len(sandbox.sets)} subscription sets")
    print_line(f"Admin Portal:    {sandbox.portal_url} (or: seatsync sandbox portal --help)")
    print_line(f"Mailbox:         {mailbox.address}")
    if config:
        print_line(f"Configuration:   {config}; try: seatsync plan --config {config}")
    with termination_as_ctrl_c():
        try:
            while True:
                time.sleep(1)  # Windows wakes a sleeper for Ctrl-C alone, not for Ctrl-Break
        except KeyboardInterrupt:
            return Exit.OK


def next_commands(config: Path, shown: State) -> list[Command]:
    """What to type, by what the portal shows."""
    return [
        Command(setting_command("SEATSYNC_CONFIG", str(config)), "Once, in each terminal."),
        *_commands(config, shown),
    ]


def _commands(config: Path, shown: State) -> list[Command]:
    if not shown["token"] or shown["token_expired"]:
        return [
            Command("seatsync plan", "Ends with T2: users keep what they have, nothing is planned.")
        ]
    if shown["token"] != _stored_token(config):
        return [
            Command(
                "seatsync token set --lifetime 1y",
                "Asks for the new token, proves that the vendor takes it, and stores it. "
                "Copy it from this page, and give the lifetime that you chose.",
            )
        ]
    paces = {shown["pace"], shown["graph_pace"]}
    if "down" in paces:
        return [
            Command("seatsync plan", "Ends with 1. Nothing is decided: an error is no absence."),
            Command("seatsync status", "Says so in one line, for a monitor."),
        ]
    verbose = " --verbose" if "slow" in paces else ""
    return [
        Command(f"seatsync plan{verbose}", "Shows what would happen and why; changes nothing."),
        Command('seatsync approve latest --reason "I read it"', "That plan, and no other."),
        Command(f"seatsync apply latest{verbose}", "Does exactly that, and this page shows it."),
    ]


def _stored_token(config: Path) -> str:
    """What the configuration's runs use, where the sandbox put it at first."""
    try:
        return config.with_name("scim-token").read_text(encoding="utf-8").strip()
    except OSError:
        return ""
