"""Situations that come from how this vendor's server behaves, and what is done about them."""

from reconciler.situations.situation import ERROR, INFO, WARN, Default, Situation

MEMBERS_WITHOUT_ACCOUNT = Situation(
    "V1",
    WARN,
    Default.GO_ON,
    "Members that are no accounts",
    'In the group "{name}" at the vendor {count:member is no account|members are no accounts}. '
    "They hold nothing that could be counted or taken back here.",
    "Remove them in the vendor's portal, if they take a seat there.",
    facts={"count": int},
)

GROUP_CALLED_OTHERWISE = Situation(
    "V2",
    INFO,
    Default.GO_ON,
    "Group called otherwise",
    'The vendor calls the group of "{name}" "{called}". It is known by its id, and not made again.',
    facts={"called": str},
)

NOT_VISIBLE_YET = Situation(
    "V3",
    WARN,
    Default.FREEZE,
    "Accepted, and not visible yet",
    "The vendor accepted {name} within the last day, and does not show it yet. Nothing more is "
    "done about it until it does.",
    "Nothing, if the next runs see it; otherwise ask the vendor.",
)

NOT_SHOWN = Situation(
    "V4",
    ERROR,
    Default.FREEZE,
    "Exists, but is not shown",
    "The vendor refuses to create {name} because it has that already, but does not show it. It "
    "is not tried again for 30 days.",
    "Look for it in the vendor's portal, and remove it there; or ask the vendor why it is not "
    "shown.",
)

EXTERNAL_ID_NOT_KEPT = Situation(
    "V5",
    WARN,
    Default.GO_ON,
    "Vendor keeps no externalId",
    "The vendor does not keep the externalId of its accounts: only this program's store says "
    "whose they are ({count}). Without it an account is known again only where {matched_by} "
    "agree, and whoever left meanwhile keeps the seat.",
    "Keep a copy of the store.",
    facts={"count": int, "matched_by": str},
)

OTHERS_REMOVED = Situation(
    "V6",
    ERROR,
    Default.GO_ON,
    "Vendor changed others as well",
    "The vendor took {count:user|users} out of {sets} whom no request named. {back}. From now "
    "on it is asked for one change at a time.",
    "Look at the sets in the vendor's portal; the next plan sees who is missing.",
    facts={"count": int, "sets": str, "back": str},
)

OTHERS_APPEARED = Situation(
    "V22",
    WARN,
    Default.REPORT,
    "Others appeared in a set",
    "While several users joined or left {sets} by one request, "
    "{count:another one|others} appeared there ({count}): the vendor or somebody else put them "
    "in, or it shows only some of the members. They are left to the next plan, and the vendor "
    "is asked for one change at a time.",
    "Look at the next plan: it says who should not be there.",
    facts={"sets": str, "count": int},
)

MEMBERS_NOT_SHOWN = Situation(
    "V7",
    WARN,
    Default.GO_ON,
    "Vendor does not show all members",
    'The vendor does not show all who are in the group of "{name}". Who was put there from '
    "here, and not taken out again, counts as a holder; of others nothing is known.",
    "Keep a copy of the store, and compare the numbers of seats with the vendor's portal now "
    "and then.",
)

REFUSED_REPEATEDLY = Situation(
    "V18",
    ERROR,
    Default.FREEZE,
    "Refused again and again",
    "The vendor refused {times} times since {since} what would be asked for {name} now, at last "
    "with: {why}. The same is not asked for again before {again}.",
    "When the cause is gone, `seatsync retry {name}` lets the next plan ask again. Meanwhile it "
    "is asked ever more rarely, once a week at the least, and at once if it is something else.",
    facts={"times": int, "since": str, "why": str, "again": str},
)

ATTRIBUTE_REQUIRED = Situation(
    "V20",
    ERROR,
    Default.FREEZE,
    "Vendor requires an attribute that is not mapped",
    "{name} gets no account: this vendor makes none without {path}, which `attribute_mapping` "
    "does not set.",
    "Add a row for it to `attribute_mapping`. If the vendor does not ask for it any more, "
    "`seatsync retry` lets the next plan try again.",
    facts={"path": str},
)

GROUP_NEEDS_MEMBER = Situation(
    "V21",
    INFO,
    Default.CARRY_OUT,
    "Group that needs a member",
    "This vendor makes no group without a member: the group of {sets} is made with whoever "
    "joins it first.",
    facts={"sets": str},
)

CHANGE_IGNORED = Situation(
    "V10",
    ERROR,
    Default.STOP,
    "Vendor accepts and does nothing",
    "The vendor accepted a change of {name} ({what}), and what is read back is as before. It "
    "counts as refused{others}.",
    "Look in the vendor's portal whether the change is allowed there; the switch for "
    "management through the identity provider may be off.",
    facts={"what": str, "others": str},
)

ATTRIBUTES_REFUSED = Situation(
    "V11",
    ERROR,
    Default.STOP,
    "Too many attributes refused",
    "The vendor refused {errors:change|changes} of names and addresses ({limit}). No more of "
    "these were sent; accounts, seats and removals went on.",
    "Read the errors: the vendor may not let these attributes be changed. Take them out of "
    "`attribute_mapping` if so.",
    facts={"errors": int, "limit": str},
)

WRITTEN_OTHERWISE = Situation(
    "V12",
    INFO,
    Default.GO_ON,
    "Attribute written the vendor's way",
    "This vendor keeps {path} {how}: {count:account has|accounts have} the same value as Entra "
    "in another spelling ({users}), and nothing is sent for it.",
    facts={"path": str, "how": str, "count": int, "users": str},
)

ATTRIBUTE_FIXED = Situation(
    "V13",
    WARN,
    Default.REPORT,
    "Attribute that the vendor does not change",
    "This vendor keeps its own value of {path} for an account that exists, whatever it is "
    "sent: {who}. It is not sent again.",
    "Change it in the vendor's portal, or take the row out of `attribute_mapping`; it is tried "
    "again after 30 days.",
    facts={"path": str, "who": str},
)

ACTIVE_NOT_SHOWN = Situation(
    "V14",
    INFO,
    Default.GO_ON,
    "Vendor does not show who is active",
    "This vendor shows of no account whether it is active. What was last done here counts: "
    "{off:account|accounts} of {count} deactivated.",
    facts={"off": int, "count": int},
)

DEACTIVATED_WITH_SETS = Situation(
    "V15",
    WARN,
    Default.CARRY_OUT,
    "Account deactivated with a change of its sets",
    "The account of {name} is not active after its sets were changed here: this vendor may "
    "deactivate whoever leaves the last group. It is reactivated.",
    "Nothing; if it happens again, ask the vendor what deactivates an account.",
)

INVITATION_OPEN = Situation(
    "V16",
    INFO,
    Default.GO_ON,
    "Invitation not accepted yet",
    "This vendor invites new users: {count:account that was|accounts that were} made here "
    "{verb} not active before the owner accepts ({users}). Seats and sets go on as usual.",
    facts={"count": int, "verb": str, "users": str},
)

LAST_MEMBER_STAYS = Situation(
    "V17",
    ERROR,
    Default.REPORT,
    "Last member of a group stays",
    'The vendor does not let {name} leave "{set}" as its last member: {why}. The seat '
    "is not free; the account is deactivated all the same where that is planned.",
    "Remove the user from the group in the vendor's portal, or delete the group there.",
    facts={"set": str, "why": str},
)

SET_ATTRIBUTE_TAKEN = Situation(
    "V19",
    WARN,
    Default.FREEZE,
    "Attribute of the set is somebody else's",
    'The attribute that holds the set of {name} says "{value}" at the vendor, which is no '
    "set's name. It is not overwritten, no seat is kept for it, and the user is left as is.",
    'Empty the attribute at the vendor, or set it to "{wanted}"; the next plan follows.',
    facts={"value": str, "wanted": str},
)
