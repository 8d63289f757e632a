"""A plan between its making and its end."""

from reconciler.situations.situation import BLOCK, INFO, WARN, Default, Situation

SITUATIONS = (
    Situation(
        "P1", INFO, Default.GO_ON, "No changes", "Nothing to do: the vendor equals the directory."
    ),
    Situation(
        "P2",
        BLOCK,
        Default.REFUSE,
        "Plan is stale",
        "Plan {plan} cannot be applied: {why}. Nothing was sent.",
        "Make a new plan.",
    ),
    Situation(
        "P3",
        BLOCK,
        Default.REFUSE,
        "Vendor changed since the plan",
        "{name} is not as the plan found it: {why}.",
        "Make a new plan.",
    ),
    Situation(
        "P5",
        BLOCK,
        Default.REFUSE,
        "Plan altered",
        "Plan {plan} is not what was written or approved: {why}. Nothing was sent.",
        "Make a new plan, and find out who changed this one.",
    ),
    Situation(
        "P6",
        BLOCK,
        Default.REFUSE,
        "Plan already applied",
        "Plan {plan} was already used by run {run} at {at}. Nothing was sent.",
        "Make a new plan.",
    ),
    Situation(
        "P7",
        BLOCK,
        Default.REFUSE,
        "Approval missing",
        "Plan {plan} is not approved{why}. Nothing was sent.",
        "Review it with `seatsync show`, then `seatsync approve`.",
    ),
    Situation(
        "P11",
        WARN,
        Default.SKIP,
        "Only grants were wanted",
        "{count} people would lose something, and this plan only grants: they were left out.",
        "Make a plan without `--grants-only`.",
    ),
)
