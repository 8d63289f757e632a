"""What a run may do by itself, and the limits beyond which a person decides."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.field_types import Duration
from config.section import Section


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
