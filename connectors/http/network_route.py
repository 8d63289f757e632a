"""How a host is reached: through which proxy and with which trusted authorities, without redirects.

The same for all of them: the authority, Graph and the vendor. httpx and requests read the
environment each in its own way; here it is read once, and neither library looks at it.
"""

import asyncio
import os
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from socket import SOCK_STREAM, getaddrinfo
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import httpx
import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy

from config.link_local_addresses import answers_within
from config.secret_redaction import held
from connectors.errors import CounterpartError, Unreachable
from connectors.http.network_cause import network_cause

CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of the environment; the first that is set counts. The libraries know one half of them each."""

_NOT_TRUSTED = re.compile(r"CERTIFICATE_VERIFY_FAILED\](?: certificate verify failed:)? ([^(]*)")
"""As OpenSSL says it, in the midst of a library's own words."""


class Origin(NamedTuple):
    """The origin of a URL (RFC 6454, section 4)."""

    scheme: str
    host: str
    port: int | None


def origin(url: str) -> Origin | None:
    """None if it is not a URL, or has user information in it."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    return None if parts.userinfo else Origin(parts.scheme, parts.host, parts.port)


@dataclass(frozen=True)
class Route:
    """To `address`. `setting` is the configuration's name of `ca_file`.

    TLS believes the authorities of `ca_file` alone, else those of the environment (see
    `CA_VARIABLES`), else certifi's.
    """

    address: str
    setting: str
    ca_file: Path | None = None

    @property
    def proxy(self) -> str | None:
        """HTTPS_PROXY or ALL_PROXY, unless NO_PROXY names the host; never before this machine.

        Raises:
            CounterpartError: it is none that speaks HTTP.
        """
        if _is_loopback(httpx.URL(self.address).host):
            return None
        named = select_proxy(self.address, get_environ_proxies(self.address))
        if not named:
            return None
        proxy = named if "://" in named else f"http://{named}"
        try:
            parts = urlsplit(proxy)
            usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:  # its text may repeat a password
            raise CounterpartError(self._finding, "its address cannot be read") from None
        held(unquote(parts.password or ""))
        if not usable:
            raise CounterpartError(self._finding, "only http:// and https:// can be used")
        return proxy

    def session(self, adapter: HTTPAdapter) -> requests.Session:
        """For requests: nothing of the environment counts but what is decided here."""
        session = _Session(self.check)
        session.trust_env = False
        session.proxies = {"all": self.proxy} if self.proxy else {}
        session.verify = str(self._trusted.path) if self._trusted else True
        for scheme in ("https://", "http://"):
            session.mount(scheme, adapter)
        return session

    def client(self, timeout: httpx.Timeout) -> httpx.AsyncClient:
        """For httpx, which follows no redirect by itself."""
        return httpx.AsyncClient(
            verify=self._trusted.context if self._trusted else True,
            proxy=self.proxy,
            trust_env=False,
            timeout=timeout,
            event_hooks={"request": [self._check_once]},
        )

    async def _check_once(self, _: httpx.Request) -> None:
        """As `check`; only the first time a name is resolved, and a thread waits for it."""
        if "_within" in vars(self):
            self.check()
        else:
            await asyncio.to_thread(self.check)

    def check(self) -> None:
        """To be called before every request. A name is resolved once; with a proxy, by the proxy.

        Raises:
            Unreachable: it leads to this machine's own metadata, or to its link alone.
        """
        if self._within:
            why = f"its name leads to {self._within}, which answers within a machine or its link"
            raise Unreachable(f"connecting to {self.address}", f"{why}; nothing was sent")

    @cached_property
    def _within(self) -> str:
        host, port = httpx.URL(self.address).host, httpx.URL(self.address).port
        if self.proxy or _is_loopback(host):
            return ""
        try:
            found = getaddrinfo(host, port, type=SOCK_STREAM)
        except (OSError, UnicodeError):  # as the library will say it
            return ""
        addresses = (str(address) for *_, (address, *_) in found)
        return next(filter(answers_within, addresses), "")

    def cause(self, error: Exception) -> str:
        """The cause of an error, in words; for a certificate also which authorities were asked."""
        if isinstance(error, requests.exceptions.ProxyError | httpx.ProxyError):
            proxy = httpx.URL(self.proxy or "")
            why = "it asks who you are" if "407" in str(error) else network_cause(error)
            return f"the proxy {proxy.host}:{proxy.port} does not let it through ({why})"
        if not (said := _NOT_TRUSTED.search(str(error))):
            return network_cause(error)
        by = f"by {self._trusted}" if self._trusted else f"by the usual authorities; {self._others}"
        return f"its TLS certificate is not trusted ({said[1].strip(' .')}) {by}"

    @cached_property
    def _trusted(self) -> "_Authorities | None":
        if self.ca_file:
            return _Authorities(self.setting, self.ca_file)
        named = ((name, os.environ.get(name)) for name in CA_VARIABLES)
        return next((_Authorities(name, Path(path)) for name, path in named if path), None)

    @property
    def _others(self) -> str:
        return f"{self.setting} (or SSL_CERT_FILE) names others"

    @property
    def _finding(self) -> str:
        return f"finding the proxy to {self.address} (HTTPS_PROXY, ALL_PROXY)"


class _Session(requests.Session):
    """Returns redirects as responses: 307 and 308 would send the body, secrets included, again.

    RFC 9110, sections 15.4.8 and 15.4.9.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        super().__init__()
        self._check = check

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        self._check()
        return super().send(request, **options)

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _Authorities:
    """Trusted authorities: a PEM file, or OpenSSL's folder of such files."""

    def __init__(self, setting: str, path: Path) -> None:
        """Raises CounterpartError: it cannot be read, or holds none."""
        self.path = path
        self._name = f"`{setting}` {path}"
        file, folder = (None, str(path)) if path.is_dir() else (str(path), None)
        try:
            self.context = ssl.create_default_context(cafile=file, capath=folder)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError without a strerror
            empty = isinstance(error, ssl.SSLError)
            why = "it holds no certificate in PEM" if empty else getattr(error, "strerror", None)
            raise CounterpartError(f"reading {self._name}", why or str(error)) from None

    def __str__(self) -> str:
        return self._name


def is_untrusted(error: Exception) -> bool:
    """Whether the certificate was rejected: nothing was sent, and a retry would not help."""
    return bool(_NOT_TRUSTED.search(str(error)))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
