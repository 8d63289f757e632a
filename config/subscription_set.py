"""A group of Entra ID that is bound to products (the guide, step 1)."""

from typing import Annotated, Literal

from pydantic import Field

from config.field_types import Duration, Guid, Products, SetName
from config.scoping_filter import ScopingFilter
from config.section import Section


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
