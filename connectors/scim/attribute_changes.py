"""Changes of an account's attributes, in the form that this server understands.

RFC 7644 has several (sections 3.5.1 and 3.5.2); servers understand some of them, or accept others
and do nothing. The form is tried on the first account, verified by reading, and remembered.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias

from connectors.errors import CounterpartError
from connectors.scim.attribute_paths import (
    Resource,
    Value,
    has_entry,
    holder_of,
    is_active,
    is_entry,
    merged,
    pick,
)
from connectors.scim.dialect.attribute_habits import Habits
from connectors.scim.errors import NO_PATCH, ScimRefused
from connectors.scim.patch import replacement, without_path
from connectors.scim.transport import Json
from reconciler.model.capabilities import Capabilities, Feature

Attributes: TypeAlias = Mapping[str, Value]
Read: TypeAlias = Callable[[str], Resource | None]
Send: TypeAlias = Callable[[str, str, Json], None]


class Form(StrEnum):
    """ENTRY: every attribute by its path, which may lead into one entry of several. LIST: such
    entries as a whole list. BARE: without paths. PUT: the whole resource, where PATCH is not known.
    """

    ENTRY = "path"
    LIST = "list"
    BARE = "no path"
    PUT = "put"


# scimTypes of refusals for the value, and for the form of the request (RFC 7644, section 3.12).
_ABOUT_THE_VALUE = {"mutability", "uniqueness", "invalidValue", "sensitive"}
_ABOUT_THE_FORM = {"invalidPath", "noTarget", "invalidSyntax", "invalidFilter"}

# Statuses of refusals that every attribute would meet.
_ABOUT_ALL = {401, 403, 404, 412, 428, 429}


class Updates:
    """`read` gives a user as it is now, `send` a method, an account and a body to the server."""

    def __init__(self, can: Capabilities, habits: Habits, read: Read, send: Send) -> None:
        self._can = can
        self._habits = habits
        self._read = read
        self._send = send

    def change(self, account: str, attributes: Attributes) -> bool:
        """Sends all attributes together, and singly if that is refused, so that a refused attribute
        keeps back no other. True if the account was read afterwards and is as asked.

        Raises:
            ScimRefused: of an attribute; `halfway`, if another one was accepted.
        """
        fixed = [path for path in attributes if self._habits.is_fixed(path)]
        desired = {path: value for path, value in attributes.items() if path not in fixed}
        verified = bool(desired) and self._ask_for(account, desired)
        if fixed:
            what = f"changing {', '.join(fixed)} of account {account}"
            refusal = ScimRefused(what, 400, "the vendor keeps its own value")
            refusal.halfway = bool(desired)
            raise refusal
        return verified

    def _ask_for(self, account: str, desired: Attributes) -> bool:
        try:
            return self._together(account, desired)
        except ScimRefused as error:
            if len(desired) > 1 and error.status < 500 and error.status not in _ABOUT_ALL:
                self._singly(account, desired)
                return False
            for path in desired if len(desired) == 1 else ():
                self._habits.refused(path, error)
            raise

    def _singly(self, account: str, attributes: Attributes) -> None:
        refusals: list[ScimRefused] = []
        for path, value in attributes.items():
            try:
                self._together(account, {path: value})
            except ScimRefused as error:
                self._habits.refused(path, error)
                refusals.append(ScimRefused(path, error.status, str(error), error.scim_type))
        if refusals:
            refusals[0].halfway = len(refusals) < len(attributes)
            raise refusals[0]

    def _together(self, account: str, attributes: Attributes) -> bool:
        """In the first form that works; while that is not known, the account is read to see it."""
        entries = any(map(is_entry, attributes))
        refusal: ScimRefused | None = None
        lacks_patch = not self._can.may(Feature.PATCH)
        for form in self._forms(entries):
            if (form is Form.PUT) != lacks_patch:
                continue
            sure = self._can.surely(_feature(form, entries))
            try:
                self._ask(form, account, attributes)
            except ScimRefused as error:
                refusal = refusal or error
                if sure or not self._may_be_the_form(account, error):
                    break
                lacks_patch = lacks_patch or error.status in NO_PATCH
                if form is Form.PUT and error.status in NO_PATCH:
                    self._can.learn(Feature.CHANGES, works=False)
                continue
            if sure or self._is_as_asked(account, attributes):
                self._can.learn(_feature(form, entries), works=True)
                if form is Form.PUT:
                    self._can.learn(Feature.PATCH, works=False)
                    self._can.learn(Feature.CHANGES, works=True)
                return not sure
        if refusal:
            raise refusal
        return False

    def _forms(self, entries: bool) -> list[Form]:
        """The form that is known to work, else all that may."""
        forms = [form for form in Form if entries or form is not Form.LIST]
        known = [form for form in forms if self._can.surely(_feature(form, entries))]
        return known[:1] or forms

    def _may_be_the_form(self, account: str, error: ScimRefused) -> bool:
        if error.scim_type in _ABOUT_THE_VALUE:
            return False
        if error.status == 404:
            return self._read(account) is not None
        return error.status in {400, *NO_PATCH} or error.scim_type in _ABOUT_THE_FORM

    def _ask(self, form: Form, account: str, attributes: Attributes) -> None:
        if form is Form.ENTRY:
            self._by_path(account, attributes)
            return
        now = self._read(account)
        if now is None:
            raise ScimRefused(f"changing account {account}", 404, "it is not there any more")
        after = merged(now, attributes)
        if form is Form.PUT:
            self._send("PUT", account, after)
            return
        tops = {holder_of(path): after.get(holder_of(path)) for path in attributes}
        if form is Form.BARE:
            self._send("PATCH", account, without_path(tops))
            return
        lists = {holder_of(path): after[holder_of(path)] for path in filter(is_entry, attributes)}
        plain = {path: value for path, value in attributes.items() if not is_entry(path)}
        self._send("PATCH", account, replacement({**plain, **lists}))

    def _by_path(self, account: str, attributes: Attributes) -> None:
        """An entry that does not exist cannot be replaced (RFC 7644, section 3.5.2.3).

        The server then refuses the whole request, and missing entries are added instead.
        """
        try:
            self._send("PATCH", account, replacement(attributes))
        except ScimRefused as error:
            now = self._read(account) if error.scim_type == "noTarget" else None
            absent = {p for p in attributes if is_entry(p) and now and not has_entry(now, p)}
            if not absent:
                raise
            self._send("PATCH", account, replacement(attributes, absent))

    def _is_as_asked(self, account: str, attributes: Attributes) -> bool:
        try:
            now = self._read(account)
        except CounterpartError:  # the caller reads it back as well
            return False
        return bool(now) and not self._habits.differing(attributes, _kept(now or {}, attributes))


def _kept(user: Resource, attributes: Attributes) -> dict[str, str | None]:
    kept = {path: pick(user, path) for path in attributes}
    return {**kept, "active": str(is_active(user))} if "active" in attributes else kept


def _feature(form: Form, entries: bool) -> str:
    """The capability's name. Paths into one entry of several have their own: many servers lack
    only these.
    """
    return f"{form} of {'an entry' if entries else 'an attribute'}"
