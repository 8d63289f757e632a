"""Situations of users; most are found by the rules in `reconciler.decisions.user_rules`."""

from reconciler.situations.situation import ERROR, INFO, WARN, Default, Situation

IN_SEVERAL_SETS = Situation(
    "U1",
    ERROR,
    Default.FREEZE,
    "User in several sets",
    "{name} is in {sets}; the vendor allows one. The user is left as is.",
    "Remove all but one membership, or configure one set that has all their products.",
    facts={"sets": str},
)

MOVE = Situation(
    "U2",
    INFO,
    Default.CARRY_OUT,
    "Moves to another set",
    "{name} moves from {held} to {wanted}.",
    facts={"held": str, "wanted": str},
)

LEFT_EVERY_SET = Situation(
    "U3",
    WARN,
    Default.DEPROVISION,
    "In no set any more",
    "{name} left {held} and is in no other set; the seat is released.",
    "Put the user back into a group if this is not meant.",
    facts={"held": str},
)

MAIL_MISSING = Situation(
    "U4",
    ERROR,
    Default.KEEP,
    "Mail address missing",
    '{name} has no mail address, so gets no seat in "{wanted}" (a held one is kept).',
    'Set "mail" in Entra.',
    facts={"wanted": str},
)

PRINCIPAL_NAME_MISSING = Situation(
    "U5",
    ERROR,
    Default.KEEP,
    "User principal name missing",
    "User {id} has no userPrincipalName, or nothing that is mapped to userName; no account "
    "can be created.",
    'Set "userPrincipalName" in Entra, and what `attribute_mapping` reads for userName.',
)

NAME_INCOMPLETE = Situation(
    "U6",
    WARN,
    Default.GO_ON,
    "Given name or surname missing",
    "{name} has no given name or no surname in Entra; the vendor may refuse the account.",
    "Complete the name in Entra.",
)

ILLEGAL_TEXT = Situation(
    "U7",
    ERROR,
    Default.KEEP,
    "Illegal characters or length",
    "{name}: {illegal}. Nothing of it is sent (a held seat is kept).",
    "Correct the attribute in Entra.",
    facts={"illegal": str},
)

NAME_OR_MAIL_SHARED = Situation(
    "U8",
    ERROR,
    Default.FREEZE,
    "Name or mail address shared",
    "{name} shares a user principal name or mail address ({mail}) with another user. Both "
    "are left as they are.",
    "Correct it in Entra.",
    facts={"mail": str},
)

DISABLED = Situation(
    "U9",
    INFO,
    Default.DEPROVISION,
    "Disabled in Entra",
    "{name} is disabled in Entra and holds no seat.",
)

DELETED = Situation(
    "U10",
    INFO,
    Default.DEPROVISION,
    "Deleted in Entra",
    "{name} was deleted in Entra; the account is deactivated, never deleted.",
)

GONE = Situation(
    "U11",
    WARN,
    Default.DEPROVISION,
    "Gone from Entra",
    "{name} no longer exists in Entra; the account is deactivated, never deleted.",
    "Delete the account at the vendor if the person is not coming back.",
)

BACK_AGAIN = Situation(
    "U12",
    INFO,
    Default.CARRY_OUT,
    "Back again",
    "{name} is back; the old account is reactivated.",
)

GUEST = Situation(
    "U13",
    WARN,
    Default.KEEP,
    "Guest",
    '{name} is a guest in "{wanted}"; guests get no seat (a held one is kept).',
    "Set `policy.allow_guests: true` if guests should have seats.",
    facts={"wanted": str},
)

NOT_A_PERSON = Situation(
    "U14",
    WARN,
    Default.SKIP,
    "Members that are not people",
    'Members of "{name}" that are not people: {count} ({kinds}). They are skipped '
    "(a held seat is kept).",
    "Remove them from the group.",
    facts={"count": int, "kinds": str},
)

NESTED_GROUP = Situation(
    "U15",
    WARN,
    Default.SKIP,
    "Nested group",
    'Groups within "{name}": {count}. Nested members are not provisioned, as in Entra.',
    "Add these people to the group directly.",
    facts={"count": int},
)

NOT_READ_FOR_CERTAIN = Situation(
    "U16",
    WARN,
    Default.FREEZE,
    "User not read for certain",
    "Entra contradicts itself about {name}: it lists the user but does not find them, or gives "
    "two answers about their groups. The user is left as is until the next run.",
    "Nothing, if the next run reads the user.",
)

FLAPPING = Situation(
    "U17",
    WARN,
    Default.FREEZE,
    "Granted and lost again",
    "{name} was granted a seat and lost it again within the last three plans, and would now "
    "get another one. The user is left as is.",
    "Find out what changes the group; the next plans go on by themselves.",
)

LEAVE_GRACE = Situation(
    "U18",
    INFO,
    Default.KEEP,
    "Left, and keeps the seat for now",
    '{name} left "{held}" and keeps the seat until {until} (`leave_grace`).',
    "Nothing; disable or delete the user in Entra to have the seat back at once.",
    facts={"held": str, "until": str},
)

OUT_OF_SCOPE = Situation(
    "U19",
    WARN,
    Default.DEPROVISION,
    "Out of scope",
    "{name} is in a set's group and passes no scoping filter (not met: {unmet}); the seat is "
    "released.",
    "Correct the attribute in Entra, or `scoping_filters`, if this is not meant.",
    facts={"unmet": str},
)

SEAT_RECLAIMED = Situation(
    "U21",
    WARN,
    Default.HOLD,
    "Seat not used",
    "The seat of {name} ({held}) is not used, and taken back (`plan --reclaim`). The account stays "
    "active, and the group in Entra ID as it is.",
    "Ask before this plan is approved. Whoever signs in before it is applied keeps the seat.",
    facts={"held": str},
)

WITHOUT_RECLAIMED_SEAT = Situation(
    "U22",
    INFO,
    Default.KEEP,
    "Seat was taken back, for it was not used",
    '{name} is in the group of "{wanted}", and the seat was taken back because it was not used '
    "(U21). The user gets none until they sign in to the vendor's application again.",
    "To give it back at once, undo the run that took it.",
    facts={"wanted": str},
)

SEAT_TO_BE_RECLAIMED = Situation(
    "U23",
    INFO,
    Default.KEEP,
    "Seat not used, and to be taken back",
    '{name} has a seat of {products} by "{held}": {use}. From {until} on `plan --reclaim` takes it '
    "back.",
    "Ask the user: whoever signs in to the vendor's application before then keeps the seat.",
    facts={"products": str, "held": str, "use": str, "until": str},
)

OUT_OF_SCOPE_KEPT = Situation(
    "U20",
    INFO,
    Default.KEEP,
    "Out of scope, and left alone",
    "{name} is in a set's group and passes no scoping filter (not met: {unmet}); what they hold "
    "stays (`policy.skip_out_of_scope_deletions`).",
    "Take the user out of the group to have the seat back.",
    facts={"unmet": str},
)
