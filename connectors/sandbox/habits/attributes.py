"""Habits of attributes: names and mail addresses that are kept in the vendor's own way."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from connectors.sandbox.habits.habit import (
    Body,
    Upstream,
    body_of,
    id_of,
    operations_of,
    refusal,
    shown,
    with_operations,
    written,
)
from connectors.sandbox.habits.identity import OfUsers

WORK = 'emails[type eq "work"]'
_INNER = re.compile(r'@[^@"]+\.(local|test|internal|lan|home\.arpa)$')


class NamesNormalised(OfUsers):
    name = "names-normalised"
    imitates = "Names are trimmed, and written in composed Unicode (NFC)"
    source = "Unicode Standard Annex 15; RFC 7643, section 2.3.1, says nothing of either"
    does = "compares after the change that it saw, says so once, and sends nothing again"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        def normal(path: str, value: Any) -> Any:
            named = path.startswith("name.") and isinstance(value, str)
            return unicodedata.normalize("NFC", value.strip()) if named else value

        return written(request, normal, vendor)


class UserNamesInSmallLetters(OfUsers):
    name = "user-names-in-small-letters"
    imitates = "userName is kept in small letters"
    source = "langfuse PR 13528; RFC 7643, section 4.1.1 (userName has no case)"
    does = "compares user names without regard to case"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        def small(path: str, value: Any) -> Any:
            return value.lower() if path == "userName" and value else value

        return written(request, small, vendor)


class MailWithoutType(OfUsers):
    name = "mail-without-type"
    imitates = "Mail addresses are shown without a type: value and primary alone"
    source = "WSO2 Identity Server (product-is issues 7304 and 9247)"
    does = "takes the primary address, or the only one, for the one that it sent"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        def untyped(user: Body) -> Body:
            mails = user.get("emails") or []
            shown_as = [{"value": one.get("value"), "primary": True} for one in mails]
            return {**user, "emails": shown_as} if mails else user

        return shown(vendor.ask(request), untyped)


class MailPathRefused(OfUsers):
    name = "mail-path-refused"
    imitates = "A filter in the path of a PATCH is 400 invalidPath; `emails` as a whole is taken"
    source = "ssoready issue 228"
    does = "sends the whole list where the filter is refused, and remembers that"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if any("[" in (one.get("path") or "") for one in operations_of(request)):
            return refusal(400, "filters in paths are not supported", "invalidPath")
        return vendor.ask(request)


class MailAppended(OfUsers):
    name = "mail-appended"
    imitates = "To replace the work address adds one that is primary; the old one stays first"
    source = "A cousin of SimpleIdServer issue 164, for addresses"
    does = "takes the primary address for the one that counts, and says once that others stay"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        operations: list[Body] = []
        for one in operations_of(request):
            if (one.get("path") or "").startswith(WORK):
                user = vendor.read(request, f"/Users/{id_of(request)}")
                old = [{**mail, "primary": False} for mail in user.get("emails") or ()]
                new = {"type": "work", "value": one["value"], "primary": True}
                one = {"op": "replace", "path": "emails", "value": [*old, new]}
            operations.append(one)
        if operations:
            return with_operations(request, vendor, operations)
        return vendor.ask(request)


class InnerMailRefused(OfUsers):
    name = "inner-mail-refused"
    imitates = "Mail addresses of inner domains (.local, .test, …) are 422"
    source = "pgadmin4 issue 6222 (pydantic's EmailStr)"
    does = "sends what Entra has, and tells the vendor's word for whom it does not serve"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if any(map(_INNER.search, _addresses(request))):
            return refusal(422, "value is not a valid email address", "invalidValue")
        return vendor.ask(request)


class FormattedNameRequired(OfUsers):
    name = "formatted-name-required"
    imitates = "An account without name.formatted is 400 invalidValue"
    source = "A cousin of validators that ask for more than RFC 7643 does"
    does = "names the row that the attribute mapping lacks"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        name = body_of(request).get("name") or {}
        if request.method == "POST" and not name.get("formatted"):
            return refusal(400, "name.formatted is required", "invalidValue")
        return vendor.ask(request)


def _addresses(request: ScimRequest) -> list[str]:
    """All that are written, singly or in a list."""
    sent: list[Body] = [*(body_of(request).get("emails") or ())]
    for one in operations_of(request):
        if (one.get("path") or "").startswith("emails"):
            value = one["value"]
            sent += value if isinstance(value, list) else [{"value": value}]
    return [str(mail.get("value")) for mail in sent]


ATTRIBUTES: tuple[Callable[[], OfUsers], ...] = (
    NamesNormalised,
    UserNamesInSmallLetters,
    MailWithoutType,
    MailPathRefused,
    MailAppended,
    InnerMailRefused,
    FormattedNameRequired,
)
