"""The settings of one tenant and one vendor, as an administrator writes them in YAML.

Names and limits of subscription sets and tokens are those of the vendor's guide (steps 1 and 2).
"""

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from config.credential import Credential, ManagedIdentity
from config.duration import duration
from config.field_types import (
    Address,
    Database,
    Duration,
    Guid,
    Products,
    SeatNumber,
    SetName,
    TimeOfDay,
    UserAttribute,
)
from config.mapping import GUIDE_MAPPING, AttributeMapping
from config.secret import SecretReference
from config.section import FilePath, Section


class Cloud(Section):
    """Roots of a cloud's endpoints, without tenant and version."""

    authority: Address
    graph: Address
    ca_file: FilePath | None = None


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


class Directory(Section):
    """The Entra tenant that is read. Nothing is ever written to it.

    `client_id` is that of the app registration, or of the managed identity. People who approve sign
    in to the app registration of `sign_in_client_id`, by default the same. `enterprise_app` is the
    displayName of the vendor's enterprise application; `check --online` looks there whether single
    sign-on is set up, the guide's prerequisite.

    With `delta`, a run reads what changed since the last one, and the groups themselves at least
    every `full_read_after`, and after `full_read_after_runs` runs.
    """

    tenant_id: Guid
    client_id: Guid
    sign_in_client_id: Guid | None = None
    credential: Credential
    cloud: Annotated[
        Annotated[Literal["global", "usgov", "dod", "china"], Tag("<name>")]
        | Annotated[Cloud, Tag("<section>")],
        Discriminator(lambda given: "<section>" if isinstance(given, dict | Cloud) else "<name>"),
    ] = "global"
    enterprise_app: str | None = None
    delta: bool = False
    full_read_after: Duration = timedelta(hours=24)
    full_read_after_runs: Annotated[int, Field(ge=1)] = 24

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
    """An export of a tenant in the tenant's place; `connectors.export` tells its shape.

    A plan is bound to `tenant_id`, the tenant that the export was made of. There is none from an
    export that is older than `max_export_age`.
    """

    file: FilePath
    tenant_id: Guid
    max_export_age: Duration = timedelta(days=7)

    @property
    def origin(self) -> str:
        """No address: a file may lie anywhere."""
        return ""


class InAttribute(Section):
    """A set is the value of this attribute of its holders, by its SCIM path: one set per user."""

    attribute: UserAttribute


class Vendor(Section):
    """The vendor's SCIM 2.0 endpoint and its token (the guide, step 2).

    `operator` is the user name of the account that the token belongs to, where it has one. Holding
    a set is `membership` of the SCIM group that is called like it, unless the vendor knows none.
    Where groups never show who is in them, `shows_members` is false: then the store alone knows.
    TLS believes the authorities of `ca_file`, where it is given, and no others.
    """

    name: str
    base_url: Address
    token: SecretReference
    token_issued: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
    token_lifetime: Duration
    managed_through_idp: bool
    ca_file: FilePath | None = None
    operator: str | None = None
    shows_members: bool = True
    max_requests_per_second: Annotated[int, Field(ge=1, le=1000)] = 20
    membership: Annotated[
        Annotated[Literal["groups"], Tag("<name>")] | Annotated[InAttribute, Tag("<section>")],
        Discriminator(
            lambda given: "<section>" if isinstance(given, dict | InAttribute) else "<name>"
        ),
    ] = "groups"

    @field_validator("token_lifetime")
    @classmethod
    def _offered(cls, lifetime: timedelta) -> timedelta:
        if lifetime not in {duration("90d"), duration("180d"), duration("1y")}:
            raise ValueError("the vendor offers 90 days, 180 days and 1 year")
        return lifetime

    @property
    def token_expires(self) -> date:
        return self.token_issued + self.token_lifetime


class SubscriptionSet(Section):
    """One group of exactly this name, bound to products. A user is in at most one set.

    Where seats are short, people of a set with `priority` are served before others. A plan that
    leaves fewer than `min_members` users in the set is blocked.
    Groups inside the group are reported and skipped, as in Entra; `nested: expand` counts their
    members as the group's own. `leave_grace` is the policy's for whoever leaves this set.
    """

    name: SetName
    description: Annotated[str, Field(max_length=45)] = ""
    products: Products
    admin: bool = False
    priority: bool = False
    min_members: Annotated[int, Field(ge=0)] = 0
    group_id: Guid | None = None
    leave_grace: Duration | None = None
    nested: Literal["skip", "expand"] = "skip"


class SeatFile(Section):
    """A CSV with the columns ``product`` and ``purchased``, and optionally ``as_of`` (a date)."""

    file: FilePath


def _names_a_file(given: object) -> bool:
    return isinstance(given, SeatFile) or (isinstance(given, dict) and list(given) == ["file"])


def _is_an_export(given: object) -> bool:
    return isinstance(given, DirectoryFile) or (isinstance(given, dict) and "file" in given)


class Policy(Section):
    """What a run may do by itself, whom it never touches, and who is served first.

    `protected` and `served_first` hold user principal names or object ids. Plans remember whose a
    name was, and who holds an account of that user name is meant as well. A plan may take seats
    from `max_revokes` people or `max_revoke_percent` of them, whichever is more, and all plans of 7
    days from `max_week_revoke_percent`. Of at least 4 users of a set or a product up to
    `max_set_revoke_percent` may lose it in 7 days, and of the smaller sets as large a share may
    lose anybody. Up to `max_admin_grants` people may become admins in 7 days, unless their number
    doubles; and up to `max_renames` accounts, or `max_rename_percent` of them, may get another user
    name or mail address. `approvals` different people must approve a plan. Whoever leaves all
    groups keeps the seat for `leave_grace`, unless disabled or deleted.

    `approvers` may approve: accounts of the operating system, and where people sign in, object ids
    of users or of groups; nobody listed, whoever can run the command. With `approval: sign_in` no
    approval counts without a sign-in to Entra ID in a browser, and accounts list nobody; with
    `device_code` one without a browser counts, too.
    """

    max_revokes: Annotated[int, Field(ge=0)] = 5
    max_revoke_percent: Annotated[float, Field(ge=0, le=100)] = 10
    max_set_revoke_percent: Annotated[float, Field(ge=0, le=100)] = 25
    max_week_revoke_percent: Annotated[float, Field(ge=0, le=100)] = 20
    max_admin_grants: Annotated[int, Field(ge=0)] = 2
    max_renames: Annotated[int, Field(ge=0)] = 5
    max_rename_percent: Annotated[float, Field(ge=0, le=100)] = 10
    protected: tuple[str, ...] = ()
    served_first: tuple[str, ...] = ()
    allow_guests: bool = False
    approvals: Annotated[int, Field(ge=1, le=2)] = 1
    approvers: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    approval: Literal["command", "device_code", "sign_in"] = "command"
    auto_apply: bool = False
    plan_lifetime: Duration = timedelta(hours=24)
    max_seat_age: Duration = timedelta(days=7)
    reserve_after_runs: Annotated[int, Field(ge=1)] = 3
    leave_grace: Duration = timedelta(0)

    @model_validator(mode="after")
    def _people_or_nobody(self) -> Self:
        if self.auto_apply and self.approvals > 1:
            raise ValueError("auto_apply asks nobody and approvals: 2 asks two people; choose one")
        if self.auto_apply and self.approval != "command":
            how = f"approval: {self.approval}"
            raise ValueError(f"auto_apply asks nobody and {how} asks people; choose one")
        return self


class Timetable(Section):
    """When ``seatsync schedule`` starts a run: at local times of day, or at an interval."""

    at: tuple[TimeOfDay, ...] = ()
    every: Duration | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.at) == bool(self.every):
            raise ValueError('give either `at: ["03:00"]` or `every: 40m`')
        return self


class Settings(Section):
    """The whole file. Relative paths in it are relative to the file.

    `evidence_key` signs what `audit export` writes; it is made when it is needed first.
    """

    directory: Annotated[
        Annotated[Directory, Tag("<tenant>")] | Annotated[DirectoryFile, Tag("<export>")],
        Discriminator(lambda given: "<export>" if _is_an_export(given) else "<tenant>"),
    ]
    vendor: Vendor
    products: Annotated[Products, Field(min_length=1)]
    subscription_sets: Annotated[tuple[SubscriptionSet, ...], Field(min_length=1)]
    seats: Annotated[
        Annotated[SeatFile, Tag("<file>")] | Annotated[dict[str, SeatNumber], Tag("<numbers>")],
        Discriminator(lambda given: "<file>" if _names_a_file(given) else "<numbers>"),
    ]
    attribute_mapping: AttributeMapping = GUIDE_MAPPING
    policy: Policy = Policy()
    schedule: Timetable | None = None
    store: Annotated[Database, Field(repr=False, validate_default=True)] = "sqlite:///seatsync.db"
    reports: Annotated[FilePath, Field(validate_default=True)] = Path("reports")
    evidence_key: Annotated[FilePath, Field(validate_default=True)] = Path("evidence.key")

    @model_validator(mode="after")
    def _somewhere_to_sign_in(self) -> Self:
        if self.policy.approval != "command":
            if isinstance(self.directory, DirectoryFile):
                raise ValueError("policy.approval: nobody can sign in to an export; use `command`")
            if not self.directory.sign_in_app:
                raise ValueError("policy.approval: people need directory.sign_in_client_id")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 over what a plan depends on, and not on which machine it is made.

        What is left at its default is not in it: a new setting makes no plan stale.
        """
        decisive = self.model_dump_json(
            exclude_defaults=True,
            exclude={
                "directory": {"credential", "cloud", "file", *READING},
                "vendor": {"token", "ca_file", "max_requests_per_second"},
                "seats": True,
                "schedule": True,
                "store": True,
                "reports": True,
                "evidence_key": True,
            },
        )
        return f"sha256:{sha256(decisive.encode()).hexdigest()}"
