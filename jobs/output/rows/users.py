"""Rows of users and accounts, and of what two sides say of them."""

from collections.abc import Collection
from typing import ClassVar, Literal

from jobs.output.rows.row import Row, Utc


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
