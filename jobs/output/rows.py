"""The rows of listings: what `--json` prints of each, and the columns of its table.

The keys of JSON are the names of the fields.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct, json

from reconciler.model.plan import Severity

Utc = Annotated[datetime, Meta(tz=True)]
"""With its zone, as RFC 3339 writes it."""

StandsAs = Literal["OK", "WAITING", "HELD", "FAILED"]

JobState = Literal["running", "paused", "queued", "failed", "none"]


class Row(Struct, frozen=True, kw_only=True):
    """One line of a listing. `none_as` has what a table shows where a column has nothing.

    A table does without the `json_only` fields; CSV has them, too.
    """

    none_as: ClassVar[Mapping[str, str]] = {}
    json_only: ClassVar[Collection[str]] = ()

    @property
    def columns(self) -> list[str]:
        """The fields that a table shows."""
        return [name for name in self.__struct_fields__ if name not in self.json_only]

    def in_table(self, name: str) -> object:
        """What a table shows of a field."""
        return getattr(self, name)


class RunRow(Row, frozen=True, kw_only=True):
    """A run: its id, kind and times, its exit code, and what it came to.

    What ends is null while it works, and after it was interrupted.
    """

    json_only: ClassVar[Collection[str]] = {"ended"}

    run: str
    kind: str
    started: Utc
    ended: Utc | None
    exit: int | None
    summary: str | None


class ReplayRow(Row, frozen=True, kw_only=True):
    """A plan that was made, and what other settings make of what was read for it.

    `then` and `now`: passes, nothing to do, not decided, or the codes of the guards that object.
    `losing_then` and `losing` count the users who lose a product or their account, `only_now` names
    those who did not then. `became` is what people made of the plan: carried out, or a purge, which
    was taken back or never let pass. `reproduced`: made again with the settings of then it is what
    it was, byte for byte. `trouble` says why these settings make no plan of it.
    """

    json_only: ClassVar[Collection[str]] = ("reproduced",)

    made: Utc
    plan: str
    then: str
    now: str
    losing_then: int
    losing: int
    only_now: tuple[str, ...]
    became: str
    reproduced: bool
    trouble: str


class TenantRow(Row, frozen=True, kw_only=True):
    """A tenant of a fleet and its newest run; null of what there is not yet.

    `configured`: the fleet's folder has a configuration of it. `paused`: since when none is begun.
    """

    tenant: str
    configured: bool
    vendor: str | None
    directory: str | None
    newest_run: str | None
    kind: str | None
    started: Utc | None
    exit: int | None
    paused: Utc | None


class StandingRow(Row, frozen=True, kw_only=True):
    """How things stand with a tenant of a fleet, as `seatsync status` says it of one.

    `job` is what is under way, `since` when and on which `host`: a run of the queue, or a person's;
    "failed" is one of the queue after which none was a success. `standing` is the headline of the
    newest plan, or what is in the way; `waits`: a person has yet to decide about that plan.
    `outage`: the server by which its newest run failed, and those of other tenants, or "" (R31).
    """

    json_only: ClassVar[Collection[str]] = {"exit", "outage"}
    none_as: ClassVar[Mapping[str, str]] = {"since": ""}

    tenant: str
    job: JobState
    since: Utc | None
    host: str
    state: StandsAs
    exit: int
    last_run: Utc | None
    last_success: Utc | None
    plan: str
    standing: str
    waits: bool
    outage: str


class SetRow(Row, frozen=True, kw_only=True):
    """A subscription set, as the guide's table has it (step 2), as far as it is known here.

    `members_synced`: when the set's group at the vendor was last seen to have the members that it
    should have; null is the guide's "UnSynced". The portal's Created and Modified are not available
    over SCIM.
    """

    none_as: ClassVar[Mapping[str, str]] = {"members_synced": "UnSynced"}

    name: str
    description: str
    products: tuple[str, ...]
    admin: bool
    members_synced: Utc | None
    first_seen_here: Utc | None
    changed_here: Utc | None


class SeatRow(Row, frozen=True, kw_only=True):
    """A product's seats as they were last counted, with what was done since: `as_of` that time.

    `purchased` and `free` are null where the inventory is not usable; `waiting` is how many users
    waited for such a seat when they were counted.
    """

    none_as: ClassVar[Mapping[str, str]] = {"purchased": "unknown", "free": "unknown"}

    product: str
    purchased: int | None
    used: int
    free: int | None
    waiting: int
    as_of: Utc


class PastSeatRow(Row, frozen=True, kw_only=True):
    """A product's seats as the plan of that time found them, and `waiting` as it left them.

    `idle` were used by nobody, null where sign-ins were not watched for long enough. Of the seats
    that were granted while they were, and used until then, half were used within
    `days_to_first_use`; `never_used` is the share, 0 to 1, of those that were granted
    `policy.idle.days` before or earlier. Both are null where there is none.
    """

    none_as: ClassVar[Mapping[str, str]] = {"purchased": "unknown", "free": "unknown"}

    product: str
    purchased: int | None
    used: int
    free: int | None
    waiting: int
    idle: int | None
    days_to_first_use: float | None
    never_used: float | None
    as_of: Utc

    def in_table(self, name: str) -> object:
        """The share in percent; whole days without a point."""
        match name, getattr(self, name):
            case "never_used", float(share):
                return f"{100 * share:.0f} %"
            case "days_to_first_use", float(days):
                return f"{days:g}"
            case _, value:
                return value


class IdleRow(Row, frozen=True, kw_only=True):
    """A seat that nobody uses: whose, of which set and products, and for how many days.

    `last_sign_in` is null where the user was never seen. `unused_since` is the latest of it, of
    `held_since` and of `watched_since`, and `use` says which one it is. From `reclaimed_from` on
    `plan --reclaim` takes the seat back; a table has the day. Null: the first `plan --reclaim`
    announces it, and takes nothing yet.
    """

    none_as: ClassVar[Mapping[str, str]] = {"reclaimed_from": "not announced"}

    json_only: ClassVar[Collection[str]] = (
        "object_id",
        "last_sign_in",
        "held_since",
        "watched_since",
        "unused_since",
    )

    user: str
    set: str
    products: tuple[str, ...]
    use: str
    days: int
    reclaimed_from: Utc | None
    object_id: str
    last_sign_in: Utc | None
    held_since: Utc
    watched_since: Utc
    unused_since: Utc

    def in_table(self, name: str) -> object:
        """Of the time only the day."""
        value = getattr(self, name)
        return value.date() if name == "reclaimed_from" and value else value


class ForecastRow(Row, frozen=True, kw_only=True):
    """When the seats of a product will not do any more, by what was `wanted` until now: in use, and
    waited for.

    `runs_out` says it for people; with 80 % it is between `earliest` and `latest`, of which null
    is not within the weeks that can be told of. `renewal_low` to `renewal_high` will be wanted when
    the contract `renews`, with 80 %. `to_order` are lacking today.
    """

    none_as: ClassVar[Mapping[str, str]] = {"purchased": "unknown", "wanted": "unknown"}
    json_only: ClassVar[Collection[str]] = {"weeks", "earliest", "latest", "renewal_high"}

    product: str
    purchased: int | None
    wanted: int | None
    weeks: int
    runs_out: str
    earliest: date | None
    latest: date | None
    renews: date | None
    renewal_low: int | None
    renewal_high: int | None
    to_order: int | None

    @property
    def columns(self) -> list[str]:
        """The range at the renewal is one."""
        return ["at_renewal" if name == "renewal_low" else name for name in super().columns]

    def in_table(self, name: str) -> object:
        """The range at the renewal is one."""
        if name != "at_renewal":
            return getattr(self, name)
        return "" if self.renewal_low is None else f"{self.renewal_low:,} to {self.renewal_high:,}"


class OrderRow(Row, frozen=True, kw_only=True):
    """A line of an order at least cost: so many times what is offered under this name, which has a
    seat of each of these products.

    `cost` is for a year; null where no price is known. The order is one of two: by the one nobody
    waits now, by the other nobody is likely to until the contracts renew.
    """

    none_as: ClassVar[Mapping[str, str]] = {"cost": "unknown"}

    so_that: Literal["nobody waits", "it lasts to the renewal"]
    offer: str
    products: tuple[str, ...]
    count: int
    cost: Decimal | None
    currency: str | None

    def in_table(self, name: str) -> object:
        """The cost as money."""
        if name == "cost" and self.cost is not None:
            return f"{self.cost:,.2f}"
        return getattr(self, name)


class SeatDifferenceRow(Row, frozen=True, kw_only=True):
    """A user whom two plans leave with another standing for a seat of a product.

    `today` and `then` are what each plan leaves them with; whoever loses a seat may wait then.
    """

    json_only: ClassVar[Collection[str]] = ("id",)

    who: str
    id: str
    product: str
    difference: Literal["gains", "loses", "waits", "no longer waits"]
    today: Literal["nothing", "waits", "holds"]
    then: Literal["nothing", "waits", "holds"]


class AssumedSeatsRow(Row, frozen=True, kw_only=True):
    """A product's seats after today's plan, and after the other one; null where it is not sold, and
    of `purchased` where the inventory is not usable.
    """

    none_as: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("purchased", "purchased_then", "used", "used_then", "waiting", "waiting_then"), "unknown"
    )

    product: str
    purchased: int | None
    purchased_then: int | None
    used: int | None
    used_then: int | None
    waiting: int | None
    waiting_then: int | None


class UserRow(Row, frozen=True, kw_only=True):
    """A user: the set that they are in at the vendor, their account there, and what is to be said.

    `last_change` is when this program last did something to them. A table tells of the account in
    its state, where it is not active.
    """

    json_only: ClassVar[Collection[str]] = ("account",)

    user: str
    set: str
    account: Literal["none", "active", "inactive"]
    last_change: Utc | None
    state: str

    def in_table(self, name: str) -> object:
        """The account before the state, unless it is active; of the last change the day."""
        match name:
            case "state" if self.account != "active":
                account = "no account" if self.account == "none" else self.account
                return f"{account}; {self.state}"
            case "last_change" if self.last_change:
                return self.last_change.date()
            case _:
                return getattr(self, name)


class AccountRow(Row, frozen=True, kw_only=True):
    """An account at the vendor, by its user name and SCIM id, and whose it is.

    managed: it is a user's, and was made, linked, or met in a set from here. linkable: it carries
    no user's object id, and agrees with one who should have a seat in what `by` names. outside: it
    carries the object id of a user, and nothing was ever done to it from here. orphan: nobody in
    Entra ID is known to own it. `situation` is the code of what decides about it in a plan.
    """

    json_only: ClassVar[Collection[str]] = ("account", "object_id")

    user_name: str
    standing: Literal["managed", "linkable", "outside", "orphan"]
    by: tuple[str, ...]
    user: str
    sets: tuple[str, ...]
    state: Literal["active", "inactive", "unknown"]
    situation: str
    account: str
    object_id: str

    def in_table(self, name: str) -> object:
        """The user only where the account is called otherwise; by what it is linked where it could
        be another one.
        """
        told = name == "user" and self.user == self.user_name
        told = told or (name == "by" and self.standing == "managed")
        return "" if told else getattr(self, name)


class DriftRow(Row, frozen=True, kw_only=True):
    """Something that the vendor has, and neither Entra ID asks for nor was put there from here.

    `who` is a user, or the user name of an account that is nobody's; `account` is the SCIM id.
    `where` is a set or a SCIM path. `vendor`, `entra` and `written_here` are what is
    there, what should be, and what was last written from here; "" for nothing.
    """

    json_only: ClassVar[Collection[str]] = ("account",)

    what: Literal["account", "membership", "attribute", "active"]
    who: str
    where: str
    vendor: str
    entra: str
    written_here: str
    account: str


class GroupRow(Row, frozen=True, kw_only=True):
    """How the group of a set was read: its object id, null without a group, members and pages.

    `because` says why it was not read whole, and is empty where it was.
    """

    json_only: ClassVar[Collection[str]] = {"group"}

    set: str
    group: str | None
    members: int
    pages: int
    complete: bool
    because: str


class CheckRow(Row, frozen=True, kw_only=True):
    """One thing that was looked at, and whether it will do; not `proven`: nothing showed that."""

    passed: bool
    proven: bool
    severity: Severity
    text: str


class DifferenceRow(Row, frozen=True, kw_only=True):
    """Somebody of whom two plans say different things, and what each says; "" for nothing.

    `who` is their name, `id` their object id, or the SCIM id of an account, or a set's name.
    """

    json_only: ClassVar[Collection[str]] = ("id",)

    difference: Literal["added", "gone", "changed"]
    who: str
    id: str
    in_the_older: str
    in_the_newer: str


class AuditRow(Row, frozen=True, kw_only=True):
    """A record of the audit trail; `who_and_why` is null where it was purged.

    The plan's digest is among the facts, and too long for a table.
    """

    none_as: ClassVar[Mapping[str, str]] = {"who_and_why": "purged"}
    json_only: ClassVar[Collection[str]] = {"digest"}

    number: int
    at: Utc
    event: str
    facts: dict[str, Any]
    who_and_why: dict[str, Any] | None


class HabitRow(Row, frozen=True, kw_only=True):
    """A habit of vendors: what it imitates, where that was seen, and what seatsync does then."""

    habit: str
    imitates: str
    source: str
    seatsync: str


class PortalSetRow(Row, frozen=True, kw_only=True):
    """A subscription set as the sandbox's Admin Portal shows it; times are texts, as there."""

    name: str
    description: str
    products: tuple[str, ...]
    admin: bool
    last_synced: str
    created: str
    users: int


class MappedRow(Row, frozen=True, kw_only=True):
    """An attribute of a user, by its SCIM path, as the mapping has it.

    `read` has the attributes in Entra ID that the expression reads; `result` is what it comes to,
    `sent` what a plan made now would send, and `vendor_has` what the vendor has. Null is no value,
    and of `sent` nothing; `why` says why so.
    """

    json_only: ClassVar[Collection[str]] = {"user"}

    user: str
    attribute: str
    expression: str
    read: Mapping[str, str | None]
    result: str | None
    sent: str | bool | None
    vendor_has: str | None
    why: str

    def in_table(self, name: str) -> object:
        """Values in quotation marks, so that no value is told from blank text."""
        value = getattr(self, name)
        if name == "read":
            said = self.read.items()
            return ", ".join(f"{source} {_quoted(it) or '(no value)'}" for source, it in said)
        return _quoted(value) if name in {"result", "sent", "vendor_has"} else value


def _quoted(value: str | bool | None) -> str:
    """As JSON has it; nothing for no value."""
    return "" if value is None else json.encode(value).decode()
