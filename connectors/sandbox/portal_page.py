"""The Admin Portal's page: what the guide shows of it, with its buttons, while a sandbox is served.

For people a page without scripts, for commands the same as JSON. Only this machine is answered, and
only forms of this page are accepted: each carries a secret, and no other site's page can read it
(it gets no answer that it may look into) or send it (`Origin`).
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from hmac import compare_digest
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Any, NamedTuple

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.wrappers import Request, Response

from connectors.sandbox.admin_portal import LIFETIMES, LONGEST_DESCRIPTION, PortalError
from connectors.sandbox.mail_server import Mail
from connectors.sandbox.portal_forms import PortalForms
from connectors.sandbox.portal_json import State

THIS_MACHINE = ["127.0.0.1", "localhost"]
"""Names under which it is asked: another one, led here by its owner's DNS, is not answered."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

JSON = "application/json"


@cache
def _templates() -> Environment:
    """Compiled once, for all sandboxes of a process: that takes longer than to start one."""
    return Environment(
        loader=PackageLoader("connectors.sandbox"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Command(NamedTuple):
    """What somebody may type, and what comes of it."""

    line: str
    does: str


class PortalPage:
    """A WSGI application over what `view` shows and `forms` do. `alone` keeps SCIM requests out
    meanwhile. `commands` are what to type next, by what is shown; `mails` came, the newest first.
    """

    def __init__(
        self,
        view: Callable[[], State],
        forms: PortalForms,
        alone: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self.commands: Callable[[State], Sequence[Command]] = lambda _: ()
        self.mails: Iterable[Mail] = ()
        self._view = view
        self._forms = forms
        self._alone = alone
        self._secret = token_urlsafe(32)
        self._happened = ""
        self._page = _templates().get_template("portal.html")
        self._style = _templates().get_template("portal.css").render()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        try:
            with self._alone():
                response = self._answer(request)
        except HTTPException as error:
            response = Response(f"{error.description}\n", status=error.code)
        response.headers.update(HEADERS)
        return response(environ, start)

    def _answer(self, request: Request) -> Response:
        request.trusted_hosts = THIS_MACHINE
        own = request.host_url.rstrip("/")  # raises where the host is no trusted one
        if request.method == "POST":
            _refuse_other_pages(request, own, self._secret)
            return self._pressed(request)
        if request.path == "/portal.css":
            return Response(self._style, mimetype="text/css")
        if request.path != "/":
            raise NotFound
        return self._shown(request)

    def _pressed(self, request: Request) -> Response:
        """Then a browser is led back, so that to load the page again presses nothing."""
        if request.path not in self._forms.buttons:
            raise NotFound
        form = request.form.to_dict() | {"products": request.form.getlist("product")}
        try:
            self._happened = self._forms.buttons[request.path](form)
        except PortalError as error:
            return self._shown(request, str(error), HTTPStatus.BAD_REQUEST)
        if _wants_json(request):
            return self._shown(request)
        return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/"})

    def _shown(
        self, request: Request, refusal: str = "", status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        state = {
            **self._view(),
            "secret": self._secret,
            "happened": self._happened,
            "refusal": refusal,
            "mails": [mail._asdict() for mail in tuple(self.mails)],
        }
        if _wants_json(request):
            return Response(orjson.dumps(state), status, mimetype=JSON)
        page = self._page.render(
            state,
            commands=self.commands(state),
            lifetimes=LIFETIMES,
            longest_description=LONGEST_DESCRIPTION,
        )
        return Response(page, status, mimetype="text/html")


def _wants_json(request: Request) -> bool:
    return request.accept_mimetypes.best_match([JSON, "text/html"]) == JSON


def _refuse_other_pages(request: Request, own: str, secret: str) -> None:
    """Raises Forbidden unless the button was on this page."""
    origin, sent = request.headers.get("Origin", own), request.form.get("secret", "")
    if origin != own or not compare_digest(sent.encode(), secret.encode()):
        raise Forbidden("This button was not on this portal's own page: load that, and press it.")
