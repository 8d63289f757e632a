"""Situations of a plan, from when it is made until it is applied."""

from reconciler.situations.situation import BLOCK, ERROR, INFO, WARN, Default, Situation

NO_CHANGES = Situation(
    "P1", INFO, Default.GO_ON, "No changes", "Nothing to do: the vendor equals the directory."
)

PLAN_STALE = Situation(
    "P2",
    BLOCK,
    Default.REFUSE,
    "Plan is stale",
    "Plan {plan} cannot be applied: {why}. Nothing was sent.",
    "Make a new plan.",
    facts={"plan": str, "why": str},
)

VENDOR_CHANGED = Situation(
    "P3",
    BLOCK,
    Default.REFUSE,
    "Vendor changed since the plan",
    "{name} is not as the plan found it: {why}.",
    "Make a new plan.",
    facts={"why": str},
)

ENTRA_CHANGED = Situation(
    "P4",
    WARN,
    Default.SKIP,
    "Entra changed since the plan",
    "What this plan had for {name} was not done: read again, {why}.",
    "Nothing; the next plan follows Entra as it is then.",
    facts={"why": str},
)

PLAN_ALTERED = Situation(
    "P5",
    BLOCK,
    Default.REFUSE,
    "Plan altered",
    "Plan {plan} is not what was written or approved: {why}. Nothing was sent.",
    "Make a new plan, and find out who changed this one.",
    facts={"plan": str, "why": str},
)

PLAN_USED = Situation(
    "P6",
    BLOCK,
    Default.REFUSE,
    "Plan already applied",
    "Plan {plan} was already used by run {run} at {at}. Nothing was sent.",
    "Make a new plan.",
    facts={"plan": str, "run": str, "at": str},
)

APPROVAL_MISSING = Situation(
    "P7",
    BLOCK,
    Default.REFUSE,
    "Approval missing",
    "Plan {plan} is not approved{why}. Nothing was sent.",
    "Review it with `seatsync show`, then `seatsync approve`.",
    facts={"plan": str, "why": str},
)

TOO_MANY_ERRORS = Situation(
    "P8",
    ERROR,
    Default.STOP,
    "Too many errors",
    "Applying stopped after {errors:error|errors} ({limit}): {done} of "
    "{planned:operation is|operations are} done.",
    "Read the errors; when their cause is gone, make a new plan.",
    facts={"errors": int, "limit": str, "done": int, "planned": int},
)

THROTTLED = Situation(
    "P9",
    WARN,
    Default.STOP,
    "Vendor asks to wait too long",
    "The vendor refuses further requests for now ({why}): {so_far}.",
    "Nothing; the next plan has the rest. Lower `vendor.max_requests_per_second` if it "
    "happens again.",
    facts={"why": str, "so_far": str},
)

OUTCOME_UNKNOWN = Situation(
    "P10",
    WARN,
    Default.GO_ON,
    "Outcome was not known",
    "No answer came for {name} ({why}). Read back: {outcome}.",
    "Nothing; what could not be read is read before the next plan.",
    facts={"why": str, "outcome": str},
)

GRANTS_ONLY = Situation(
    "P11",
    WARN,
    Default.SKIP,
    "Only grants were wanted",
    "{count:person|people} would lose something, and this plan only grants: they were left out.",
    "Make a plan without `--grants-only`.",
    facts={"count": int},
)

RUN_TAKEN_BACK = Situation(
    "P12",
    WARN,
    Default.CARRY_OUT,
    "Run taken back",
    "This plan takes back what run {run} did to {count:user|users}. {next}",
    "Change the groups in Entra ID before the next plan is made: plans follow them, whatever "
    "was taken back. A grant is repeated only after two plans in which U17 leaves the user as "
    "is, everything else at once, or after `leave_grace`.",
    facts={"run": str, "count": int, "next": str},
)

CHANGED_SINCE_RUN = Situation(
    "P13",
    WARN,
    Default.SKIP,
    "Changed since the run",
    "What run {run} did to {name} is not taken back: {why}.",
    "Look at the account at the vendor; a later run or a person has changed it.",
    facts={"run": str, "why": str},
)

NO_SEAT_TO_GIVE_BACK = Situation(
    "P14",
    WARN,
    Default.SKIP,
    "No seat to give back",
    'What run {run} did to {name} is not taken back: "{set}" needs a seat of {products}, and '
    "none is free.",
    "Free or buy seats, then undo the run again.",
    facts={"run": str, "set": str, "products": str},
)

NOBODY_TO_GIVE_BACK_TO = Situation(
    "P15",
    WARN,
    Default.SKIP,
    "Nobody to give it back to",
    "What run {run} did to {name} is not taken back: {why}.",
    "Enable or restore the user in Entra ID, then undo the run again.",
    facts={"run": str, "why": str},
)

LEFT_AS_IS = Situation(
    "P16",
    WARN,
    Default.SKIP,
    "Left as is, by an undo as well",
    "What run {run} did to {name} is not taken back: {why}.",
    "Clear that up as its own situation advises, then undo the run again.",
    facts={"run": str, "why": str},
)

STAYS_AS_IS = Situation(
    "P17",
    INFO,
    Default.SKIP,
    "Stays as the run made it",
    "Something that run {run} did to {name} stays: {why}.",
    "Nothing; change it at the vendor by hand if it has to be.",
    facts={"run": str, "why": str},
)

ENDED_BY_ANOTHER_RUN = Situation(
    "P18",
    WARN,
    Default.GO_ON,
    "Ended by another run",
    "Another run took this one for dead and recorded what it had begun for {name} as "
    '"{stands}", before this one could record it as "{result}". The first record stands.',
    "Find out why this run stood still (a paused machine, a blocked disk). Where the two "
    "differ, look at the account at the vendor; the next plan follows what is there.",
    facts={"stands": str, "result": str},
)

FOR_ONE_USER = Situation(
    "P19",
    INFO,
    Default.GO_ON,
    "For one user alone",
    "This plan is for {name} alone, and leaves out {left:operation|operations} of a plan for "
    "everybody.{tied}",
    "`seatsync plan` makes one for everybody.",
    facts={"left": int, "tied": str},
)

OTHERS_FIRST = Situation(
    "P20",
    WARN,
    Default.SKIP,
    "Others come first",
    "A plan for everybody has a seat for {name}, and this one has not: of {product} none is free "
    "now but for others.{others}",
    "Make a plan for everybody, and apply it.",
    facts={"product": str, "others": str},
)

TIME_OVER = Situation(
    "P21",
    WARN,
    Default.STOP,
    "The time of a run is over",
    "The time that one run has for the vendor is over: {done} of "
    "{planned:operation is|operations are} done.",
    "Nothing; the next plan has the rest. If the vendor bears more requests in a second, raise "
    "`vendor.max_requests_per_second`.",
    facts={"done": int, "planned": int},
)

FLEET_STOPPED = Situation(
    "P22",
    BLOCK,
    Default.REFUSE,
    "Applies of the fleet are stopped",
    "Nothing more is applied for any tenant of the fleet since {since}: of "
    "{planned:tenant|tenants} that were planned within an hour, {tenants} would lose unusually "
    "many users by {code}.",
    "Find out what these tenants have in common; `seatsync fleet status` lists all. Once its cause "
    "is gone, or if it is right: `seatsync fleet resume-applies --reason ...`. Plans that were "
    "made meanwhile can be applied then.",
    facts={"since": str, "code": str, "tenants": int, "planned": int},
)

UNUSUAL_LOSS = Situation(
    "P23",
    BLOCK,
    Default.REFUSE,
    "A tenant of a fleet loses unusually many users",
    "The run applied nothing of this plan: by {codes} it takes something from more users than any "
    "plan of this tenant did in 30 days.",
    "Nothing: the first run that is an hour later applies what is right then, unless many tenants "
    "lose users by the same code (P22). What must not wait can be approved and applied.",
    facts={"codes": str},
)
