"""Starts tenant and vendor on loopback, and writes a configuration that points at them."""

import ssl
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from socket import SHUT_WR, socket, socketpair
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Self
from uuid import NAMESPACE_DNS, uuid5

import trustme
from ruamel.yaml import YAML
from werkzeug.serving import BaseWSGIServer, make_server

from connectors.sandbox.admin_portal import Portal
from connectors.sandbox.authority import Registration, SandboxAuthority
from connectors.sandbox.availability import Availability
from connectors.sandbox.graph import Graph
from connectors.sandbox.habits.habit import Habit
from connectors.sandbox.keep_alive_handler import KeepAliveHandler
from connectors.sandbox.overwrite_guard import write_own
from connectors.sandbox.portal_forms import PortalForms
from connectors.sandbox.portal_json import State, portal_view
from connectors.sandbox.portal_page import PortalPage
from connectors.sandbox.request_log import WriteLedger
from connectors.sandbox.tenant import Tenant
from connectors.sandbox.vendor import VendorApplication

HOST = "127.0.0.1"
TENANT_ID = str(uuid5(NAMESPACE_DNS, "tenant.sandbox"))
CLIENT_ID = str(uuid5(NAMESPACE_DNS, "client.sandbox"))
CLIENT_SECRET = "the-sandbox-secret"  # noqa: S105 - it opens nothing but this sandbox
TOKEN_LIFETIME = "180d"  # noqa: S105 - a duration


class Sandbox:
    """Both servers, running from `with` to its end.

    `sets` are dicts of name, description, products and admin, as in the configuration; `seats`
    the purchased seats per product. `graph_ledger` and `vendor_ledger` say what was asked and
    changed; `app` is the app registration, `portal` the vendor's Admin Portal, `vendor` its SCIM
    application, which has these `habits`, `availability` how it answers at the moment (and
    `graph_availability` how Graph does), and `page` the portal's page in a browser.
    """

    def __init__(
        self,
        tenant: Tenant,
        sets: Iterable[Mapping[str, Any]],
        seats: Mapping[str, int],
        ledger: Path | None = None,
        habits: Sequence[Habit] = (),
    ) -> None:
        self.tenant = tenant
        self.sets = [dict(item) for item in sets]
        self.graph_ledger = WriteLedger()
        self.vendor_ledger = WriteLedger(ledger)
        self.portal = Portal(seats)
        self.vendor = VendorApplication(self.portal, self.vendor_ledger, habits)
        self.availability = Availability(self.vendor)
        self.app = Registration(CLIENT_ID, CLIENT_SECRET)
        self.graph = Graph(tenant, SandboxAuthority(TENANT_ID, self.app, tenant), self.graph_ledger)
        self.graph_availability = Availability(self.graph, within="/v1.0/")
        forms = PortalForms(self.portal, tenant, self.availability, self.graph_availability)
        self.page = PortalPage(self._view, forms, self.vendor.storage.operation)
        self.token = self.portal.generate_token(TOKEN_LIFETIME)
        for item in self.sets:
            self.portal.create_set(
                item["name"],
                item.get("description", ""),
                item["products"],
                item.get("admin", False),
            )
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        end, self._ended = (self._stack.enter_context(one) for one in socketpair())
        self.ca_file = folder / "ca.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(tls)
        self.graph_url = f"https://{HOST}:{self._serve(self.graph_availability, tls)}"
        self.scim_url = f"http://{HOST}:{self._serve(self.availability)}/v2"
        self.portal_url = f"http://{HOST}:{self._serve(self.page)}"
        self._stack.callback(end.shutdown, SHUT_WR)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def directory(self) -> dict[str, Any]:
        """The configuration's section that leads to this sandbox's tenant."""
        return {
            "tenant_id": TENANT_ID,
            "client_id": CLIENT_ID,
            "credential": {"secret": "file:client-secret"},
            "cloud": {"authority": self.graph_url, "graph": self.graph_url, "ca_file": "ca.pem"},
        }

    def write_config(self, path: Path, **sections: Any) -> None:
        """A configuration of this sandbox, its secrets in files beside it; `sections` replace.

        Raises:
            OSError: a file cannot be written, or is there and no sandbox's (FileExistsError).
        """
        content = {
            "directory": self.directory,
            "vendor": {
                "name": "ZoomInfo",
                "base_url": self.scim_url,
                "token": "file:scim-token",
                "token_issued": self.portal.clock().date(),
                "token_lifetime": TOKEN_LIFETIME,
                "managed_through_idp": True,
                "max_requests_per_second": 1000,
            },
            "products": list(self.portal.seats),
            "subscription_sets": self.sets,
            "seats": dict(self.portal.seats),
            **sections,
        }
        written = BytesIO()
        YAML(typ="safe").dump(content, written)
        beside = {
            "client-secret": CLIENT_SECRET.encode(),
            "scim-token": self.token.encode(),
            "ca.pem": self.ca_file.read_bytes(),
        }
        write_own(path, written.getvalue(), beside)

    def _view(self) -> State:
        paces = self.availability.pace, self.graph_availability.pace
        shown = portal_view(self.portal, self.tenant, *paces)
        return {**shown, "base_url": self.scim_url}

    def _serve(self, application: Any, tls: ssl.SSLContext | None = None) -> int:
        server = make_server(
            HOST, 0, application, threaded=True, ssl_context=tls, request_handler=KeepAliveHandler
        )
        if tls:
            # In the connection's own thread: a client that never finishes keeps nobody waiting.
            setattr(server.socket, "do_handshake_on_connect", False)  # noqa: B010 - typed nowhere
        thread = Thread(target=_serve_until, args=(self._ended, server), daemon=True)
        thread.start()
        self._stack.callback(server.server_close)
        self._stack.callback(thread.join)
        return int(server.server_port)


def _serve_until(ended: socket, server: BaseWSGIServer) -> None:
    """Until `ended` has an end, at which all servers are woken at once.

    `serve_forever` looks many times a second whether it shall end, and does so for each server.
    """
    with DefaultSelector() as selector:
        for waited_for in (ended, server):
            selector.register(waited_for, EVENT_READ)
        while ended not in {key.fileobj for key, _ in selector.select()}:
            server.handle_request()
