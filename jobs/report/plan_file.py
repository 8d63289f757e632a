"""plan.json: the canonical form of a plan, beside its digest."""

from inspect import cleandoc
from typing import Any

import msgspec

from config.json_schema import DIALECT
from reconciler.model.plan import Plan


def plan_json(plan: Plan) -> bytes:
    """An object of two keys; the plan stands in it byte for byte in its canonical form."""
    return b'{"digest":"%s",\n"plan":%s}\n' % (plan.digest.encode(), plan.canonical)


def plan_schema() -> dict[str, Any]:
    """What `plan_json` writes, as a JSON Schema (draft 2020-12)."""
    schema = msgspec.json.schema(Plan)
    for part in schema["$defs"].values():
        part["description"] = cleandoc(part["description"])
    return {
        "$schema": DIALECT,
        "type": "object",
        "required": ["digest", "plan"],
        "properties": {
            "digest": {
                "type": "string",
                "pattern": "^sha256:[0-9a-f]{64}$",
                "description": "Of the plan's bytes in this file.",
            },
            "plan": {"$ref": schema["$ref"]},
        },
        "$defs": schema["$defs"],
    }
