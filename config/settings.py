"""The settings of one tenant and one vendor, as an administrator writes them in YAML.

Names and limits of subscription sets and tokens are those of the vendor's guide (steps 1 and 2).
"""

from datetime import date, timedelta
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    Tag,
    field_validator,
    model_validator,
)
from pydantic_core import to_jsonable_python

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from config.credential import Credential, ManagedIdentity
from config.duration import duration
from config.field_types import (
    Address,
    CronExpression,
    Currency,
    Database,
    Duration,
    Guid,
    Price,
    Products,
    SeatNumber,
    SetName,
    TimeOfDay,
    TimeZone,
    UserAttribute,
    is_guid,
)
from config.fleet import Fleet
from config.graph_user import graph_property
from config.scoping_filter import Clause, ScopingFilter
from config.secret_reference import SecretReference
from config.section import FilePath, Section
from config.watching import Health, Receiver


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


class InAttribute(Section):
    """A set is the value of this attribute of its holders, by its SCIM path: one set per user."""

    attribute: UserAttribute
    """Such as userType, or roles[type eq "seat"].value; not one that the mapping fills."""


class VendorSettings(Section):
    """The vendor's SCIM 2.0 endpoint and its token (the guide, step 2)."""

    name: str
    """As messages call it."""

    base_url: Address
    """The "Base URL" of Admin Portal > User Management > Users > Auto Provisioning > IdP."""

    token: SecretReference
    """The "API Token" of that page, by reference."""

    token_issued: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
    """The day on which it was generated. `seatsync token set` records the day of a newer one."""

    token_lifetime: Duration
    """90 days, 180 days or 1 year, as chosen there."""

    managed_through_idp: bool
    """The switch "Manage Users through IdP". While it is off no plan is applied (T5)."""

    ca_file: FilePath | None = None
    """PEM: the authorities that its TLS certificate is believed by, and no others."""

    operator: str | None = None
    """The user name of the account that the token belongs to, if there is one: never touched."""

    shows_members: bool = True
    """False where groups never show who is in them: then the store alone knows."""

    max_requests_per_second: Annotated[int, Field(ge=1, le=1000)] = 20
    """As much as the vendor bears."""

    membership: Annotated[
        Annotated[Literal["groups"], Tag("<name>")] | Annotated[InAttribute, Tag("<section>")],
        Discriminator(
            lambda given: "<section>" if isinstance(given, dict | InAttribute) else "<name>"
        ),
    ] = "groups"
    """Who holds a set is in the SCIM group of its name; or has the name in an attribute."""

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
    """One group of exactly this name, bound to products. A user is in at most one set."""

    name: SetName
    """The name of the Entra group and of the portal's set: 3 to 35 letters, digits, dots, hyphens
    and spaces."""

    description: Annotated[str, Field(max_length=45)] = ""
    """As in the portal."""

    products: Products
    """Every user of the set takes a seat of each."""

    admin: bool = False
    """Its users are admins at the vendor."""

    priority: bool = False
    """Where seats are short, its users are served before others."""

    min_members: Annotated[int, Field(ge=0)] = 0
    """A plan that leaves fewer users in the set is blocked (R25)."""

    group_id: Guid | None = None
    """The Entra group's object id, where there are several of this name."""

    leave_grace: Duration | None = None
    """The policy's, for whoever leaves this set."""

    nested: Literal["skip", "expand"] = "skip"
    """Groups inside the group are reported and skipped, as in Entra; or their members count as the
    group's own."""

    scoping_filters: tuple[ScopingFilter, ...] = ()
    """Members of the group who pass none of these are not in the set; without any, all are."""


class SeatFile(Section):
    """Seat numbers in a file of their own."""

    file: FilePath
    """CSV with the columns `product` and `purchased`, and optionally `as_of` (a date)."""


MOST_BOUGHT = 100_000
"""Of a bundle at once. More is a typing error."""


class SeatContract(Section):
    """What was bought of one product, and on which terms."""

    purchased: SeatNumber
    """How many seats."""

    price: Price | None = None
    """Of one seat for a year, in `currency`."""

    currency: Currency | None = None
    """By its code, such as EUR."""

    renews: date | None = None
    """The day on which the contract is renewed, and seats can be given back."""

    @model_validator(mode="after")
    def _a_price_in_a_currency(self) -> Self:
        if (self.price is None) != (self.currency is None):
            raise ValueError("`price` and `currency` belong together: give both, or none")
        return self


class Bundle(Section):
    """Products that the vendor sells together, or one that it sells by the pack."""

    products: Annotated[Products, Field(min_length=1)]
    """Each has a seat of every one of these."""

    price: Price
    """Of one for a year, in `currency`."""

    currency: Currency
    """As that of single seats."""

    pack: Annotated[int, Field(ge=1, le=MOST_BOUGHT)] = 1
    """It is sold in multiples of this number."""

    minimum: Annotated[int, Field(ge=0, le=MOST_BOUGHT)] = 0
    """The vendor sells so many, or none."""


def _names_a_file(given: object) -> bool:
    return isinstance(given, SeatFile) or (isinstance(given, dict) and list(given) == ["file"])


Seats = Annotated[
    Annotated[SeatNumber, Tag("<number>")] | Annotated[SeatContract, Tag("<section>")],
    Discriminator(
        lambda given: "<section>" if isinstance(given, dict | SeatContract) else "<number>"
    ),
]
"""A number of seats, alone or with the terms on which they were bought."""


def _is_an_export(given: object) -> bool:
    return isinstance(given, DirectoryFile) or (isinstance(given, dict) and "file" in given)


class IdlePolicy(Section):
    """Whose seat `seatsync idle` calls idle, and when `plan --reclaim` takes it."""

    days: Duration = timedelta(days=90)
    """A seat that was not used for so long; another number for once is `--days`."""

    grace: Duration = timedelta(days=14)
    """`plan --reclaim` takes a seat only so long after an earlier one announced it."""

    exclude: Annotated[str, Field(min_length=1)] | None = None
    """The displayName of an Entra group of people who are on leave, or whose seat shall be left to
    them: with the groups inside it. While it cannot be read nobody is idle."""


class Policy(Section):
    """What a run may do by itself, whom it never touches, and who is served first.

    A plan beyond one of the limits is held or blocked until a person lets it pass.
    """

    max_revokes: Annotated[int, Field(ge=0)] = 5
    """A plan may take seats from so many users, or from `max_revoke_percent` of them, whichever is
    more."""

    max_revoke_percent: Annotated[float, Field(ge=0, le=100)] = 10
    """See `max_revokes`."""

    max_set_revoke_percent: Annotated[float, Field(ge=0, le=100)] = 25
    """So many of at least 4 users of a set or a product may lose it in 7 days; and of the smaller
    sets as large a share may lose anybody."""

    max_week_revoke_percent: Annotated[float, Field(ge=0, le=100)] = 20
    """All plans of 7 days together may take seats from so many users."""

    max_admin_grants: Annotated[int, Field(ge=0)] = 2
    """So many users may become admins in 7 days, unless their number doubles."""

    max_renames: Annotated[int, Field(ge=0)] = 5
    """So many accounts, or `max_rename_percent` of them, may get another user name or mail address
    in 7 days, and lose the value of an attribute by one plan (`clear` in `attribute_mapping`)."""

    max_rename_percent: Annotated[float, Field(ge=0, le=100)] = 10
    """See `max_renames`."""

    protected: tuple[str, ...] = ()
    """User principal names or object ids of users who are never touched. Plans remember whose a
    name was, and who holds an account of that user name is meant as well."""

    served_first: tuple[str, ...] = ()
    """User principal names or object ids of users who get seats first, where few are left."""

    allow_guests: bool = False
    """Guests of the tenant get seats, too."""

    approvals: Annotated[int, Field(ge=1, le=2)] = 1
    """So many different people must approve a plan."""

    approvers: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Who may approve: accounts of the operating system, and where people sign in, object ids of
    users or of groups. Nobody listed: whoever can run the command."""

    approval: Literal["command", "device_code", "sign_in"] = "command"
    """With `sign_in` no approval counts without a sign-in to Entra ID in a browser, and accounts
    list nobody; with `device_code` one without a browser counts, too."""

    auto_apply: bool = False
    """`seatsync run` applies whatever no guard holds."""

    plan_lifetime: Duration = timedelta(hours=24)
    """A plan cannot be applied later."""

    max_seat_age: Duration = timedelta(days=7)
    """Older numbers of purchased seats are not used."""

    reserve_after_runs: Annotated[int, Field(ge=1)] = 3
    """For whoever has waited for so many runs the next seats are reserved."""

    leave_grace: Duration = timedelta(0)
    """Whoever leaves all groups keeps the seat for so long, unless disabled or deleted."""

    idle: IdlePolicy = IdlePolicy()
    """Seats that nobody uses."""

    skip_out_of_scope_deletions: bool = False
    """Entra's SkipOutOfScopeDeletions: whoever passes no scoping filter any more keeps what they
    hold, and gets nothing new."""

    @model_validator(mode="after")
    def _people_or_nobody(self) -> Self:
        if self.auto_apply and self.approvals > 1:
            raise ValueError("auto_apply asks nobody and approvals: 2 asks two people; choose one")
        if self.auto_apply and self.approval != "command":
            how = f"approval: {self.approval}"
            raise ValueError(f"auto_apply asks nobody and {how} asks people; choose one")
        return self


class Timetable(Section):
    """When ``seatsync schedule`` starts a run: at times of day, by a cron expression, or at an
    interval; and later where runs keep failing."""

    at: tuple[TimeOfDay, ...] = ()
    """Times of day, such as "03:00"."""

    cron: CronExpression | None = None
    """Minute, hour, day of the month, month, day of the week, as in crontab: "30 3 * * MON-FRI"."""

    every: Duration | None = None
    """Counted from the start of the run before."""

    time_zone: TimeZone | None = None
    """Of `at` and `cron`, such as Europe/Berlin; by default the machine's own."""

    jitter: Duration = timedelta(0)
    """Each run of `at` and `cron` begins up to so much later, so that not everybody's begin at
    once; shorter than what lies between two runs."""

    @field_validator("every")
    @classmethod
    def _some_time(cls, every: timedelta | None) -> timedelta | None:
        if every is not None and not every:
            raise ValueError("expected at least 1m")
        return every

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if [bool(self.at), bool(self.cron), bool(self.every)].count(True) != 1:
            raise ValueError('give one of `at: ["03:00"]`, `cron: "0 3 * * *"` and `every: 40m`')
        return self

    @property
    def expressions(self) -> tuple[str, ...]:
        """`at` and `cron` in the syntax of cron; none at an interval."""
        times = (text.split(":") for text in self.at)
        written = tuple(f"{int(minute)} {int(hour)} * * *" for hour, minute in times)
        return (self.cron,) if self.cron else written


_BESIDE_PLANS = frozenset(
    {
        "schedule",
        "store",
        "reports",
        "reports_url",
        "notifications",
        "health",
        "keep_plan_inputs",
        "metrics",
        "evidence_key",
        "fleet",
        "bundles",
    }
)
"""What says where and when there are runs, who is told, and what more seats would cost; no plan
depends on it."""

SHORTEST_KEPT = timedelta(days=8)
"""The week that `policy.max_week_revoke_percent` looks at, and the day that a purge rounds off."""


class Settings(Section):
    """The whole file. Relative paths in it are relative to the file."""

    directory: Annotated[
        Annotated[DirectorySettings, Tag("<tenant>")] | Annotated[DirectoryFile, Tag("<export>")],
        Discriminator(lambda given: "<export>" if _is_an_export(given) else "<tenant>"),
    ]
    """Where users and groups are read: a tenant, or an export of one."""

    vendor: VendorSettings
    """Where seats are given and taken."""

    products: Annotated[Products, Field(min_length=1)]
    """The names of what the vendor sells."""

    subscription_sets: Annotated[tuple[SubscriptionSet, ...], Field(min_length=1)]
    """One per Entra group that gives seats; nobody may be in two of these groups."""

    seats: Annotated[
        Annotated[SeatFile, Tag("<file>")] | Annotated[dict[str, Seats], Tag("<numbers>")],
        Discriminator(lambda given: "<file>" if _names_a_file(given) else "<numbers>"),
    ]
    """How many were bought: per product a number, or a section with the price; or a file that has
    the numbers."""

    bundles: dict[Annotated[str, Field(min_length=1)], Bundle] = Field(default_factory=dict)
    """What the vendor sells beside single seats at the price in `seats`, by its name; `seatsync
    forecast` says what to order at least cost. What was ordered is counted in `seats`."""

    attribute_mapping: AttributeMapping = GUIDE_MAPPING
    """Per SCIM attribute what it is made of: a directory attribute, an expression as Entra writes
    it, or a section with options; by default the six rows of the guide."""

    scoping_filters: tuple[ScopingFilter, ...] = ()
    """Whoever passes none of these is out of scope, whatever group they are in; without any,
    everybody is in scope."""

    policy: Policy = Policy()
    """What a run may do by itself."""

    schedule: Timetable | None = None
    """When `seatsync schedule` starts a run."""

    store: Annotated[Database, Field(repr=False, validate_default=True)] = "sqlite:///seatsync.db"
    """History, approvals, journal: a SQLAlchemy URL of SQLite or PostgreSQL, or env:NAME, file:PATH
    or cred:NAME where one with a password is."""

    reports: Annotated[FilePath, Field(validate_default=True)] = Path("reports")
    """A folder for each plan is made there."""

    reports_url: Address | None = None
    """Where others find that folder, for the links in what they are told."""

    notifications: tuple[Receiver, ...] = ()
    """Who is told of what `seatsync run` and `seatsync schedule` came to."""

    health: Health | None = None
    """What notices that no run came."""

    keep: Duration | None = None
    """So long the store and the reports keep people's names, such as 400d: `seatsync run` purges
    what is older. At least 8 days; without it everything is kept."""

    keep_plan_inputs: bool = True
    """The store keeps what each plan was made of: users, groups, accounts; `seatsync replay` needs
    it."""

    metrics: FilePath | None = None
    """A file, written anew after each run, for the textfile collector of Prometheus' node exporter:
    its name has to end with `.prom`."""

    evidence_key: Annotated[FilePath, Field(validate_default=True)] = Path("evidence.key")
    """Signs what `audit export` writes; it is made when it is needed first."""

    fleet: FilePath | None = None
    """The fleet that this tenant is of, such as ../fleet.yaml: it has the store, and what all its
    tenants have alike. The tenant is called as this file is."""

    _tenant: str = PrivateAttr("")
    _fleet: Fleet | None = PrivateAttr(None)
    _document: Any = PrivateAttr(default=None)

    @model_validator(mode="wrap")
    @classmethod
    def _with_document(cls, given: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        settings = read(given)
        if isinstance(given, dict):
            settings._document = given  # noqa: SLF001
        return settings

    @field_validator("keep")
    @classmethod
    def _long_enough(cls, keep: timedelta | None) -> timedelta | None:
        if keep and keep < SHORTEST_KEPT:
            raise ValueError(f"expected {SHORTEST_KEPT.days}d or more: guards need the last week")
        return keep

    @model_validator(mode="after")
    def _somewhere_to_sign_in(self) -> Self:
        if self.policy.approval != "command":
            if isinstance(self.directory, DirectoryFile):
                raise ValueError("policy.approval: nobody can sign in to an export; use `command`")
            if not self.directory.sign_in_app:
                raise ValueError("policy.approval: people need directory.sign_in_client_id")
        return self

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Of all scoping filters: those for everybody and those of sets."""
        of_sets = (item.scoping_filters for item in self.subscription_sets)
        filters = chain(self.scoping_filters, *of_sets)
        return tuple(clause for one in filters for clause in one.clauses)

    @property
    def filtered_attributes(self) -> tuple[str, ...]:
        """The properties of Graph's users that filters compare, beside ``id``."""
        compared = {graph_property(clause.attribute) for clause in self.clauses}
        return tuple(sorted(compared - {"id"}))

    @property
    def directory_attributes(self) -> tuple[str, ...]:
        """The properties of Graph's users that mapping and filters read, beside ``id``."""
        return tuple(sorted({*self.attribute_mapping.sources, *self.filtered_attributes}))

    @property
    def seat_contracts(self) -> dict[str, SeatContract]:
        """Per product what was bought; none where the numbers are in a file of their own."""
        if isinstance(self.seats, SeatFile):
            return {}
        return {
            product: bought if isinstance(bought, SeatContract) else SeatContract(purchased=bought)
            for product, bought in self.seats.items()
        }

    @property
    def secrets(self) -> tuple[SecretReference, ...]:
        """Where the secrets are that every run needs."""
        credential = getattr(self.directory, "credential", None)
        named = (getattr(credential, name, None) for name in ("secret", "password"))
        return (*filter(None, named), self.vendor.token)

    @property
    def tenant(self) -> str:
        """The name in the fleet; "" where this is none's."""
        return self._tenant

    @property
    def in_fleet(self) -> Fleet | None:
        """What the file of the fleet says."""
        return self._fleet

    def of_fleet(self, tenant: str, fleet: Fleet, *, own_reports: bool) -> Self:
        """As a tenant of it: reports that are not its own get a folder for each tenant."""
        reports = self.reports if own_reports else self.reports / tenant
        settings = self.model_copy(update={"store": fleet.store, "reports": reports})
        settings._tenant, settings._fleet = tenant, fleet  # noqa: SLF001 - a copy of its own
        return settings

    def with_token_of(self, issued: date, lifetime: timedelta) -> Self:
        """With an API token that was generated on that day; as it is, if its own is newer."""
        if issued < self.vendor.token_issued:
            return self
        token = {"token_issued": issued, "token_lifetime": lifetime}
        return self.model_copy(update={"vendor": self.vendor.model_copy(update=token)})

    @property
    def decisive(self) -> dict[str, Any]:
        """What the file says of all that a plan depends on, in JSON's types; `model_validate` makes
        the same settings of it, beside what the machine's are.
        """
        said = {key: value for key, value in self._document.items() if key not in _BESIDE_PLANS}
        lifetime = f"{self.vendor.token_lifetime.days}d"
        token = {"token_issued": self.vendor.token_issued, "token_lifetime": lifetime}
        plain: dict[str, Any] = to_jsonable_python(said | {"vendor": said["vendor"] | token})
        return plain

    @property
    def digest(self) -> str:
        """SHA-256 over what a plan depends on, and not on which machine it is made.

        What is left at its default is not in it: a new setting makes no plan stale.
        """
        decisive = self.model_dump_json(
            exclude_defaults=True,
            exclude={
                "directory": {"credential", "cloud", "file", "sign_ins", *READING},
                "vendor": {
                    "token",
                    "token_issued",
                    "token_lifetime",
                    "ca_file",
                    "max_requests_per_second",
                },
                "seats": True,
                **dict.fromkeys(_BESIDE_PLANS, True),
            },
        )
        return f"sha256:{sha256(decisive.encode()).hexdigest()}"
