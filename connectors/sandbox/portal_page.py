"""The Admin Portal's page: what the guide shows of it, with its buttons, while a sandbox is served.

For people a page without scripts, for commands the same as JSON. Only this machine is answered, and
a button counts only where it was on this page: each form carries a secret, and no other site's page
can read it (it gets no answer that it may look into) or send it (`Origin`).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from hmac import compare_digest
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.wrappers import Request, Response

from connectors.sandbox.portal import LIFETIMES, LONGEST_DESCRIPTION, Portal, PortalError

Form = Mapping[str, Any]
State = dict[str, Any]

THIS_MACHINE = ["127.0.0.1", "localhost"]
"""Names under which it is asked: another one, led here by its owner's DNS, is not answered."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

JSON = "application/json"


class PortalPage:
    """A WSGI application. `alone` keeps SCIM requests out while a button is pressed."""

    def __init__(
        self, portal: Portal, base_url: str, alone: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._portal = portal
        self._base_url = base_url
        self._alone = alone
        self._secret = token_urlsafe(32)
        self._buttons: dict[str, Callable[[Form], object]] = {
            "/new-token": lambda form: portal.generate_token(form.get("lifetime", "")),
            "/delete-token": lambda _: portal.delete_token(),
            "/create-set": self._create_set,
            "/switch": self._switch,
        }
        self._page = Environment(
            loader=PackageLoader("connectors.sandbox"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        ).get_template("portal.html")

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
        if request.method != "POST":
            if request.path != "/":
                raise NotFound
            return self._shown(request)
        _refuse_other_pages(request, own, self._secret)
        try:
            press = self._buttons[request.path]
        except KeyError:
            raise NotFound from None
        try:
            press(request.form.to_dict() | {"products": request.form.getlist("product")})
        except PortalError as error:
            return self._shown(request, str(error), HTTPStatus.BAD_REQUEST)
        return self._shown(request)

    def _shown(
        self, request: Request, refusal: str = "", status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        """After a button a browser is led back, so that to load the page again presses nothing."""
        wants_json = request.accept_mimetypes.best_match([JSON, "text/html"]) == JSON
        state = {**self._state(), "refusal": refusal}
        if wants_json:
            return Response(orjson.dumps(state), status, mimetype=JSON)
        if request.method == "POST" and not refusal:
            return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/"})
        page = self._page.render(
            state, lifetimes=LIFETIMES, longest_description=LONGEST_DESCRIPTION
        )
        return Response(page, status, mimetype="text/html")

    def _state(self) -> State:
        portal, used = self._portal, self._portal.used()
        return {
            "secret": self._secret,
            "base_url": self._base_url,
            "token": portal.token,
            "token_expires": f"{portal.token_expires:%Y-%m-%d}" if portal.token else "",
            "managed_through_idp": portal.managed_through_idp,
            "seats": [
                {"product": product, "purchased": purchased, "used": used[product]}
                for product, purchased in portal.seats.items()
            ],
            "sets": [
                {
                    "name": item.name,
                    "description": item.description,
                    "products": item.products,
                    "admin": item.admin,
                    "last_synced": f"{item.last_synced:%Y-%m-%d %H:%M} UTC"
                    if item.last_synced
                    else "UnSynced",
                    "created": f"{item.created:%Y-%m-%d %H:%M} UTC",
                    "users": len(portal.members(item.name)),
                    "not_provisioned": len(portal.in_group(item.name) - portal.members(item.name)),
                }
                for item in portal.sets.values()
            ],
        }

    def _create_set(self, form: Form) -> None:
        self._portal.create_set(
            form.get("name", ""),
            form.get("description", ""),
            tuple(form["products"]),
            "admin" in form,
        )

    def _switch(self, form: Form) -> None:
        if form.get("to") not in {"on", "off"}:
            raise PortalError("Manage Users through IdP: on or off")
        self._portal.managed_through_idp = form["to"] == "on"


def _refuse_other_pages(request: Request, own: str, secret: str) -> None:
    """Raises Forbidden unless the button was on this page."""
    origin, sent = request.headers.get("Origin", own), request.form.get("secret", "")
    if origin != own or not compare_digest(sent.encode(), secret.encode()):
        raise Forbidden("This button was not on this portal's own page: load that, and press it.")
