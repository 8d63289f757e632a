"""The portal's buttons, pressed from another process while the sandbox is served."""

from typing import Any

import requests

from connectors.errors import Refused, Unreachable
from connectors.http.network_cause import network_cause
from connectors.sandbox.portal_page import JSON

TIMEOUT_SECONDS = 10


def portal_state(address: str) -> dict[str, Any]:
    """What the portal shows: the keys of its JSON.

    Raises:
        Unreachable: there is no such portal.
    """
    return _asked("GET", address, "/", {})


def press(address: str, button: str, **fields: str | list[str]) -> dict[str, Any]:
    """Fills a form in and sends it; returns what the portal shows then.

    Raises:
        Refused: the portal does not take that; Unreachable: there is no such portal.
    """
    secret = portal_state(address)["secret"]
    return _asked("POST", address, f"/{button}", {**fields, "secret": secret})


def _asked(method: str, address: str, path: str, form: dict[str, Any]) -> dict[str, Any]:
    what = f"asking the sandbox's portal at {address}"
    try:
        answer = requests.request(
            method,
            f"{address.rstrip('/')}{path}",
            data=form,
            headers={"Accept": JSON},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        state: dict[str, Any] = answer.json()
        refusal = state["refusal"]
    except requests.JSONDecodeError as error:
        raise Unreachable(what, "that is no sandbox's portal") from error
    except requests.RequestException as error:
        raise Unreachable(what, network_cause(error)) from error
    except (KeyError, TypeError) as error:
        raise Unreachable(what, "that is no sandbox's portal") from error
    if refusal:
        raise Refused(what, answer.status_code, refusal)
    return state
