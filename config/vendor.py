"""The vendor's SCIM endpoint, as the guide sets it up (step 2)."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, field_validator

from config.duration import duration
from config.field_types import Address, Duration, UserAttribute
from config.secret_reference import SecretReference
from config.section import FilePath, Section


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
