"""The JSON Schemas (draft 2020-12) of all JSON that seatsync reads, writes and prints."""

from inspect import cleandoc
from typing import Any

import msgspec

from config.json_schema import DIALECT, configuration_schema, fleet_schema
from jobs.monitoring.status import Status
from jobs.output.rows.fleet import StandingRow, TenantRow
from jobs.output.rows.mapping import MappedRow
from jobs.output.rows.runs import AuditRow, RunRow
from jobs.output.rows.seats import IdleRow, PastSeatRow, SeatRow, SetRow
from jobs.output.rows.setup import CheckRow, GroupRow, HabitRow, PortalSetRow
from jobs.output.rows.users import AccountRow, DifferenceRow, DriftRow, UserRow
from jobs.report.plan_file import plan_schema
from jobs.report.plan_json import AppliedDocument, PlanDocument
from jobs.report.replay_json import ReplayDocument
from jobs.seats.orders import ForecastDocument
from jobs.what_if import WhatIfDocument

Schema = dict[str, Any]

PRINTED: dict[str, tuple[Any, ...]] = {
    "apply": (AppliedDocument,),
    "audit list": (list[AuditRow],),
    "check": (list[CheckRow],),
    "diff": (list[DifferenceRow],),
    "discover": (list[AccountRow],),
    "drift": (list[DriftRow],),
    "fleet check": (list[CheckRow],),
    "fleet list": (list[TenantRow],),
    "fleet status": (list[StandingRow],),
    "forecast": (ForecastDocument,),
    "history": (list[RunRow],),
    "idle": (list[IdleRow],),
    "mapping test": (list[MappedRow],),
    "plan": (PlanDocument, WhatIfDocument),
    "pull": (list[GroupRow],),
    "reconcile": (PlanDocument, AppliedDocument),
    "replay": (ReplayDocument,),
    "run": (PlanDocument, AppliedDocument),
    "sandbox habits": (list[HabitRow],),
    "sandbox portal show": (list[PortalSetRow],),
    "seats": (list[SeatRow], list[PastSeatRow]),
    "sets": (list[SetRow],),
    "show": (PlanDocument,),
    "status": (Status,),
    "undo": (PlanDocument,),
    "users": (list[UserRow],),
}
"""What a command prints with `--json`; one of these, where there are several."""

_FILES = {
    "configuration": configuration_schema,
    "fleet.yaml": fleet_schema,
    "plan.json": plan_schema,
}

NAMES = (*_FILES, *PRINTED)


def schema_of(name: str) -> Schema:
    """Of one of `NAMES`.

    Raises:
        KeyError: it is none.
    """
    return _FILES[name]() if name in _FILES else _printed(PRINTED[name])


def _printed(types: tuple[Any, ...]) -> Schema:
    schemas, parts = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    for part in parts.values():
        part["description"] = cleandoc(part["description"])
    one = schemas[0] if len(schemas) == 1 else {"anyOf": [*schemas]}
    return {"$schema": DIALECT, **one, "$defs": parts}
