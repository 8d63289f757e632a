"""Situations of accounts; most are found by the rules in `reconciler.decisions.account_rules`."""

from reconciler.situations.situation import (
    BLOCK,
    ERROR,
    INFO,
    WARN,
    Default,
    Situation,
)

CONFIRMED = Situation("A1", INFO, Default.GO_ON, "Confirmed", "{name} has the right account.")

NO_ACCOUNT = Situation(
    "A2", INFO, Default.CARRY_OUT, "No account yet", "{name} has no account yet."
)

ATTRIBUTES_CHANGED = Situation(
    "A3",
    INFO,
    Default.CARRY_OUT,
    "Changed in Entra",
    "{name} was changed in Entra; the account follows.",
)

OWNER_RECREATED = Situation(
    "A4",
    ERROR,
    Default.FREEZE,
    "Account of a user who was recreated",
    "The account {user_name} is linked to a user who is no longer in Entra, and another "
    "one has its name now ({name}, {id}). Both are left as they are.",
    "If they are the same person, change the account's externalId to the new object id at "
    "the vendor.",
    facts={"user_name": str},
)

FOUND_UNLINKED = Situation(
    "A5",
    WARN,
    Default.CARRY_OUT,
    "Account found, not linked",
    "The account {user_name} existed before. {linking}",
    "Compare the user and the account; once both attributes agree the next plan links them.",
    facts={"user_name": str, "linking": str},
)

LINKED_BY_NICKNAME = Situation(
    "A6",
    WARN,
    Default.HOLD,
    "Account linked by nickname",
    "The externalId of {user_name} is the mailNickname of {name}, Microsoft's default, and would "
    "become the object id. Nobody loses a seat.",
    "Map externalId to objectId in Entra's provisioning (the guide, step 1); then approve this "
    "plan.",
    facts={"user_name": str},
)

LINKED_TO_ANOTHER = Situation(
    "A7",
    ERROR,
    Default.FREEZE,
    "Account linked to another user",
    "{name} has the {matched_by} of {user_name}, which is linked to another "
    "living user. Both are left as they are.",
    "Correct the user principal names or mail addresses in Entra.",
    facts={"user_name": str, "matched_by": str},
)

SEVERAL_ACCOUNTS = Situation(
    "A8",
    ERROR,
    Default.FREEZE,
    "Two accounts match one user",
    "{count} accounts match {name}. The user is left as is.",
    "Merge them at the vendor.",
    facts={"count": int},
)

SEVERAL_USERS = Situation(
    "A9",
    ERROR,
    Default.FREEZE,
    "One account matches two users",
    "The account {user_name} matches {name} and somebody else. All are left as they are.",
    "Correct the user principal names or mail addresses in Entra, then run again.",
    facts={"user_name": str},
)

OUTSIDE_ENTRA = Situation(
    "A10",
    WARN,
    Default.REPORT,
    "Account outside Entra",
    "The account {name} is not linked to anybody in Entra{seat}. It is never touched.",
    "Link or remove it at the vendor if its seat is wanted.",
    facts={"seat": str},
)

NOT_ENTITLED = Situation(
    "A11",
    WARN,
    Default.DEPROVISION,
    "Owner is no longer entitled",
    "The account of {name} has an owner who is disabled, deleted, or in no set.",
    "See what is said about the user.",
)

ACCOUNT_DELETED = Situation(
    "A12",
    WARN,
    Default.HOLD,
    "Account deleted at the vendor",
    "{name} had an account, which somebody deleted at the vendor. A new one is made only once "
    "this plan is approved.",
    "Approve this plan; or take the user out of the group.",
)

DEACTIVATED_BY_OTHERS = Situation(
    "A13",
    WARN,
    Default.CARRY_OUT,
    "Account deactivated by somebody else",
    "Somebody deactivated the account of {name} at the vendor. {switching}",
    "Find out who did it and why; take the user out of the group if it is meant.",
    facts={"switching": str},
)

EXTRA_SET = Situation(
    "A14",
    WARN,
    Default.CARRY_OUT,
    "Extra set at the vendor",
    'The account of {name} is also in "{held}" at the vendor; that one is taken back.',
    "Somebody may have added it by hand in the vendor's portal.",
    facts={"held": str},
)

LAST_ADMIN = Situation(
    "A15",
    BLOCK,
    Default.BLOCK,
    "Last admin",
    "This plan would leave no active admin at the vendor, or none who was fully read. Left as "
    "they are: {name}.",
    "Add another admin to the group first, or restore it; `--override A15` applies the rest.",
)

OPERATOR = Situation(
    "A16",
    INFO,
    Default.SKIP,
    "The program's own account",
    "{name} is the account that this program works with (`vendor.operator`); it is left as is.",
    "Nothing.",
)

PROTECTED = Situation(
    "A17",
    INFO,
    Default.SKIP,
    "Protected user",
    "{name} is protected and is left as is, whatever the groups say.",
    "Take the user out of `policy.protected` if this is not meant.",
)

HELD_OUTSIDE = Situation(
    "A18",
    WARN,
    Default.KEEP,
    "Account held outside what is managed",
    "{count:account is|accounts are} not deactivated: {users}. {why} Configured sets are taken "
    "back as usual.",
    "Nothing, if that is as it should be; otherwise configure the set, or deactivate them at "
    "the vendor.",
    facts={"count": int, "users": str, "why": str},
)
