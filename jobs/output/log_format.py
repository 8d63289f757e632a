"""Dated lines of a log: as text (logfmt) for people, as JSON for programs."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson
import structlog
from structlog.processors import JSONRenderer, LogfmtRenderer, TimeStamper
from structlog.typing import EventDict

from config.secret_redaction import without_secrets
from jobs.output.printable import shown


def log_line(facts: Mapping[str, object], *, as_json: bool) -> str:
    """Of one thing that has happened now; its name is under ``event``."""
    return str(_logger(as_json).msg(**facts))


@cache
def _logger(as_json: bool) -> Any:
    form = JSONRenderer(_as_json) if as_json else LogfmtRenderer(key_order=("at", "event"))
    return structlog.wrap_logger(
        structlog.ReturnLogger(),
        processors=[TimeStamper(fmt="iso", key="at"), _harmless, form],
        wrapper_class=structlog.BoundLogger,
    )


def _harmless(logger: object, method: str, facts: EventDict) -> EventDict:
    """No secret is in it, and nothing that moves a cursor or hides a letter."""
    return {
        name: shown(without_secrets(value)) if isinstance(value, str) else value
        for name, value in facts.items()
    }


def _as_json(facts: Mapping[str, object], **_: object) -> str:
    return orjson.dumps(facts, default=str).decode()
