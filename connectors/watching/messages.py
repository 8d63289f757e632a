"""Messages to people, through Apprise: mail, Teams, Slack, a webhook, and a hundred others.

Apprise sends by its own ways: certificates and proxies are those of the environment, and it waits
some seconds for each answer. No redirect is followed.
"""

import logging
import re
from contextlib import AbstractContextManager
from io import StringIO
from typing import TYPE_CHECKING
from urllib.parse import unquote

from config.secret_redaction import LONG, held
from config.secret_reference import SecretReference, SecretUnavailable
from connectors.errors import CounterpartError, Unreachable
from connectors.secrets.read_and_write import read_secret

if TYPE_CHECKING:
    from apprise import Apprise


def known(to: SecretReference) -> None:
    """Raises CounterpartError where there is no usable address. Nothing is sent."""
    with _log():
        _messenger(to)


def send(to: SecretReference, title: str, text: str) -> None:
    """One message to one address.

    Raises:
        CounterpartError: there is no usable address; Unreachable: it was not taken.
    """
    from apprise import NotifyFormat

    with _log() as log:
        if _messenger(to).notify(text, title=title, body_format=NotifyFormat.TEXT):
            return
        why = " ".join(log.getvalue().split())
    raise Unreachable(f"telling {to}", why.rstrip(".") or "it was not taken")


def _log() -> AbstractContextManager[StringIO]:
    """What Apprise says, for it raises nothing."""
    from apprise import LogCapture

    capture: AbstractContextManager[StringIO] = LogCapture(  # type: ignore[no-untyped-call]
        level=logging.WARNING, fmt="%(message)s"
    )
    return capture


def _messenger(to: SecretReference) -> "Apprise":
    from apprise import Apprise, AppriseAsset

    asset = AppriseAsset(
        app_id="seatsync",
        app_desc="",
        app_url="",
        image_url_mask="",  # its pictures are elsewhere
        image_url_logo="",
        http_redirects=False,
        secure_logging=True,
    )
    messenger = Apprise(asset=asset)
    if not messenger.add(_address(to)):
        raise CounterpartError(f"telling {to}", "it holds no address as Apprise has them")
    return messenger


def _address(to: SecretReference) -> str:
    """Whatever of it is long, or stands where a password does, is a secret of its own."""
    try:
        address = read_secret(to)
    except SecretUnavailable as error:
        raise CounterpartError(f"telling {to}", str(error)) from None
    for part in re.split(r"[/?&=@:,]", address):
        if len(part) >= LONG:
            held(unquote(part))
    if password := re.match(r"[^/]*//[^/@]*:([^/@]*)@", address):
        held(unquote(password[1]))
    return address
