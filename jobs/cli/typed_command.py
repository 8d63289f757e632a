"""The command that is under way, as a person can type it again."""

import shlex
from collections.abc import Iterator
from typing import Any

import click
from click.core import ParameterSource


def typed(**changed: object) -> str:
    """With everything that was typed, but for the parameters that are given here."""
    context = click.get_current_context()
    words = ["seatsync", *context.command_path.split()[1:]]
    for parameter in context.command.params:
        name = str(parameter.name)
        if name in changed or _was_typed(context, parameter):
            words += _words(parameter, changed.get(name, context.params[name]))
    return shlex.join(words)


def _was_typed(context: click.Context, parameter: click.Parameter) -> bool:
    """How much a command says is not part of what it does."""
    source = context.get_parameter_source(str(parameter.name))
    return parameter.expose_value and source is ParameterSource.COMMANDLINE


def _words(parameter: click.Parameter, value: Any) -> Iterator[str]:
    if isinstance(parameter, click.Argument):
        yield from map(str, value if parameter.nargs == -1 else [value])
    elif getattr(parameter, "is_flag", False):
        yield parameter.opts[0]
    else:
        for one in value if parameter.multiple else [value]:
            yield from (parameter.opts[0], str(one))
