"""A counterpart that repeats what it was sent, secrets and all, wherever an answer has room."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from werkzeug.wrappers import Request, Response

Application = Callable[..., Iterable[bytes]]
Manner = Callable[[Response, str], None]


@dataclass
class Echo:
    """Stands before the servers; `at` is the method and the end of the path that it answers itself.

    Everything else is answered as it should be. `met` counts what was answered here, and `sent` has
    every secret that ever came, by what it is.
    """

    manner: Manner
    at: tuple[str, str] = ("", "")
    met: int = 0
    sent: dict[str, set[str]] = field(default_factory=dict)

    def before(self, application: Application) -> Application:
        def answer(itself: Any, environ: Any, start_response: Any) -> Iterable[bytes]:
            request = Request(environ)
            body = request.get_data(cache=True, parse_form_data=False)
            heard = self._heard(request)
            environ["wsgi.input"] = BytesIO(body)
            response = Response.from_app(lambda *given: application(itself, *given), environ)
            method, path = self.at
            if heard and method in {"", request.method} and request.path.endswith(path):
                self.met += 1
                self.manner(response, " ".join(heard))
            return response(environ, start_response)

        return answer

    def _heard(self, request: Request) -> list[str]:
        heard = {
            "bearer": request.headers.get("Authorization", "").removeprefix("Bearer "),
            "identity header": request.headers.get("X-IDENTITY-HEADER", ""),
            **{name: request.form.get(name, "") for name in ("client_secret", "client_assertion")},
        }
        for name, secret in heard.items():
            if secret:
                self.sent.setdefault(name, set()).add(secret)
        return [secret for secret in heard.values() if secret]


def among_the_data(response: Response, secret: str) -> None:
    """In texts that are kept, in members that nobody knows, and in the names of some."""
    body = _json(response)
    if isinstance(body, dict) and "access_token" not in body:
        response.set_data(json.dumps(_told(body, secret)).replace("/", "\\/"))
    _in_the_head(response, secret)


def _told(body: Any, secret: str) -> Any:
    if isinstance(body, list):
        return [_told(one, secret) for one in body]
    if not isinstance(body, dict):
        return body
    kept = {key: _told(value, secret) for key, value in body.items()}
    for name in ("jobTitle", "surname", "title", "familyName", "documentationUri"):
        if kept.get(name):
            kept[name] = f"{kept[name]} {secret}"
    return {**kept, secret: secret, "echo": [f"Bearer {secret}"]}


def refusing(response: Response, secret: str) -> None:
    """In an error of Graph, of OAuth and of SCIM at once, and in the head."""
    body = {
        "error": {"code": secret, "message": f"not {secret}", "innerError": {"date": secret}},
        "error_description": f"AADSTS7000215: Invalid client secret {secret}",
        "detail": f"not\nwith \u200b{secret[:9]}\u200b{secret[9:]} nor {secret}",
        "scimType": secret,
        "schemas": [secret],
    }
    response.status = f"403 {secret}"
    response.set_data(json.dumps(body, ensure_ascii=False))
    _in_the_head(response, secret)


def a_page(response: Response, secret: str) -> None:
    response.status = f"200 {secret}"
    response.set_data(f"<html><title>{secret}</title>{secret}")
    _in_the_head(response, secret)


def redirecting(response: Response, secret: str) -> None:
    response.status = f"302 {secret}"
    response.set_data(secret)
    _in_the_head(response, secret)
    response.headers["Location"] = f"https://elsewhere.example/{secret}?token={secret}#{secret}"


def _in_the_head(response: Response, secret: str) -> None:
    for name in ("WWW-Authenticate", "request-id", "Retry-After", "X-Echo"):
        response.headers[name] = secret


def _json(response: Response) -> Any:
    try:
        return json.loads(response.get_data())
    except ValueError:
        return None
