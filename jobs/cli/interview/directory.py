"""The questions about the tenant, until Entra ID accepts the answers or somebody goes on."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from config.credential import ClientCertificate, ClientSecret, FederatedToken, ManagedIdentity
from config.directory import CLOUDS, Cloud, DirectorySettings
from config.section import Section
from connectors.entra.client import Entra
from connectors.entra.permissions import NEEDED_ROLES, SEES_APPLICATIONS
from connectors.errors import CounterpartError
from jobs.cli.interview.questions import agreed, ask, ask_for, choose, heading
from jobs.output.console import print_line

_WAYS: dict[str, tuple[type[Section], str, str]] = {
    "certificate": (ClientCertificate, "The file of certificate and private key", "app.pem"),
    "secret": (ClientSecret, "Where the secret is", "env:SEATSYNC_CLIENT_SECRET"),
    "federated_token_file": (
        FederatedToken,
        "The file of the platform's token",
        "/var/run/secrets/azure/tokens/azure-identity-token",
    ),
    "managed_identity": (ManagedIdentity, "The machine's own (system), or user", "system"),
}


def ask_directory(folder: Path) -> tuple[dict[str, Any], Entra | None]:
    """The section, and the tenant to search for groups; None if it cannot be read yet."""
    given: dict[str, Any] = {}
    while True:
        given = _asked(given)
        settings = DirectorySettings.model_validate(given, context={"folder": folder})
        entra = Entra(settings)
        try:
            roles = entra.check().roles
        except CounterpartError as error:
            print_line(error)
        else:
            print_line("Entra ID accepts the credential.")
            if roles >= NEEDED_ROLES:
                return {**given, **_single_sign_on(roles)}, entra
            missing = ", ".join(sorted(NEEDED_ROLES - roles))
            print_line(f"The app lacks permissions: {missing}. Grant them, with admin consent.")
        if not agreed("Ask these questions again? If not, you type the groups' names"):
            return given, None


def _asked(before: dict[str, Any]) -> dict[str, Any]:
    """`before` are the answers of the last time, proposed again."""
    heading("The tenant: Entra admin center > Overview, and App registrations > your app")
    return {
        "tenant_id": _id("tenant_id", "Tenant id", before),
        "client_id": _id("client_id", "Client id of the app", before),
        "credential": _credential(before.get("credential", {"certificate": None})),
        "cloud": _cloud(before.get("cloud", "global")),
    }


def _id(key: str, question: str, before: dict[str, Any]) -> str:
    return ask_for(DirectorySettings, key, question, before.get(key))


def _credential(before: dict[str, Any]) -> dict[str, Any]:
    ((last, value),) = before.items()
    way = choose("What the app proves itself with", list(_WAYS), last)
    section, question, default = _WAYS[way]
    usual = value if way == last and value else default
    return {way: ask_for(section, way, question, usual)}


def _cloud(before: Any) -> Any:
    """A cloud's name, or addresses: those of the sandbox, or of a gateway."""
    last = before if isinstance(before, str) else before["graph"]
    names = ", ".join(CLOUDS)
    cloud = ask(f"Cloud ({names}), or Microsoft Graph's address", _cloud_or_address, last)
    if cloud in CLOUDS:
        return cloud
    known = before if isinstance(before, dict) else {}
    authority = ask_for(Cloud, "authority", "The sign-in's address", known.get("authority", cloud))
    addresses = {"authority": authority, "graph": cloud}
    ca_file = ask("The file of who signs their certificate, if nobody usual", str, "")
    return {**addresses, "ca_file": ca_file} if ca_file else addresses


def _single_sign_on(roles: Collection[str]) -> dict[str, str]:
    """Where `check --online` looks for the guide's prerequisite, if the app may."""
    if SEES_APPLICATIONS not in roles:
        return {}
    name = ask("The vendor's enterprise application, to check its single sign-on", str, "")
    return {"enterprise_app": name} if name else {}


def _cloud_or_address(text: str) -> str:
    if text in CLOUDS:
        return text
    if "://" not in text:
        raise ValueError(f"expected {', '.join(CLOUDS)}, or an https:// address")
    Cloud.model_validate({"authority": text, "graph": text})
    return text
