"""Situations of the vendor's token, the portal's switch, and the tenant and vendor themselves."""

from reconciler.situations.situation import BLOCK, WARN, Default, Situation

TOKEN_EXPIRES_SOON = Situation(
    "T1",
    WARN,
    Default.GO_ON,
    "Token expires soon",
    "The vendor's API token expires in {days:day|days}, on {date}.",
    "Generate a new one in the Admin Portal and give it to `seatsync token set` in the same hour: "
    "a new token invalidates the old one.",
    facts={"days": int, "date": str},
)

TOKEN_REFUSED = Situation(
    "T2",
    BLOCK,
    Default.REFUSE,
    "Token expired or refused",
    "{why} Users keep what they have; nothing can be granted or revoked.",
    "Generate a new token in the Admin Portal and give it to `seatsync token set`.",
    facts={"why": str},
)

TOKEN_INSUFFICIENT = Situation(
    "T3",
    BLOCK,
    Default.NO_PLAN,
    "Token is not sufficient",
    "The vendor refused with 403: {why}. Nothing was planned or changed.",
    "Generate a token with the rights to provision users, in the Admin Portal.",
    facts={"why": str},
)

TOKEN_ENDS_DURING_RUN = Situation(
    "T4",
    BLOCK,
    Default.REFUSE,
    "Token ends during the run",
    "The vendor's API token ends in {minutes} min, and {count:operation takes|operations take} "
    "about {needed}.",
    "Generate a new token first, and make a new plan.",
    facts={"minutes": int, "count": int, "needed": int},
)

SWITCH_OFF = Situation(
    "T5",
    BLOCK,
    Default.REFUSE,
    "Manage Users through IdP is off",
    '"Manage Users through IdP" {state} in the vendor\'s portal{why}.',
    "Look in the Admin Portal, User Management > Users > Auto Provisioning > IdP; the first "
    "connection turns it on. Turn it on if it is off, then set "
    "`vendor.managed_through_idp: true`. A vendor that never shows who is in a group looks the "
    "same: `vendor.shows_members: false` says so.",
    facts={"state": str, "why": str},
)

CREDENTIAL_EXPIRES_SOON = Situation(
    "T6",
    WARN,
    Default.GO_ON,
    "Entra credential expires soon",
    "The credential of the Entra app expires in {days:day|days}, on {date}.",
    "Add a new secret or certificate to the app registration, and store it here.",
    facts={"days": int, "date": str},
)

ANOTHER_TENANT_OR_VENDOR = Situation(
    "T7",
    BLOCK,
    Default.NO_PLAN,
    "Another tenant or vendor",
    "{why} Nothing was planned or changed.",
    "Correct the configuration, or give every pair of tenant and vendor a store of its own. If "
    "every account was deleted at the vendor, put the store aside and begin with a new one: "
    "then they are made again.",
    facts={"why": str},
)
