"""What a counterpart says, fit to be repeated to an administrator."""

LONGEST = 300


def excerpt(text: object) -> str:
    """The first line, shortened, and without anything that a terminal would obey."""
    first = next(iter(str(text)[: LONGEST * 4].splitlines()), "")
    return "".join(character for character in first if character.isprintable())[:LONGEST]
