"""Users in Entra: the rules on the columns of `People`, first match first, and texts."""

import numpy as np

from reconciler.situations.situation import ERROR, INFO, WARN, Default, Effect, Rule, Situation

# Placeholders for the code of the set that is to blame.
FROZEN_SET, UNREAD_SET = "frozen set", "unread set"

GRACE, NO_PERSON = "U18", "U14"

RULES = (
    Rule("R4", Effect.KEEP, lambda p: p.untold),
    Rule(FROZEN_SET, Effect.KEEP, lambda p: p.frozen_by != ""),
    Rule("U16", Effect.KEEP, lambda p: p.unseen),
    Rule(NO_PERSON, Effect.KEEP, lambda p: p.no_person),
    Rule("U11", Effect.DEPROVISION, lambda p: p.gone),
    Rule("U10", Effect.DEPROVISION, lambda p: p.deleted),
    Rule("U9", Effect.DEPROVISION, lambda p: p.disabled),
    Rule("U1", Effect.KEEP, lambda p: p.sets > 1),
    Rule("U8", Effect.KEEP, lambda p: p.duplicated),
    Rule(UNREAD_SET, Effect.KEEP, lambda p: p.unproven_by != ""),
    Rule(GRACE, Effect.KEEP, lambda p: ~np.isnat(p.grace_ends)),
    Rule("U3", Effect.DEPROVISION, lambda p: p.unassigned),
    Rule("U5", Effect.KEEP, lambda p: p.without_name),
    Rule("U4", Effect.KEEP, lambda p: p.without_mail),
    Rule("U7", Effect.KEEP, lambda p: p.illegal),
    Rule("U13", Effect.KEEP, lambda p: p.barred_guest),
    Rule("U17", Effect.KEEP, lambda p: p.flapping & (p.held != p.wanted)),
    Rule("U2", Effect.GRANT, lambda p: (p.held >= 0) & (p.held != p.wanted)),
    Rule("U6", Effect.GRANT, lambda p: p.half_named),
)

SITUATIONS = (
    Situation(
        "U1",
        ERROR,
        Default.FREEZE,
        "User in several sets",
        "{name} is in {sets}; the vendor allows one. The user is left as is.",
        "Remove all but one membership, or make a set of these products together.",
    ),
    Situation(
        "U2", INFO, Default.CARRY_OUT, "Move between sets", "{name} moves from {held} to {wanted}."
    ),
    Situation(
        "U3",
        WARN,
        Default.DEPROVISION,
        "In no set any more",
        "{name} left {held} and is in no other set; the seat is released.",
        "Put the user back into a group if this is not meant.",
    ),
    Situation(
        "U4",
        ERROR,
        Default.KEEP,
        "Mail address missing",
        '{name} has no mail address, so gets no seat in "{wanted}" (a held one is kept).',
        'Set "mail" in Entra.',
    ),
    Situation(
        "U5",
        ERROR,
        Default.KEEP,
        "User principal name missing",
        "User {id} has no userPrincipalName, or nothing that is mapped to userName; no account "
        "can be created.",
        'Set "userPrincipalName" in Entra, and what `attribute_mapping` reads for userName.',
    ),
    Situation(
        "U6",
        WARN,
        Default.GO_ON,
        "Given name or surname missing",
        "{name} has no given name or no surname in Entra; the vendor may refuse the account.",
        "Complete the name in Entra.",
    ),
    Situation(
        "U7",
        ERROR,
        Default.KEEP,
        "Illegal characters or length",
        "{name}: {illegal}. Nothing of it is sent (a held seat is kept).",
        "Correct the attribute in Entra.",
    ),
    Situation(
        "U8",
        ERROR,
        Default.FREEZE,
        "Name or mail address shared",
        "{name} shares a user principal name or mail address ({mail}) with another user. Both "
        "are left as they are.",
        "Correct it in Entra.",
    ),
    Situation(
        "U9",
        INFO,
        Default.DEPROVISION,
        "Disabled in Entra",
        "{name} is disabled in Entra and holds no seat.",
    ),
    Situation(
        "U10",
        INFO,
        Default.DEPROVISION,
        "Deleted in Entra",
        "{name} was deleted in Entra; the account is deactivated, never deleted.",
    ),
    Situation(
        "U11",
        WARN,
        Default.DEPROVISION,
        "Gone from Entra",
        "{name} no longer exists in Entra; the account is deactivated, never deleted.",
        "Delete the account at the vendor if the person is not coming back.",
    ),
    Situation(
        "U12",
        INFO,
        Default.CARRY_OUT,
        "Back again",
        "{name} is back; the old account is reactivated.",
    ),
    Situation(
        "U13",
        WARN,
        Default.KEEP,
        "Guest",
        '{name} is a guest in "{wanted}"; guests get no seat (a held one is kept).',
        "Set `policy.allow_guests: true` if guests should have seats.",
    ),
    Situation(
        "U14",
        WARN,
        Default.SKIP,
        "Members that are not people",
        'Members of "{name}" that are not people: {count} ({kinds}). They are skipped '
        "(a held seat is kept).",
        "Remove them from the group.",
    ),
    Situation(
        "U15",
        WARN,
        Default.SKIP,
        "Nested group",
        'Groups within "{name}": {count}. Nested members are not provisioned, as in Entra.',
        "Add these people to the group directly.",
    ),
    Situation(
        "U16",
        WARN,
        Default.FREEZE,
        "User not read for certain",
        "Entra is not of one mind about {name}: it lists the user and does not find them, or says "
        "two things of their groups. The user is left as is until the next run.",
        "Nothing, if the next run reads the user.",
    ),
    Situation(
        "U17",
        WARN,
        Default.FREEZE,
        "To and fro",
        "{name} was granted a seat and lost it again within the last three plans, and would now "
        "get another one. The user is left as is.",
        "Find out what changes the group; the next plans go on by themselves.",
    ),
    Situation(
        "U18",
        INFO,
        Default.KEEP,
        "Left, and keeps the seat for now",
        '{name} left "{held}" and keeps the seat until {until} (`leave_grace`).',
        "Nothing; disable or delete the user in Entra to have the seat back at once.",
    ),
)
