"""plan.json: the canonical form of a plan, beside its digest."""

import orjson

from reconciler.model.plan import Plan, parse


def plan_json(plan: Plan) -> bytes:
    """An object of two keys; the plan stands in it byte for byte in its canonical form."""
    return b'{"digest":"%s",\n"plan":%s}\n' % (plan.digest.encode(), plan.canonical)


def read_plan_json(content: bytes) -> Plan:
    """The plan of such a file.

    Raises:
        ValueError: not such a file, or its content does not match its digest.
    """
    try:
        outer = orjson.loads(content)
        plan = parse(orjson.dumps(outer["plan"], option=orjson.OPT_SORT_KEYS))
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError("this is not a plan file") from error
    if plan.digest != outer.get("digest") or plan_json(plan) != content:
        raise ValueError("the plan file does not match its digest; it was changed")
    return plan
