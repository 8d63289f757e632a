"""Situations of a whole run: what could not be read, and what is too much at once."""

from reconciler.situations.situation import BLOCK, ERROR, INFO, WARN, Default, Situation

DIRECTORY_UNREACHABLE = Situation(
    "R1",
    BLOCK,
    Default.NO_PLAN,
    "Directory unreachable",
    "Entra ID could not be read: {why}. Nothing was planned or changed.",
    "Run `seatsync check --online`; the next run starts from the beginning.",
    export_advice="Put the export right or make another one; `seatsync check` reads it, too.",
    facts={"why": str},
)

# Above the situations that cause it: findings of one severity are told in the order of these rows.
NOTHING_READ = Situation(
    "R19",
    ERROR,
    Default.FREEZE,
    "Nothing could be read",
    "Nothing can be decided: the groups of {sets}, or everybody in them, could not be read. "
    "Everybody keeps what they have, and nobody gets anything, until that is over.",
    "Look at what is told of each set and user, and run `seatsync check --online`. Nothing "
    "that happens in Entra ID reaches the vendor meanwhile.",
    export_advice="Look at what is told of each set and user, and put the export right. "
    "Nothing that happens in Entra ID reaches the vendor meanwhile.",
    facts={"sets": str},
)

GROUP_READ_IN_PART = Situation(
    "R2",
    ERROR,
    Default.FREEZE,
    "Partial read of a group",
    'Group "{name}" was read incompletely ({why}). Its users are left as they are, and so '
    "is whoever left another set, for they may be in this one.",
    "Nothing to do if the next run reads it; otherwise check the app's permissions.",
    export_advice="Make another export: every page of each group's members, and every user.",
    facts={"why": str},
)

VENDOR_READ_IN_PART = Situation(
    "R3",
    BLOCK,
    Default.NO_PLAN,
    "Partial read of the vendor",
    "The vendor's accounts could not be read completely: {why}. Nothing was planned or changed.",
    "Run `seatsync check --online`; ask the vendor if it stays like this.",
    facts={"why": str},
)

LIMITED_MEMBER_DATA = Situation(
    "R4",
    ERROR,
    Default.FREEZE,
    "Limited member data",
    "Entra does not tell whether {name} is enabled. The user is left as is.",
    "Grant the app User.Read.All (application permission) and consent to it; "
    "User.ReadBasic.All is not enough.",
    export_advice="Make another export, with accountEnabled of every user.",
)

HIDDEN_MEMBERSHIP = Situation(
    "R5",
    ERROR,
    Default.FREEZE,
    "Hidden membership",
    'Group "{name}" hides its members, and the app may not see them. Nobody in the set is '
    "changed, nor whoever left another set, for they may be in this one.",
    "Grant the app Member.Read.Hidden (application permission), or use another group.",
)

DIRECTORY_EMPTIED = Situation(
    "R6",
    BLOCK,
    Default.BLOCK,
    "Directory looks emptied",
    "Every group of every set came back empty, while {count:person holds|people hold} "
    "seats. This is taken for a fault, not for a wish.",
    "Look into Entra ID; if it is meant, approve the plan with `--override R6`.",
    facts={"count": int},
)

GROUP_EMPTIED = Situation(
    "R7",
    ERROR,
    Default.HOLD,
    "Group suddenly empty",
    'Group "{name}" has no members any more, and {count:person holds|people hold} its '
    "seats. Their revokes are held.",
    "Look into Entra ID; if it is meant, approve this plan. It is not applied by itself.",
    facts={"count": int},
)

EMPTY_GROUP = Situation("R8", INFO, Default.GO_ON, "Empty group", 'Group "{name}" has no members.')

MASS_REVOCATION = Situation(
    "R9",
    BLOCK,
    Default.BLOCK,
    "Mass revocation",
    "Too much would be taken away at once, or by small steps within 7 days. {limits}",
    "Read the plan; if it is meant, approve it with `--override R9`.",
    facts={"limits": str},
)

MANY_NEW_ADMINS = Situation(
    "R10",
    BLOCK,
    Default.BLOCK,
    "Many new admins",
    "{count:user would become an admin|users would become admins} of the vendor's portal "
    "({users}); {before:is one|are} now. With the last 7 days that is {altogether}; the limit "
    "is {limit:admin|admins}, and fewer than twice as many as before.",
    "Make sure that each of them should be; then approve with `--override R10`.",
    facts={"count": int, "users": str, "before": int, "altogether": int, "limit": int},
)

CLOCK_WRONG = Situation(
    "R11",
    BLOCK,
    Default.REFUSE,
    "Clock is wrong",
    "This machine's clock differs by {minutes} min from Entra's. Nothing can be applied.",
    "Set the clock (NTP); then make a new plan.",
    facts={"minutes": int},
)

LEASE_HELD = Situation(
    "R12",
    INFO,
    Default.NO_PLAN,
    "Another run holds the lease",
    "Run {run} is in progress on {host} since {since}. This run did nothing.",
    "Wait for it. A lease whose owner has died is taken over by itself.",
    facts={"run": str, "host": str, "since": str},
)

RUN_INTERRUPTED = Situation(
    "R13",
    WARN,
    Default.GO_ON,
    "An earlier run was interrupted",
    "Run {run} stopped after {ended} of {planned:operation|operations}. {settled:was|were} "
    "under way, and read back at the vendor: {done} done, {undone} not.",
    "Nothing; the next plan has whatever is still to be done.",
    facts={"run": str, "ended": int, "planned": int, "settled": int, "done": int, "undone": int},
)

STORE_UNUSABLE = Situation(
    "R14",
    BLOCK,
    Default.NO_PLAN,
    "Store cannot be used",
    "The store cannot be used: {why}. This run did nothing more.",
    "Free the disk, correct the rights or update seatsync, and run again. Put a damaged file "
    "aside and restore a backup, or start with none: accounts are known by their externalId "
    "again, and no seat is lost.",
    facts={"why": str},
)

CONFIGURATION_INVALID = Situation(
    "R15",
    BLOCK,
    Default.NO_PLAN,
    "Configuration invalid",
    "{why}",
    "Correct the file and run `seatsync check`.",
    facts={"why": str},
)

DELTA_WRONG = Situation(
    "R16",
    WARN,
    Default.GO_ON,
    "Changes were reported wrongly",
    "The changes that Graph reported do not match its own groups ({what}). The groups were read "
    "in full, and the plan rests on that.",
    "Nothing if this was once; if it comes again, set `directory.delta: false`.",
    facts={"what": str},
)

READ_IN_FULL = Situation(
    "R17",
    INFO,
    Default.GO_ON,
    "Read in full",
    "What changed since the last run could not be used: {why}. The groups were read in full.",
    facts={"why": str},
)

STORE_TOO_YOUNG = Situation(
    "R18",
    WARN,
    Default.HOLD,
    "Store too young to know",
    "The store is too young to know what was granted from here, and who lost a seat lately: "
    "{age}. {so}.",
    "Restore the store if there was one before. Otherwise look at the next plan, which knows: "
    "what it takes waits for a person's approval during the store's first week.",
    facts={"age": str, "so": str},
)

EXPORT_UNPROVEN = Situation(
    "R20",
    ERROR,
    Default.HOLD,
    "Export not proven complete",
    "{why} The plan is held.",
    "Compare the export with Entra ID, and approve this plan if it is right. An export that "
    "proves that it is whole (docs/how-to/export.md) holds nothing up.",
    facts={"why": str},
)

EXPORT_TOO_OLD = Situation(
    "R21",
    BLOCK,
    Default.NO_PLAN,
    "Export too old, or of the future",
    "The export is of {made}, now it is {now} (UTC), and it may be {days} days old at most. "
    "Nothing was planned or changed.",
    "Make another export, or set `directory.max_export_age`.",
    facts={"made": str, "now": str, "days": str},
)

MASS_RENAME = Situation(
    "R22",
    BLOCK,
    Default.BLOCK,
    "Mass change of names",
    "{count} of {accounts:account|accounts} ({share}) would get another user name or mail "
    "address, by which single sign-on finds them; with the last 7 days that is {altogether}, "
    "and the limit is {limit:account|accounts}. Such as: {examples}.",
    "Look at `attribute_mapping` and at the domains of the tenant; if it is meant, approve the "
    "plan with `--override R22`.",
    facts={
        "count": int,
        "accounts": int,
        "share": str,
        "altogether": int,
        "limit": int,
        "examples": str,
    },
)

MASS_EMPTYING = Situation(
    "R28",
    BLOCK,
    Default.BLOCK,
    "Mass emptying of an attribute",
    "{count} of {accounts:account|accounts} would lose their {path}, since Entra ID has no value "
    "for it any more; the limit is {limit:account|accounts}.",
    "Make sure that Entra ID still lets the attribute be read; if it is meant, approve the plan "
    "with `--override R28`. Without `clear` in `attribute_mapping` the values stay.",
    facts={"path": str, "count": int, "accounts": int, "limit": int},
)

NOBODY_IN_SCOPE = Situation(
    "R29",
    ERROR,
    Default.HOLD,
    "Nobody of a group in scope",
    'No member of the group "{name}" passes the scoping filters, and '
    "{count:person holds|people hold} its seats. Their revokes are held.",
    "Compare `scoping_filters` with what Entra has in these attributes, letter by letter: case "
    "counts. If it is meant, approve this plan. It is not applied by itself.",
    facts={"count": int},
)

USER_NAME_NOT_UNIQUE = Situation(
    "R23",
    BLOCK,
    Default.NO_PLAN,
    "User names that are not unique",
    "The attribute mapping gives {count:user|users} {what}, such as {examples}. A user name is "
    "one account's alone, in whatever case (RFC 7643, section 4.1.1). Nothing was planned or "
    "changed.",
    "Correct `attribute_mapping.userName`; in the guide it is userPrincipalName.",
    facts={"count": int, "what": str, "examples": str},
)

CONFIGURED_NAME_UNCLEAR = Situation(
    "R24",
    WARN,
    Default.GO_ON,
    "A name in the configuration is nobody's, or several users'",
    "{key}: {entry} {why}",
    "Correct the name, or write the user's object id there, which never changes.",
    facts={"key": str, "entry": str, "why": str},
)

TOO_FEW_MEMBERS = Situation(
    "R25",
    BLOCK,
    Default.BLOCK,
    "Too few users left in a set",
    'Set "{name}" would have {count:user|users} instead of {before}, and at least {least} are '
    "to be left in it (`min_members`).",
    "Make sure that they should leave it; then approve with `--override R25`, or lower "
    "`min_members` of the set.",
    facts={"count": int, "before": int, "least": int},
)

MEMBERS_NOT_COUNTED = Situation(
    "R26",
    WARN,
    Default.GO_ON,
    "Members are not counted",
    "Graph counts the members of no group in this tenant ({why}). Each group was read twice "
    "instead, and is taken as complete where both readings have the same members.",
    "Nothing: some tenants (Azure AD B2C) do not offer `$count`. R2 names groups in which the "
    "readings differ.",
    facts={"why": str},
)

USE_NOT_KNOWN = Situation(
    "R30",
    BLOCK,
    Default.NO_PLAN,
    "Use of seats not known",
    "Nobody can be called idle: {why}.",
    "Run `seatsync check --online`. Nothing else depends on who uses a seat.",
    facts={"why": str},
)

SERVER_OUTAGE = Situation(
    "R31",
    BLOCK,
    Default.NO_PLAN,
    "A server fails the runs of several tenants",
    "{server} has failed the newest runs of {tenants:tenant|tenants} of the fleet; several since "
    "{since}.",
    "Nothing, if it is an outage: the next runs plan again, and the first that goes well is told. "
    "Otherwise `seatsync fleet status` lists the tenants, and `seatsync check --online` of one of "
    "them asks the server.",
    facts={"server": str, "since": str, "tenants": int},
)

STORE_WRITABLE_BY_OTHERS = Situation(
    "R27",
    WARN,
    Default.GO_ON,
    "Store that others can write",
    "Other accounts of this machine can write {path}: what it tells of plans, approvals and "
    "the audit trail may be theirs.",
    "Run `{command}`, then `seatsync audit verify` with a checkpoint that was kept elsewhere.",
    facts={"path": str, "command": str},
)
