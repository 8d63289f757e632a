"""A plan between its making and its end."""

from reconciler.situations.situation import BLOCK, ERROR, INFO, WARN, Default, Situation

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
        "P4",
        WARN,
        Default.SKIP,
        "Entra changed since the plan",
        "{name} {why} after the plan was made. What it had for this user was not done.",
        "Nothing; the next plan follows Entra as it is then.",
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
        "P8",
        ERROR,
        Default.STOP,
        "Too many errors",
        "Applying stopped after {errors} errors ({limit}): {done} of {planned} operations are "
        "done.",
        "Read the errors; when their cause is gone, make a new plan.",
    ),
    Situation(
        "P9",
        WARN,
        Default.STOP,
        "Vendor asks to wait too long",
        "The vendor refuses further requests for now ({why}): {done} of {planned} operations are "
        "done.",
        "Nothing; the next plan has the rest. Lower `vendor.max_requests_per_second` if it "
        "happens again.",
    ),
    Situation(
        "P10",
        WARN,
        Default.GO_ON,
        "Outcome was not known",
        "No answer came for {name} ({why}). Read back: {outcome}.",
        "Nothing; what could not be read is read before the next plan.",
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
