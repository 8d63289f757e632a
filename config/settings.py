"""The settings of one tenant and one vendor, as an administrator writes them in YAML.

Names and limits of subscription sets and tokens are those of the vendor's guide (steps 1 and 2).
"""

from datetime import date, timedelta
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, ModelWrapValidatorHandler, PrivateAttr, field_validator, model_validator
from pydantic_core import to_jsonable_python

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from config.directory import READING, Directory, DirectoryFile
from config.field_types import Address, Database, Duration, Products
from config.fleet import Fleet
from config.graph_user import graph_property
from config.policy import Policy
from config.scoping_filter import Clause, ScopingFilter
from config.seats import Bundle, Inventory, SeatContract, SeatFile
from config.secret_reference import SecretReference
from config.section import FilePath, Section
from config.subscription_set import SubscriptionSet
from config.timetable import Timetable
from config.vendor import VendorSettings
from config.watching import Health, Receiver

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

    directory: Directory
    """Where users and groups are read: a tenant, or an export of one."""

    vendor: VendorSettings
    """Where seats are given and taken."""

    products: Annotated[Products, Field(min_length=1)]
    """The names of what the vendor sells."""

    subscription_sets: Annotated[tuple[SubscriptionSet, ...], Field(min_length=1)]
    """One per Entra group that gives seats; nobody may be in two of these groups."""

    seats: Inventory
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
