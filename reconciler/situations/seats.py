"""Situations of seats: what was bought, what is in use, and who waits."""

from reconciler.situations.situation import ERROR, INFO, WARN, Default, Situation

SEAT_FREE = Situation("S1", INFO, Default.CARRY_OUT, "A seat is free", "{name} gets a seat.")

SEATS_EXHAUSTED = Situation(
    "S2",
    ERROR,
    Default.WAIT,
    "Seats exhausted",
    "{name}: {purchased} purchased, {used} in use after this plan. Waiting: {count} ({users})."
    "{coming}",
    "Buy {count} more, or release seats.",
    facts={"purchased": int, "used": int, "count": int, "users": str, "coming": str},
)

BUNDLE_PARTLY_FREE = Situation(
    "S3",
    ERROR,
    Default.WAIT,
    "Bundle partly available",
    '{name} waits for "{set}": {blocked} is full, {free} is free. A set is granted whole '
    "or not at all.",
    "Buy a seat of what is full.",
    facts={"set": str, "blocked": str, "free": str},
)

OVER_ALLOCATED = Situation(
    "S4",
    ERROR,
    Default.KEEP,
    "Over-allocated",
    "{name}: {purchased} purchased, {used} in use. Nobody is granted one, and nobody loses "
    "one.{candidates}",
    "Buy {count}, or release seats in Entra.",
    facts={"purchased": int, "used": int, "candidates": str, "count": int},
)

FEWER_PURCHASED = Situation(
    "S5",
    WARN,
    Default.GO_ON,
    "Fewer seats purchased",
    "{name}: {purchased:seat is|seats are} purchased, {before} were before; {used:is|are} in "
    "use after this plan. Nobody loses one for it.",
    "Nothing, if the contract was changed; otherwise correct the seat inventory.",
    facts={"purchased": int, "before": int, "used": int},
)

COUNT_UNUSABLE = Situation(
    "S6",
    ERROR,
    Default.KEEP,
    "Seat count not usable",
    "{name}: {why}. No seat of it is granted until the count is right.",
    "Update the seat inventory.",
    facts={"why": str},
)

VENDOR_COUNTS_OTHERWISE = Situation(
    "S7",
    WARN,
    Default.GO_ON,
    "Vendor counts otherwise",
    "{name}: the vendor says that {vendor:seat is|seats are} in use, its accounts hold "
    "{counted} now. Counted beyond what its accounts show: {unseen}.",
    "Look in the portal for users that were made by hand: SCIM does not show them.",
    facts={"vendor": int, "counted": int, "unseen": int},
)

SEAT_REFUSED = Situation(
    "S8",
    ERROR,
    Default.WAIT,
    "Vendor refuses a seat",
    "The vendor gave {name} no seat of {products}, though one was counted as free: {why}. "
    "The user waits, and nobody else was granted {products} in this run.",
    "Look in the vendor's portal for seats that are held outside Entra, and correct the "
    "seat inventory.",
    facts={"products": str, "why": str},
)

WAITS_NO_LONGER = Situation(
    "S9",
    INFO,
    Default.GO_ON,
    "Waits no longer",
    '{name} waited for a seat of "{set}" and is not in its group any more.',
    facts={"set": str},
)
