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
        "What this plan had for {name} was not done: read again, {why}.",
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
        "Applying stopped after {errors:error|errors} ({limit}): {done} of "
        "{planned:operation is|operations are} done.",
        "Read the errors; when their cause is gone, make a new plan.",
    ),
    Situation(
        "P9",
        WARN,
        Default.STOP,
        "Vendor asks to wait too long",
        "The vendor refuses further requests for now ({why}): {so_far}.",
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
        "{count:person|people} would lose something, and this plan only grants: they were "
        "left out.",
        "Make a plan without `--grants-only`.",
    ),
    Situation(
        "P12",
        WARN,
        Default.CARRY_OUT,
        "Run taken back",
        "This plan takes back what run {run} did to {count:user|users}. {next}",
        "Change the groups in Entra ID before the next plan is made: plans follow them, whatever "
        "was taken back. A grant is repeated only after two plans in which U17 leaves the user as "
        "is, everything else at once, or after `leave_grace`.",
    ),
    Situation(
        "P13",
        WARN,
        Default.SKIP,
        "Changed since the run",
        "What run {run} did to {name} is not taken back: {why}.",
        "Look at the account at the vendor; a later run or a person has changed it.",
    ),
    Situation(
        "P14",
        WARN,
        Default.SKIP,
        "No seat to give back",
        'What run {run} did to {name} is not taken back: "{set}" needs a seat of {products}, and '
        "none is free.",
        "Free or buy seats, then undo the run again.",
    ),
    Situation(
        "P15",
        WARN,
        Default.SKIP,
        "Nobody to give it back to",
        "What run {run} did to {name} is not taken back: {why}.",
        "Enable or restore the user in Entra ID, then undo the run again.",
    ),
    Situation(
        "P16",
        WARN,
        Default.SKIP,
        "Left as is, by an undo as well",
        "What run {run} did to {name} is not taken back: {why}.",
        "Clear that up as its own situation advises, then undo the run again.",
    ),
    Situation(
        "P17",
        INFO,
        Default.SKIP,
        "Stays as the run made it",
        "Something that run {run} did to {name} stays: {why}.",
        "Nothing; change it at the vendor by hand if it has to be.",
    ),
    Situation(
        "P18",
        WARN,
        Default.GO_ON,
        "Ended by another run",
        "Another run took this one for dead and recorded what it had begun for {name} as "
        '"{stands}", before this one could record it as "{result}". The first record stands.',
        "Find out why this run stood still (a paused machine, a blocked disk). Where the two "
        "differ, look at the account at the vendor; the next plan follows what is there.",
    ),
)
