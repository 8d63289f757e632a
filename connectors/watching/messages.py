"""Messages to people, through Apprise: mail, Teams, Slack, a webhook, and a hundred others.

Apprise sends by its own ways: certificates and proxies are those of the environment, and it waits
some seconds for each answer. No redirect is followed.
"""

import logging
import re
from urllib.parse import unquote

from config.secret import SecretReference, SecretUnavailable
from config.secret_redaction import LONG, held
from connectors.errors import CounterpartError, Unreachable


def send(to: SecretReference, title: str, text: str) -> None:
    """One message to one address.

    Raises:
        CounterpartError: there is no usable address; Unreachable: it was not taken.
    """
    from apprise import Apprise, AppriseAsset, LogCapture, NotifyFormat

    what, address = f"telling {to}", _address(to)
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
    with LogCapture(level=logging.WARNING, fmt="%(message)s") as log:  # type: ignore[no-untyped-call]
        if not messenger.add(address):
            raise CounterpartError(what, "it holds no address as Apprise has them")
        if messenger.notify(text, title=title, body_format=NotifyFormat.TEXT):
            return
        why = " ".join(log.getvalue().split())
    raise Unreachable(what, why.rstrip(".") or "it was not taken")


def _address(to: SecretReference) -> str:
    """Whatever of it is long, or stands where a password does, is a secret of its own."""
    try:
        address = to.resolve()
    except SecretUnavailable as error:
        raise CounterpartError(f"telling {to}", str(error)) from None
    for part in re.split(r"[/?&=@:,]", address):
        if len(part) >= LONG:
            held(unquote(part))
    if password := re.match(r"[^/]*//[^/@]*:([^/@]*)@", address):
        held(unquote(password[1]))
    return address
