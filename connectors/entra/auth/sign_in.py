"""Lets a person sign in to Entra ID and gets an ID token, which proves who it was.

In a browser: authorization code with PKCE (RFC 7636) on loopback (RFC 8252); the token then has the
`nonce` of the request. Without a browser: a device code (RFC 8628); the token has no nonce, and a
person can be talked into entering the code for somebody else.
"""

import webbrowser
from collections.abc import Callable
from time import monotonic
from typing import Any

from msal.oauth2cli.oauth2 import Client

from config.directory import DirectorySettings
from config.secret_redaction import held
from connectors.entra.auth.aadsts_hints import meaning_to_people
from connectors.entra.auth.app_token import WHAT, authority_http
from connectors.entra.auth.loopback import Loopback
from connectors.entra.auth.openid_configuration import Authority
from connectors.errors import CounterpartError, Unauthorized
from connectors.untrusted_text import excerpt

SECONDS = 300
"""Seconds that a person has for signing in."""

SCOPE = ("openid", "profile")
"""Scopes that say who it is, and give access to nothing."""

Tell = Callable[[str], None]


def in_browser(
    directory: DirectorySettings, client_id: str, authority: Authority, nonce: str, tell: Tell
) -> str:
    """The ID token of the person who signs in in this machine's browser, with `nonce` in it.

    `tell` is called with what the person needs to know, and the address if no browser opens.

    Raises:
        Unauthorized: Entra or the person refused.
        Unreachable: the authority does not answer.
        CounterpartError: nobody signed in.
    """

    def obtain(client: Client) -> dict[str, Any]:
        with Loopback() as loopback:
            flow = client.initiate_auth_code_flow(
                SCOPE,
                redirect_uri=loopback.redirect_uri,
                state=loopback.state,
                response_mode="form_post",
                nonce=nonce,
                # Also a person who is signed in already sees as whom, and what is asked.
                prompt="select_account",
            )
            tell("Sign in in the browser that opens now; Ctrl-C gives up.")
            if not webbrowser.open(flow["auth_uri"]):
                tell(f"No browser opens here. Open this address here: {flow['auth_uri']}")
            answer = loopback.answer(SECONDS)
        return dict(client.obtain_token_by_auth_code_flow(flow, answer)) if answer else {}

    return _id_token(directory, client_id, authority, obtain)


def with_device_code(
    directory: DirectorySettings, client_id: str, authority: Authority, tell: Tell
) -> str:
    """The ID token of the person who enters the code that `tell` gets; see `in_browser`."""

    def obtain(client: Client) -> dict[str, Any]:
        flow = client.initiate_device_flow(SCOPE)
        if "user_code" not in flow:
            return dict(flow)
        tell(f"{excerpt(flow.get('message'))} Ctrl-C gives up.")
        end = monotonic() + SECONDS
        answer = client.obtain_token_by_device_flow(flow, lambda _: monotonic() > end)
        return {} if answer.get("error") == "authorization_pending" else dict(answer)

    return _id_token(directory, client_id, authority, obtain)


def _id_token(
    directory: DirectorySettings,
    client_id: str,
    authority: Authority,
    obtain: Callable[[Client], dict[str, Any]],
) -> str:
    # msal's application class would choose the nonce itself; this is the client that it uses.
    http = authority_http(directory.endpoints)
    client = Client(dict(authority.endpoints), client_id, http_client=http)
    answer = obtain(client)
    if not answer:
        raise CounterpartError(WHAT, f"nobody signed in within {SECONDS // 60} minutes")
    for name in ("access_token", "refresh_token", "id_token"):
        held(str(answer.get(name, "")))
    if "id_token" not in answer:
        said = str(answer.get("error_description") or answer.get("error") or "no ID token given")
        raise Unauthorized(WHAT, 401, excerpt(said) + meaning_to_people(said))
    return str(answer["id_token"])
