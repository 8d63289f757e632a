"""Whether a refusal is for want of a seat. SCIM has no error for that (RFC 7644, section 3.12), so
servers say it with 402, a scimType of their own, or in words.
"""

import re
from collections.abc import Iterable

from connectors.errors import OutcomeUnknown
from connectors.scim.errors import ScimRefused

PAYMENT_REQUIRED = 402

_SEAT = r"\b(seats?|licen[cs]es?|licen[cs]ing|subscriptions?|entitlements?)\b"
_NONE_LEFT = (
    r"\b(no|not|none|out of|insufficient|enough|empty|exceed\w*|reach\w*|exhaust\w*|limit\w*"
    r"|max\w*|left|remain\w*|(un)?available|full|fully|all|in use|used|assigned|taken|more"
    r"|additional|buy|purchase|upgrade|require[sd]?)\b"
)
_WHOM = r"(users?|members?|accounts?)"
_LIMITS = (
    rf"\b{_WHOM} (limit|quota|maximum|cap)\b",
    rf"\b(maximum|max|limit)( number)?( of)?( \w+)? {_WHOM}\b",
    rf"\btoo many {_WHOM}\b",
    r"\bupgrade (your|the|to another) plan\b",
    r"\bfully allocated\b",
)
_FULL = (
    r"\bquotas?\b",
    r"\bcapacity\b",
    r"\blimit( was| has been| is)? (reached|exceeded)\b",
)
_OF_TRAFFIC = r"\b(rates?|throttl\w*|requests|calls?|API|per (second|minute|hour|day))\b"
_OF_SIZES = r"\b(request|batch|bulk|payload|bytes?|size|length|characters?|storage|pages?)\b"

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LEADS_ASTRAY = re.compile("|".join((_SEAT, r"\b(quotas?|capacity|limit)\b", _WHOM)), re.I)


def no_seat(answer: Exception | None, names: Iterable[str]) -> bool:
    """Whether the answer says that no seat is left.

    `names` of users and groups may be repeated in it and are ignored. Words about rates, requests
    or the API are not about seats, nor is a capacity in an answer with 5xx, which is the server's.
    """
    if isinstance(answer, ScimRefused):
        if answer.throttled:
            return False
        if answer.status == PAYMENT_REQUIRED:
            return True
        failed = answer.status >= 500
        words = [answer.scim_type, _without(names, answer.why)]
    elif isinstance(answer, OutcomeUnknown):
        failed, words = True, [_without(names, answer.why)]
    else:
        return False
    return any(_about_seats(_CAMEL.sub(" ", said), failed=failed) for said in words)


def _without(names: Iterable[str], said: str) -> str:
    for name in sorted(filter(_LEADS_ASTRAY.search, names), key=len, reverse=True):
        said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", said)
    return said


def _about_seats(said: str, *, failed: bool) -> bool:
    if _has(said, _OF_TRAFFIC):
        return False
    if _has(said, _SEAT) and _has(said, _NONE_LEFT):
        return True
    limits = _LIMITS if failed else (*_LIMITS, *_FULL)
    return not _has(said, _OF_SIZES) and _has(said, *limits)


def _has(said: str, *patterns: str) -> bool:
    return any(re.search(pattern, said, re.IGNORECASE) for pattern in patterns)
