"""Questions that are asked until the answer is one."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, TypeVar

import click
from pydantic import TypeAdapter, ValidationError

from config.section import Section
from config.validation_messages import in_plain_words

T = TypeVar("T")


def heading(text: str) -> None:
    """What the next questions are about."""
    click.echo()
    click.secho(text, bold=True)


def ask(question: str, parse: Callable[[str], T], default: Any = None) -> T:
    """What `parse` makes of the answer; where it raises ValueError, that is told, and it is asked
    again.

    Raises:
        click.Abort: somebody has had enough (Ctrl-C, or the end of the input).
    """
    answer: T = click.prompt(
        question,
        default=default,
        show_default=default != "",
        value_proc=partial(_parsed, parse),
    )
    return answer


def ask_for(section: type[Section], key: str, question: str, default: Any = None) -> str:
    """A value of the configuration, by the rules of its key, as it was typed."""
    return ask(question, partial(_fitting, section, key), default)


def choose(question: str, among: Sequence[str], default: str) -> str:
    """One of these words."""
    answer: str = click.prompt(question, type=click.Choice(among), default=default)
    return answer


def agreed(question: str, *, default: bool = True) -> bool:
    """Yes or no."""
    return click.confirm(question, default=default)


def _parsed(parse: Callable[[str], T], text: Any) -> T:
    try:
        return parse(str(text).strip())
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _fitting(section: type[Section], key: str, text: str) -> str:
    field = section.model_fields[key]
    rules: Any = Annotated[field.annotation, field]
    try:
        TypeAdapter(rules).validate_python(text)
    except ValidationError as error:
        raise ValueError(in_plain_words(error.errors()[0])[1]) from None
    return text
