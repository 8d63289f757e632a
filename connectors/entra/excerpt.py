"""What a counterpart says, fit to be repeated to an administrator."""

from config.held import without_secrets

LONGEST = 300


def excerpt(text: object) -> str:
    """The first line, shortened, without secrets or anything that a terminal would obey."""
    first = next(iter(without_secrets(str(text))[: LONGEST * 4].splitlines()), "")
    return "".join(character for character in first if character.isprintable())[:LONGEST]
