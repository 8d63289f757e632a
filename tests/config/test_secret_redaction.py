"""What a process was given to prove itself with is in none of its texts."""

import pytest

from config.secret_redaction import held, without_secrets


@pytest.mark.parametrize("text", ["{}", "Bearer {}", "{}{}", "https://me:{}@db/store"])
def test_a_secret_is_hidden_wherever_it_stands(text: str) -> None:
    secret = held("s3cr3t-t0ken")
    assert without_secrets(text.format(secret, secret)) == text.format("***", "***")


@pytest.mark.parametrize(
    "form",
    [
        'p/ss w@rd+"<',
        "p%2Fss%20w%40rd%2B%22%3C",
        "p%2fss%20w%40rd%2b%22%3c",
        "p%2Fss+w%40rd%2B%22%3C",
        'p/ss w@rd+\\"<',
        "p/ss w@rd+&quot;&lt;",
    ],
)
def test_a_secret_is_hidden_as_others_write_it_too(form: str) -> None:
    """In an address, a form, JSON or HTML."""
    held('p/ss w@rd+"<')
    assert without_secrets(f"//me:{form}@db") == "//me:***@db"


def test_of_two_secrets_the_longer_one_is_looked_for_first() -> None:
    held("canary")
    held("canary-bird")
    assert without_secrets("canary-bird") == "***"


def test_what_is_too_short_to_be_one_garbles_nothing() -> None:
    assert held("") + held("the") == "the"
    assert without_secrets("the store") == "the store"
