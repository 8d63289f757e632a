"""seatsync's clients at a hostile server, which answers one of their requests with any bytes."""

import json
import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import trustme

from config.directory import DirectorySettings
from config.subscription_set import SubscriptionSet
from connectors.entra.client import Entra
from connectors.errors import Unreachable
from connectors.scim.client import Scim
from support.counterparts.vendor_settings import vendor_at
from support.faults.hostile_server import OK, Pieces, answering

TENANT = "11111111-1111-1111-1111-111111111111"
SETS = [SubscriptionSet(name=f"Set {at}", products=("Sales",)) for at in range(8)]
GROUPS = [{"id": f"{at}{TENANT[1:]}", "displayName": item.name} for at, item in enumerate(SETS)]

Ask = Callable[[], object]
HostileClient = Callable[[Callable[[], Pieces], Path], "contextmanager[Ask]"]


@contextmanager
def vendor(attack: Callable[[], Pieces], folder: Path) -> Iterator[Ask]:
    with answering(lambda path: attack()) as port:
        address = vendor_at(f"http://127.0.0.1:{port}/v2", folder)
        with Scim(address, ("userName",)) as client:
            yield lambda: client.account("u1")


def tenant(attacked: str) -> HostileClient:
    """The attack is the answer to what is asked at a path that ends so."""

    @contextmanager
    def client(attack: Callable[[], Pieces], folder: Path) -> Iterator[Ask]:
        def answer(asked: str) -> Pieces:
            if asked.endswith(attacked):
                return attack()
            if asked.endswith("/groups"):
                return sound({"value": GROUPS})
            if asked.endswith("/openid-configuration"):
                names = ("issuer", "authorization_endpoint", "token_endpoint")
                return sound({name: f"{root()}/{TENANT}/oauth2/v2.0/token" for name in names})
            return sound({"token_type": "Bearer", "expires_in": 3600, "access_token": "a.e30.c"})

        with answering(answer, _tls(folder)) as port:

            def root() -> str:
                return f"https://127.0.0.1:{port}"

            (folder / "secret").touch(mode=0o600)
            (folder / "secret").write_text("canary")
            cloud = {"authority": root(), "graph": root(), "ca_file": str(folder / "ca.pem")}
            directory = DirectorySettings.model_validate(
                {
                    "tenant_id": TENANT,
                    "client_id": TENANT,
                    "credential": {"secret": f"file:{folder / 'secret'}"},
                    "cloud": cloud,
                }
            )
            yield lambda: _read(directory)

    return client


def _read(directory: DirectorySettings) -> None:
    """Eight groups at the same time; raises also what is wrong with one of them."""
    for read in Entra(directory).read_sets(SETS, (), lambda _: None).reads:
        if not read.complete:
            raise Unreachable(read.set, read.because)


@contextmanager
def identity_endpoint(attack: Callable[[], Pieces], folder: Path) -> Iterator[Ask]:
    directory = DirectorySettings.model_validate(
        {"tenant_id": TENANT, "client_id": TENANT, "credential": {"managed_identity": "system"}}
    )
    with answering(lambda path: attack()) as port:
        here = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": f"http://127.0.0.1:{port}/"}
        with patch.dict(os.environ, here):
            yield lambda: _read(directory)


COUNTERPARTS: dict[str, HostileClient] = {
    "the vendor": vendor,
    "Graph": tenant("/groups"),
    "Graph, of eight groups": tenant("/members"),
    "the token endpoint": tenant("/token"),
    "the authority": tenant("/openid-configuration"),
    "a managed identity": identity_endpoint,
}


def sound(content: object) -> Pieces:
    text = json.dumps(content).encode()
    return [OK + f"Content-Length: {len(text)}\r\n\r\n".encode() + text]


def _tls(folder: Path) -> ssl.SSLContext:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    return tls
