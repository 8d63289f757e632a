"""Where users and groups are read: an Entra tenant, or an export of one."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from config.credential import Credential, ManagedIdentity
from config.field_types import Address, Duration, Guid, is_guid
from config.section import FilePath, Section


class Cloud(Section):
    """Roots of a cloud's endpoints, without tenant and version."""

    authority: Address
    """Of Entra ID's sign-in, such as https://login.microsoftonline.com."""

    graph: Address
    """Of Microsoft Graph, such as https://graph.microsoft.com."""

    ca_file: FilePath | None = None
    """PEM: the authorities that both are believed by, and no others."""


# Microsoft Graph, "National cloud deployments".
CLOUDS = {
    "global": Cloud(
        authority="https://login.microsoftonline.com", graph="https://graph.microsoft.com"
    ),
    "usgov": Cloud(
        authority="https://login.microsoftonline.us", graph="https://graph.microsoft.us"
    ),
    "dod": Cloud(
        authority="https://login.microsoftonline.us", graph="https://dod-graph.microsoft.us"
    ),
    "china": Cloud(
        authority="https://login.chinacloudapi.cn", graph="https://microsoftgraph.chinacloudapi.cn"
    ),
}


READING = ("delta", "full_read_after", "full_read_after_runs")
"""How the directory is read; whichever way, the same is read."""


class DirectorySettings(Section):
    """The Entra tenant that is read. Nothing is ever written to it."""

    tenant_id: Guid
    """Entra admin center > Overview."""

    client_id: Guid
    """Of the app registration, or of the managed identity."""

    sign_in_client_id: Guid | None = None
    """The app registration that people who approve sign in to; by default that of `client_id`."""

    credential: Credential
    """How the app proves who it is: exactly one of four ways."""

    cloud: Annotated[
        Annotated[Literal["global", "usgov", "dod", "china"], Tag("<name>")]
        | Annotated[Cloud, Tag("<section>")],
        Discriminator(lambda given: "<section>" if isinstance(given, dict | Cloud) else "<name>"),
    ] = "global"
    """A national cloud by its name, or the addresses themselves."""

    enterprise_app: str | None = None
    """The vendor's enterprise application, by its displayName or its application id: `check
    --online` looks there whether single sign-on is set up, the guide's prerequisite."""

    sign_ins: bool = False
    """Read who signed in to `enterprise_app`, which is its application id then, and keep when
    everybody did last, for `seatsync idle`. It takes AuditLog.Read.All and Entra ID P1."""

    delta: bool = False
    """Read what changed since the last run, instead of every group to its end."""

    full_read_after: Duration = timedelta(hours=24)
    """With `delta`: the groups themselves are read at least that often."""

    full_read_after_runs: Annotated[int, Field(ge=1)] = 24
    """With `delta`: and after so many runs."""

    @model_validator(mode="after")
    def _an_application_to_sign_in_to(self) -> Self:
        if self.sign_ins and not is_guid(self.enterprise_app or ""):
            raise ValueError(
                "sign_ins: enterprise_app has to be the application id, of Enterprise "
                "applications > the vendor's > Overview"
            )
        return self

    @property
    def endpoints(self) -> Cloud:
        return CLOUDS[self.cloud] if isinstance(self.cloud, str) else self.cloud

    @property
    def sign_in_app(self) -> str | None:
        """The client id of the app that people sign in to; a managed identity is none."""
        own = None if isinstance(self.credential, ManagedIdentity) else self.client_id
        return self.sign_in_client_id or own

    @property
    def origin(self) -> str:
        """Whose word about the tenant it is: that of Microsoft Graph at this address."""
        return self.endpoints.graph


class DirectoryFile(Section):
    """An export of a tenant in the tenant's place; `connectors.entra_export` has its shape."""

    file: FilePath
    """JSON with Graph's names, or CSV."""

    tenant_id: Guid
    """The tenant that the export was made of; a plan is bound to it."""

    max_export_age: Duration = timedelta(days=7)
    """There is no plan from an older one (R21)."""

    @property
    def origin(self) -> str:
        """No address: a file may lie anywhere."""
        return ""


def _is_an_export(given: object) -> bool:
    return isinstance(given, DirectoryFile) or (isinstance(given, dict) and "file" in given)


Directory = Annotated[
    Annotated[DirectorySettings, Tag("<tenant>")] | Annotated[DirectoryFile, Tag("<export>")],
    Discriminator(lambda given: "<export>" if _is_an_export(given) else "<tenant>"),
]
"""A tenant, or an export of one."""
