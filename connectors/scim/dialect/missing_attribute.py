"""Which missing attribute made a server refuse an account, by the words of its answer."""

import re
from collections.abc import Collection

from config.attribute_mapping_targets import ENTERPRISE
from connectors.scim.attribute_paths import holder_of
from connectors.scim.dialect.seat_refusals import no_seat
from connectors.scim.errors import ScimRefused

_WORDS = {
    "name.formatted": r"name[\W_]?formatted|formatted[\W_]?name|formatted",
    "name.givenName": r"given[\W_]?name|first[\W_]?name",
    "name.familyName": r"family[\W_]?name|last[\W_]?name|surname",
    "name.middleName": r"middle[\W_]?name",
    "displayName": r"display[\W_]?name",
    "nickName": r"nick[\W_]?name",
    "title": r"title",
    "userType": r"user[\W_]?type",
    "preferredLanguage": r"preferred[\W_]?language",
    "locale": r"locale",
    "timezone": r"time[\W_]?zone",
    "emails": r"e[\W_]?mails?( address(es)?)?",
    "phoneNumbers": r"phone[\W_]?numbers?",
    f"{ENTERPRISE}:employeeNumber": r"employee[\W_]?number",
    f"{ENTERPRISE}:costCenter": r"cost[\W_]?cent(er|re)",
    f"{ENTERPRISE}:organization": r"organi[sz]ation",
    f"{ENTERPRISE}:division": r"division",
    f"{ENTERPRISE}:department": r"department",
}
"""How servers name the attributes of a user (RFC 7643, sections 4.1 and 4.3)."""

_MISSED = re.compile(
    r"\b(required?|requires|mandatory|missing|((must|can|may|should) not|cannot|can't) be"
    r" (null|none|nil|empty|blank)|must be (set|given|provided|present)"
    r"|not (set|given|provided|present|specified))\b",
    re.IGNORECASE,
)

_ABOUT_THE_BODY = {400, 422}


def missed(answer: ScimRefused, sent: Collection[str]) -> str | None:
    """The path of the attribute that the server asks for and that was not among those `sent`."""
    about_the_body = answer.status in _ABOUT_THE_BODY and not no_seat(answer, ())
    if not about_the_body or not _MISSED.search(answer.why):
        return None
    there = {*sent, *map(holder_of, sent)}
    named = (
        path
        for path, words in _WORDS.items()
        if re.search(rf"(?<![a-z0-9])({words})(?![a-z0-9])", answer.why, re.IGNORECASE)
    )
    return next((path for path in named if path not in there), None)
