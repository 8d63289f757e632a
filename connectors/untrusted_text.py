"""What a counterpart says, fit to be repeated to an administrator."""

from config.secret_redaction import without_secrets

LONGEST = 300


def excerpt(text: object) -> str:
    """The first line, shortened, without secrets or anything that a terminal would obey.

    Secrets go last: without what cannot be seen, the pieces of one may stand together again.
    """
    first = next(iter(str(text)[: LONGEST * 100].splitlines()), "")
    visible = "".join(character for character in first if character.isprintable())
    return without_secrets(visible)[:LONGEST]
