"""The plan: immutable, with one canonical JSON form and its digest.

CSV and HTML are views of it. Unknown fields and other versions are refused on reading.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Literal

from msgspec import Struct, ValidationError, field, json

SCHEMA_VERSION = 3

NOTHING_DECIDED = "R19"
"""The situation in which every set is frozen because it could not be read."""


class Severity(StrEnum):
    """I information, W warning, E error (the rest of the run goes on), B blocks the run."""

    INFORMATION = "I"
    WARNING = "W"
    ERROR = "E"
    BLOCK = "B"


class Kind(StrEnum):
    """What an operation does, in one word."""

    CREATE_SET_GROUP = "create_set_group"
    CREATE_ACCOUNT = "create_account"
    UPDATE_ACCOUNT = "update_account"
    LINK = "link"
    REACTIVATE_ACCOUNT = "reactivate_account"
    DEACTIVATE_ACCOUNT = "deactivate_account"
    GRANT = "grant"
    REVOKE = "revoke"
    MOVE = "move"


class Value(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """An immutable value. Its JSON leaves out defaults; unknown fields are refused.

    Values never form cycles, so the garbage collector need not look at a million of them.
    """


class Subject(Value, frozen=True, kw_only=True):
    """Whom or what a finding or an operation is about.

    `id` is an Entra object id for a user, a SCIM id for an account, else the name itself.
    """

    kind: Literal["run", "set", "user", "account", "product"]
    id: str
    name: str


class State(Value, frozen=True, kw_only=True):
    """The state before or after an operation. What the operation does not concern is None.

    `exists`: there is such an account (or set group). `sets`: the sets whose groups hold the
    account. `attributes` are mapped ones by their SCIM path, such as ``name.givenName``; null is
    no value.
    """

    exists: bool | None = None
    active: bool | None = None
    sets: tuple[str, ...] | None = None
    attributes: dict[str, str | bool | None] | None = None


class Operation(Value, frozen=True, kw_only=True):
    """One change at the vendor: what must be true before it, and what will be after it.

    `account` is the SCIM id, None while the account is still to be created. `takes` and `frees`
    are the products whose seats it takes and frees. `needs` has the indexes of operations of this
    plan that must have succeeded first. `reason` is a situation code. `admin`: it makes the user an
    admin of the vendor's portal.
    """

    index: int
    subject: Subject
    account: str | None = None
    before: State
    after: State
    takes: tuple[str, ...] = ()
    frees: tuple[str, ...] = ()
    needs: tuple[int, ...] = ()
    reason: str
    admin: bool = False

    @property
    def gained(self) -> tuple[str, ...]:
        """The sets that the account joins."""
        return _without(self.after.sets, self.before.sets)

    @property
    def lost(self) -> tuple[str, ...]:
        """The sets that the account leaves."""
        return _without(self.before.sets, self.after.sets)

    @property
    def emptied(self) -> tuple[str, ...]:
        """The SCIM paths of attributes whose value is removed."""
        after = self.after.attributes or {}
        return tuple(path for path, value in after.items() if value is None)

    @property
    def touched(self) -> tuple[str, ...]:
        """The sets whose groups change."""
        return (*self.lost, *self.gained)

    @property
    def kind(self) -> Kind:
        """Derived from before and after, never stored."""
        if self.subject.kind == "set":
            return Kind.CREATE_SET_GROUP
        if self.before.exists is False:
            return Kind.CREATE_ACCOUNT
        if self.before.sets is not None:
            if self.gained:
                return Kind.MOVE if self.lost else Kind.GRANT
            return Kind.REVOKE
        if self.before.active is not None:
            return Kind.REACTIVATE_ACCOUNT if self.after.active else Kind.DEACTIVATE_ACCOUNT
        return (
            Kind.LINK if set(self.after.attributes or ()) == {"externalId"} else Kind.UPDATE_ACCOUNT
        )


class Finding(Value, frozen=True, kw_only=True):
    """One situation of one subject: what, who and why in `message`, what to do in `advice`."""

    code: str
    severity: Severity
    subject: Subject
    message: str
    advice: str


class Waiting(Value, frozen=True, kw_only=True):
    """A user who should have a seat and has none: their place in the queue, and the products that
    have no seat left for them.

    `code` is the situation that they wait because of. `free_on` is the day on which seats that
    others keep in their grace come free for this user, if they do.
    """

    position: int
    code: str
    user: Subject
    set: str
    blocked_by: tuple[str, ...]
    since_run: int
    free_on: date | None = None


class Grace(Value, frozen=True, kw_only=True):
    """A user who left every group and keeps the seat of a set `until` then (UTC)."""

    user: Subject
    set: str
    since: datetime
    until: datetime


class SetMembers(Value, frozen=True, kw_only=True):
    """The members of a set's group in Entra: `people` who may hold a seat, and the `others` by the
    codes of their situations, such as guests, disabled users and nested groups.
    """

    set: str
    people: int
    others: dict[str, int] = field(default_factory=dict)


class SeatLine(Value, frozen=True, kw_only=True):
    """The ledger of one product. `purchased` is None where the inventory is not usable.

    Of `used_before`, `unmanaged` seats are held by no known user; of these, `unseen` are in the
    vendor's own count only, and SCIM shows no account that holds them. `wanted` would be in use if
    there were seats for everybody who waits; None in an undo, and in plans of before it was told.
    `idle` of `used_before` nobody uses; None where sign-ins were not watched for long enough.
    """

    product: str
    purchased: int | None = None
    used_before: int
    unmanaged: int
    unseen: int = 0
    frees: int
    takes: int
    used_after: int
    waiting: int
    wanted: int | None = None
    idle: int | None = None

    @property
    def free(self) -> int | None:
        return None if self.purchased is None else max(0, self.purchased - self.used_after)


class Outcome(StrEnum):
    """What a guard decides: the plan passes; is held until any person approves it; is blocked until
    an approval names the guard's code; or is refused, whoever approves it.
    """

    PASSED = "passed"
    HELD = "held"
    BLOCKED = "blocked"
    REFUSED = "refused"


class Verdict(Value, frozen=True, kw_only=True):
    """A guard's judgement of the plan; the message has its numbers.

    `used` is the share of its limit that the plan takes up, from 0 to 1; 0 where there is no limit,
    and in plans of before it was told.
    """

    code: str
    outcome: Outcome
    message: str
    advice: str
    used: float = 0.0

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED

    @property
    def overridable(self) -> bool:
        """Whether an approval can override it, by naming its code."""
        return self.outcome is Outcome.BLOCKED


class Basis(Value, frozen=True, kw_only=True):
    """What the plan was made from and for; apply refuses it if any of this has changed.

    `graph` is the root of Microsoft Graph's address, "" where an export was read. `settings`,
    `directory`, `target` and `inventory` are digests of what was read.
    """

    tenant_id: str
    graph: str = ""
    vendor: str
    store_id: str
    settings: str
    directory: str
    target: str
    inventory: str
    tool_version: str
    planned_at: datetime
    expires_at: datetime


class Plan(
    Value,
    frozen=True,
    kw_only=True,
    gc=True,
    dict=True,  # for the cached properties
    tag_field="schema_version",
    tag=SCHEMA_VERSION,
):
    """What a run would do and why. `operations` are in executable order.

    `run` is the plan's number. Plans for everybody count upwards from 1, those for a few users
    downwards from -1: what is counted in plans, such as waits, is counted in plans for everybody.
    `only` are these few: the user who was asked for, then others without whom it cannot be done.
    `grants_only`: what takes something away was left out on request. `undoes` is the run that an
    undo takes back; it goes against the directory, other plans follow it. `undecided` are
    configured sets whose groups, or all of whose members, could not be read. `members` are of each
    set's group, where it has any. `display_names` has Graph's displayName of the users in the plan,
    by object id: for people who read it, and never to decide by.
    """

    id: str
    run: int
    grants_only: bool = False
    undoes: str | None = None
    only: tuple[Subject, ...] = ()
    basis: Basis
    operations: tuple[Operation, ...]
    findings: tuple[Finding, ...]
    seats: tuple[SeatLine, ...]
    waiting: tuple[Waiting, ...]
    graces: tuple[Grace, ...] = ()
    verdicts: tuple[Verdict, ...]
    undecided: tuple[str, ...] = ()
    members: tuple[SetMembers, ...] = ()
    display_names: dict[str, str] = field(default_factory=dict)

    @property
    def mentioned(self) -> Iterator[Subject]:
        """Whom and what it is about, as often as it says so."""
        yield from (operation.subject for operation in self.operations)
        yield from (found.subject for found in self.findings)
        yield from (entry.user for entry in self.waiting)
        yield from (grace.user for grace in self.graces)

    @property
    def decides_nothing(self) -> bool:
        """Whether no set could be decided about, because groups or members could not be read."""
        return any(found.code == NOTHING_DECIDED for found in self.findings)

    @property
    def objections(self) -> tuple[Verdict, ...]:
        """The guards that do not let this plan pass."""
        return tuple(verdict for verdict in self.verdicts if not verdict.passed)

    @cached_property
    def canonical(self) -> bytes:
        """The one JSON form: sorted keys, no spaces, UTF-8."""
        return json.encode(self, order="sorted")

    @cached_property
    def digest(self) -> str:
        """The digest of the canonical form."""
        return digest(self.canonical)


def _without(sets: tuple[str, ...] | None, others: tuple[str, ...] | None) -> tuple[str, ...]:
    """Those of the sets that are not among the others, sorted."""
    return tuple(sorted({*sets}.difference(others or ()))) if sets else ()


def digest(canonical: bytes) -> str:
    """SHA-256, as ``sha256:`` and 64 hex digits."""
    return f"sha256:{sha256(canonical).hexdigest()}"


def parse(text: bytes) -> Plan:
    """The plan that has this canonical form.

    Raises:
        ValueError: not a plan of this schema version, or not in canonical form.
    """
    try:
        plan = json.decode(text, type=Plan)
    except ValidationError as error:
        raise ValueError(f"not a plan of schema version {SCHEMA_VERSION}: {error}") from error
    if plan.canonical != text:
        raise ValueError("the plan is not in its canonical form; it was edited")
    return plan
