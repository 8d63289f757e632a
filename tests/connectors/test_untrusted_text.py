"""What Entra says is repeated shortly, and without what it was sent."""

from config.secret_redaction import held
from connectors.untrusted_text import LONGEST, excerpt


def test_a_secret_at_the_end_leaves_no_half_of_itself() -> None:
    held("s3cr3t-t0ken")
    assert excerpt("x" * (LONGEST - 6) + "s3cr3t-t0ken") == "x" * (LONGEST - 6) + "***"


def test_the_first_line_is_enough() -> None:
    assert excerpt("AADSTS7000215: \x1b[2Jno\r\nTrace ID: 1") == "AADSTS7000215: [2Jno"


def test_a_secret_between_whose_letters_something_unseen_stands_is_hidden() -> None:
    held("s3cr3t-t0ken")
    assert excerpt("not s3cr\u200b3t-t\x000ken") == "not ***"
