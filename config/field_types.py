"""What one value of the configuration may be, whichever section it stands in."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from config.attribute_mapping_targets import ENTERPRISE, OF_ENTERPRISE
from config.duration import PATTERN, duration
from config.link_local_addresses import answers_within
from config.local_secret import read_local
from config.scim_attribute_path import ScimPath, parsed
from config.secret_reference import SecretReference, SecretUnavailable
from config.section import anchored
from config.suggest import nearest

# RFC 7643, sections 4.1 and 4.3: what says what kind of user somebody is, and is not computed.
_ATTRIBUTES = frozenset({"userType", "title", "nickName"})
_ENTRIES = frozenset({"roles", "entitlements"})

# libpq, "Parameter Key Words".
_PASSWORDS = frozenset({"password", "sslpassword"})

_TIME_OF_DAY = "^([01][0-9]|2[0-3]):[0-5][0-9]$"

_CURRENCY = "^[A-Z]{3}$"

LARGEST_BITS = 64
"""Of an integer in the file; whether a smaller one makes sense is not the file's matter."""


def is_guid(text: str) -> bool:
    """As Entra writes its ids, in either case."""
    return bool(re.fullmatch(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))


def _guid(text: str) -> str:
    if not is_guid(text):
        raise ValueError("expected an id such as 11111111-1111-1111-1111-111111111111")
    return text.lower()


def _encrypted_or_loopback(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its own text repeats the address
        raise ValueError("this is not an address") from None
    if answers_within(parts.hostname or ""):
        raise ValueError("this address answers within a machine or its link, and is nobody else's")
    loopback = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise ValueError("expected an https:// address (http only on loopback)")
    superfluous = "@" in parts.netloc or parts.query or parts.fragment or re.search(r"\s", url)
    if not parts.hostname or port == 0 or superfluous:
        raise ValueError("expected https://host/path, without user, query or fragment")
    return url.rstrip("/")


def _named_as_the_guide_says(name: str) -> str:
    if not 3 <= len(name) <= 35:
        raise ValueError(f"a set's name has 3 to 35 characters; this one has {len(name)}")
    odd = re.search(r"[^a-zA-Z0-9.\-\s]", name)
    if odd:
        raise ValueError(
            f'"{odd.group()}" at {odd.start() + 1} is not allowed in a set\'s name: '
            "only letters, digits, dots, hyphens and spaces"
        )
    return name


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    for at, name in enumerate(names):
        if name in names[:at]:
            raise ValueError(f'"{name}" is there twice')
    return names


def _scalar(given: object) -> object:
    # Python does not even write out integers without bound.
    endless = isinstance(given, int) and given.bit_length() > LARGEST_BITS
    if endless or not isinstance(given, str | int | float | date | None):
        raise ValueError("expected a number of seats")
    return given


def _currency(text: str) -> str:
    if not re.fullmatch(_CURRENCY, text):
        raise ValueError("expected a code of ISO 4217, such as EUR")
    return text


def _time_of_day(text: str) -> str:
    if not re.fullmatch(_TIME_OF_DAY, text):
        raise ValueError('expected a time of day such as "03:00"')
    return text


def _cron_expression(text: str) -> str:
    example = 'expected five fields as in crontab, such as "30 3 * * MON-FRI"'
    if len(text.split()) != 5:
        raise ValueError(f"{example}: minute, hour, day of the month, month, day of the week")
    try:
        due = next(CronSim(text, datetime(2000, 1, 1, tzinfo=UTC)), None)
    except (CronSimError, ValueError) as error:  # ValueError: of thousands of digits
        raise ValueError(f"{str(error)[:100].lower()}; {example}") from None
    if due is None:
        raise ValueError("there is no such day")
    return text


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # a KeyError is ZoneInfoNotFoundError
        near = nearest(name, available_timezones()) or "Europe/Berlin"
        raise ValueError(f'"{name}" is no time zone; expected a name such as {near}') from None
    return name


_OF_THIS_MACHINE = ("env:", "file:", "cred:")
"""Where a database's address may be: it is needed before a keyring or a vault could be asked."""


def _database(text: str, info: ValidationInfo) -> str:
    url = text
    if text.startswith(_OF_THIS_MACHINE):
        try:
            url = read_local(SecretReference.configured(text, info))
        except SecretUnavailable as error:
            raise ValueError(str(error)) from None
    elif text.startswith("postgresql") and _tells_a_password(text):
        raise ValueError(
            "a URL with a password is a secret: write env:NAME, file:PATH or cred:NAME"
        )
    if not re.match(r"sqlite:///.|postgresql\+psycopg://.", url):
        forms = "sqlite:///FILE, postgresql+psycopg://…, env:NAME, file:PATH or cred:NAME"
        raise ValueError(f"expected {forms}")
    scheme, sqlite, file = url.partition("sqlite:///")
    return f"{scheme}{sqlite}{anchored(Path(file), info)}" if sqlite else url


def _tells_a_password(url: str) -> bool:
    """Whether it is before the host or, as libpq has it, among the parameters, in any case."""
    _, _, rest = url.partition("//")
    user, at, _ = rest.partition("@")
    named = (name.lower() for name, _ in parse_qsl(rest.partition("?")[2]))
    return bool(at and ":" in user) or not _PASSWORDS.isdisjoint(named)


def _can_hold_a_set(path: str) -> str:
    match parsed(path):
        case ScimPath(attribute, None, None, None) if attribute in _ATTRIBUTES:
            return path
        case ScimPath(attribute, str(), "value", None) if attribute in _ENTRIES:
            return path
        case ScimPath(attribute, None, None, schema) if schema == ENTERPRISE:
            if attribute in OF_ENTERPRISE:
                return path
    raise ValueError(f'"{path}" is no attribute of a SCIM user that can hold a set\'s name')


Duration = Annotated[
    timedelta,
    BeforeValidator(duration),
    WithJsonSchema({"type": "string", "pattern": PATTERN}),
]
"""Such as 40m, 24h, 90d or 1y."""

Guid = Annotated[str, AfterValidator(_guid), WithJsonSchema({"type": "string", "format": "uuid"})]

Address = Annotated[
    str,
    AfterValidator(_encrypted_or_loopback),
    WithJsonSchema({"type": "string", "format": "uri"}),
]

SetName = Annotated[
    str,
    AfterValidator(_named_as_the_guide_says),
    WithJsonSchema({"type": "string", "pattern": r"^[a-zA-Z0-9.\-\s]{3,35}$"}),
]

Products = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], AfterValidator(_each_once)]

SeatNumber = Annotated[
    Any,
    AfterValidator(_scalar),
    WithJsonSchema({"type": ["number", "string", "null"]}),
]
"""Whether a number makes sense is a finding of the run, not a fault of the file."""

Price = Annotated[
    Decimal,
    Field(ge=0, max_digits=12, decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": 0}),
]

Currency = Annotated[
    str,
    AfterValidator(_currency),
    WithJsonSchema({"type": "string", "pattern": _CURRENCY}),
]
"""A code of ISO 4217, such as EUR."""

UserAttribute = Annotated[str, AfterValidator(_can_hold_a_set)]
"""A SCIM path, such as userType or roles[type eq "seat"].value."""

TimeOfDay = Annotated[
    str,
    AfterValidator(_time_of_day),
    WithJsonSchema({"type": "string", "pattern": _TIME_OF_DAY}),
]

CronExpression = Annotated[str, AfterValidator(_cron_expression)]
"""Of crontab(5), with the extensions of cronsim: L, LW, and MON#2."""

TimeZone = Annotated[str, AfterValidator(_time_zone)]
"""A name of the IANA's database."""

Database = Annotated[str, AfterValidator(_database)]
"""A SQLAlchemy URL. One with a password is kept elsewhere: the file itself holds no secret."""
