"""plan.json: the canonical form of a plan, beside its digest."""

from reconciler.model.plan import Plan


def plan_json(plan: Plan) -> bytes:
    """An object of two keys; the plan stands in it byte for byte in its canonical form."""
    return b'{"digest":"%s",\n"plan":%s}\n' % (plan.digest.encode(), plan.canonical)
