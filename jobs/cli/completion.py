"""What a shell completes beside commands and options, and the script that lets it do so."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ZshComplete

from jobs.cli.errors import reporting
from jobs.output.exit_codes import Exit

if TYPE_CHECKING:
    from connectors.store.completion_names import Names

    Read = Callable[[str], Names]

SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
LATEST = ("latest", "the newest one")


@click.command()
@click.argument("shell", type=click.Choice([*SHELLS]))
@reporting
def completion(shell: str) -> Exit:
    """Print a script that completes commands, plans, runs and names.

    \b
    bash: seatsync completion bash > ~/.local/share/bash-completion/completions/seatsync
    zsh:  seatsync completion zsh > ~/.zfunc/_seatsync  (in a folder of fpath)
    fish: seatsync completion fish > ~/.config/fish/completions/seatsync.fish
    """
    root = click.get_current_context().find_root().command
    click.echo(SHELLS[shell](root, {}, "seatsync", "_SEATSYNC_COMPLETE").source())
    return Exit.OK


def plans(ctx: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """Ids of plans."""
    from connectors.store.completion_names import plan_ids

    return _items([LATEST, *_from_store(ctx, plan_ids)], begun)


def runs(ctx: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """Ids of runs."""
    from connectors.store.completion_names import run_ids

    return _items([LATEST, *_from_store(ctx, run_ids)], begun)


def users(ctx: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """Names of users in the latest plan."""
    from connectors.store.completion_names import user_names

    return _items(_from_store(ctx, user_names), begun)


def codes(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Codes of situations, each with its title."""
    from reconciler.situations import SITUATIONS

    return _items(((row.code, row.title) for row in SITUATIONS.values()), begun)


def overridable(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Codes of guards that an approval may override."""
    from reconciler.situations import SITUATIONS
    from reconciler.situations.situation import Default

    blocking = (row for row in SITUATIONS.values() if row.default is Default.BLOCK)
    return _items(((row.code, row.title) for row in blocking), begun)


def codes_or_users(
    ctx: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Both."""
    return [*codes(ctx, parameter, begun), *users(ctx, parameter, begun)]


def _from_store(ctx: click.Context, read: "Read") -> "Names":
    """Nothing, where anything is in the way: a shell has no place for the reason."""
    with suppress(Exception):
        from config.load import load

        return read(load(ctx.params["config"]).store)
    return []


def _items(names: "Iterable[tuple[str, str]]", begun: str) -> list[CompletionItem]:
    """Those that go on as begun, in either case; none that would do something to a terminal."""
    return [
        CompletionItem(name, help=what)
        for name, what in names
        if name.casefold().startswith(begun.casefold()) and name.isprintable()
    ]
