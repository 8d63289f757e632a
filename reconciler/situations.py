"""The situations: one row each, and the only place where their texts stand.

A code is stable and public. To add a situation: add its row here, and a rule that detects it
(`sets` for groups, `rules` for users and accounts, `seats`, `guards`).
"""

from dataclasses import dataclass

from reconciler.model.plan import Finding, Severity, Subject, Verdict

RUN = Subject(kind="run", id="run", name="this run")


@dataclass(frozen=True)
class Situation:
    """`message` says what, who, why and what was done; `advice` what to do next."""

    code: str
    severity: Severity
    title: str
    message: str
    advice: str = ""


_I, _W, _E, _B = Severity.INFORMATION, Severity.WARNING, Severity.ERROR, Severity.BLOCK

SITUATIONS = {
    situation.code: situation
    for situation in (
        # The run
        Situation(
            "R1",
            _B,
            "Directory unreachable",
            "Entra ID could not be read: {why}. Nothing was planned or changed.",
            "Run `seatsync check --online`; the next run starts from the beginning.",
        ),
        Situation(
            "R2",
            _E,
            "Partial read of a group",
            'Group "{name}" was read incompletely ({why}). Its users are left as they are, and so '
            "is whoever left another set, for they may be in this one.",
            "Nothing to do if the next run reads it; otherwise check the app's permissions.",
        ),
        Situation(
            "R3",
            _B,
            "Partial read of the vendor",
            "The vendor's accounts could not be read completely: {why}. Planning stopped.",
            "Run `seatsync check --online`; ask the vendor if it stays like this.",
        ),
        Situation(
            "R4",
            _E,
            "Limited member data",
            "Entra gives no properties of {name}, only the id. The user is left as is.",
            "Grant the app User.Read.All (application permission) and consent to it.",
        ),
        Situation(
            "R9",
            _B,
            "Mass revocation",
            "{message}",
            "Read the plan; if it is meant, approve it with `--override R9`.",
        ),
        Situation(
            "R12",
            _I,
            "Another run holds the lease",
            "Run {run} is in progress on {host} since {since}. This run did nothing.",
            "Wait for it. A lease whose owner has died is taken over by itself.",
        ),
        Situation(
            "R13",
            _W,
            "An earlier run was interrupted",
            "Run {run} stopped after {ended} of {planned} operations. {settled} were under way and "
            "were read back at the vendor: {done} done, {undone} not.",
            "Nothing; the next plan has whatever is still to be done.",
        ),
        Situation(
            "R15",
            _B,
            "Configuration invalid",
            "{why}",
            "Correct the file and run `seatsync check`.",
        ),
        # Token and switch
        Situation(
            "T1",
            _W,
            "Token expires soon",
            "The vendor's API token expires in {days} days, on {date}.",
            "Generate a new one in the Admin Portal and change the secret in the same hour: "
            "a new token invalidates the old one.",
        ),
        Situation(
            "T2",
            _B,
            "Token expired or refused",
            "{why} Users keep what they have; nothing can be granted or revoked.",
            "Generate a new token in the Admin Portal, store it, and set `vendor.token_issued`.",
        ),
        Situation(
            "T5",
            _B,
            "Manage Users through IdP is off",
            '"Manage Users through IdP" is off in the vendor\'s portal, as configured.',
            "Turn it on in the Admin Portal, then set `vendor.managed_through_idp: true`.",
        ),
        # Groups and sets
        Situation(
            "G1",
            _E,
            "Group missing",
            'There is no Entra group "{name}". Nobody in the set was changed.',
            "Create the group, or correct the set's name.",
        ),
        Situation(
            "G2",
            _E,
            "Name differs a little",
            'Set "{name}" is not group "{other}": they differ at character {position}. '
            "Nobody in the set was changed.",
            "Rename one of them; names must match exactly.",
        ),
        Situation(
            "G3",
            _E,
            "Several groups of one name",
            'Several groups are named "{name}" ({ids}). Nobody in the set was changed.',
            "Pin the right one with `group_id`, or rename the others.",
        ),
        Situation(
            "G4",
            _W,
            "Two names are easily confused",
            '"{name}" and "{other}" differ only in case or separators. The exact one was used.',
            "Rename one of them.",
        ),
        Situation(
            "G5",
            _E,
            "Name cannot be synced",
            'Set "{name}" cannot be synced: {why}. Nobody in the set was changed.',
            "Allowed are 3 to 35 letters, digits, dots, hyphens and plain spaces.",
        ),
        Situation(
            "G6",
            _E,
            "Group renamed",
            'The pinned group of set "{name}" is now called "{other}". Its members keep their '
            "seats.",
            "Rename the set at the vendor and here, or the group in Entra.",
        ),
        Situation(
            "G7",
            _E,
            "Group is not the pinned one",
            'The pinned group of set "{name}" does not exist; a group of that name has the id '
            "{ids}. Nobody in the set was changed.",
            "Make sure that it is the right group, then pin it with `group_id`.",
        ),
        Situation(
            "G10",
            _E,
            "Set grants nothing",
            'Set "{name}" has no products and is not an admin set. Nobody in it was changed.',
            "Give it at least one product.",
        ),
        Situation(
            "G11",
            _E,
            "Product not bought",
            'Set "{name}" grants {products}, of which the seat inventory knows nothing. '
            "Nobody in the set was changed.",
            "Add the product to `seats`, or take it out of the set.",
        ),
        Situation(
            "G12",
            _E,
            "Set not ready at the vendor",
            'The vendor has {count} SCIM groups named "{name}"; exactly one is needed.',
            "None is created by the first grant; of several, remove all but one at the vendor.",
        ),
        # Users in Entra
        Situation(
            "U1",
            _E,
            "User in several sets",
            "{name} is in {sets}; the vendor allows one. The user is left as is.",
            "Remove all but one membership, or make a set of these products together.",
        ),
        Situation("U2", _I, "Move between sets", "{name} moves from {held} to {wanted}."),
        Situation(
            "U3",
            _W,
            "In no set any more",
            "{name} left {held} and is in no other set; the seat is released.",
            "Put the user back into a group if this is not meant.",
        ),
        Situation(
            "U4",
            _E,
            "Mail address missing",
            '{name} has no mail address, so gets no seat in "{wanted}" (a held one is kept).',
            'Set "mail" in Entra.',
        ),
        Situation(
            "U5",
            _E,
            "User principal name missing",
            "User {id} has no userPrincipalName; no account can be created.",
            'Set "userPrincipalName" in Entra.',
        ),
        Situation(
            "U6",
            _W,
            "Given name or surname missing",
            "{name} has no given name or no surname in Entra; the vendor may refuse the account.",
            "Complete the name in Entra.",
        ),
        Situation(
            "U8",
            _E,
            "Name or mail address shared",
            "{name} shares a user principal name or mail address ({mail}) with another user. Both "
            "are left as they are.",
            "Correct it in Entra.",
        ),
        Situation("U9", _I, "Disabled in Entra", "{name} is disabled in Entra and holds no seat."),
        Situation(
            "U10",
            _I,
            "Deleted in Entra",
            "{name} was deleted in Entra; the account is deactivated, never deleted.",
        ),
        Situation(
            "U11",
            _W,
            "Gone from Entra",
            "{name} no longer exists in Entra; the account is deactivated, never deleted.",
            "Delete the account at the vendor if the person is not coming back.",
        ),
        Situation(
            "U12",
            _I,
            "Back again",
            "{name} is back; the old account is reactivated.",
        ),
        Situation(
            "U13",
            _W,
            "Guest",
            '{name} is a guest in "{wanted}"; guests get no seat (a held one is kept).',
            "Set `policy.allow_guests: true` if guests should have seats.",
        ),
        Situation(
            "U14",
            _W,
            "Members that are not people",
            'Group "{name}" has {count} members that are not people ({kinds}); they are skipped.',
            "Remove them from the group.",
        ),
        Situation(
            "U15",
            _W,
            "Nested group",
            'Group "{name}" contains {count} groups; nested members are not provisioned, as in '
            "Entra.",
            "Add these people to the group directly.",
        ),
        # Accounts at the vendor
        Situation("A1", _I, "Confirmed", "{name} has the right account."),
        Situation("A2", _I, "Absent", "{name} has no account yet."),
        Situation(
            "A3", _I, "Attributes changed", "{name} was changed in Entra; the account follows."
        ),
        Situation(
            "A4",
            _E,
            "Account of a user who was recreated",
            "The account {user_name} is linked to a user who is no longer in Entra, and another "
            "one has its name now ({name}, {id}). Both are left as they are.",
            "If they are the same person, change the account's externalId to the new object id at "
            "the vendor.",
        ),
        Situation(
            "A5",
            _W,
            "Account found, not linked",
            "The account {user_name} existed before. {outcome}",
            "Compare the two; equal user names and mail addresses are linked by themselves.",
        ),
        Situation(
            "A7",
            _E,
            "Account linked to another user",
            "{name} has the user name or mail address of {user_name}, which is linked to another "
            "living user. Both are left as they are.",
            "Correct the user principal names or mail addresses in Entra.",
        ),
        Situation(
            "A8",
            _E,
            "Two accounts match one user",
            "{count} accounts match {name}. The user is left as is.",
            "Merge them at the vendor.",
        ),
        Situation(
            "A9",
            _E,
            "One account matches two users",
            "The account {user_name} matches {name} and somebody else. All are left as they are.",
            "Correct the user principal names or mail addresses in Entra, then run again.",
        ),
        Situation(
            "A10",
            _W,
            "Account outside Entra",
            "The account {name} is not linked to anybody in Entra{seat}. It is never touched.",
            "Link or remove it at the vendor if its seat is wanted.",
        ),
        Situation(
            "A14",
            _W,
            "Extra set at the vendor",
            'The account of {name} is also in "{held}" at the vendor; that one is taken back.',
            "Somebody may have added it by hand in the vendor's portal.",
        ),
        Situation(
            "A17",
            _I,
            "Protected user",
            "{name} is protected and is left as is, whatever the groups say.",
            "Take the user out of `policy.protected` if this is not meant.",
        ),
        # Seats
        Situation("S1", _I, "Seats enough", "{name} gets a seat."),
        Situation(
            "S2",
            _E,
            "Seats exhausted",
            "{name}: {purchased} purchased, {used} in use after this plan, and {count} wait: "
            "{users}.",
            "Buy {count} more, or release seats.",
        ),
        Situation(
            "S3",
            _E,
            "Bundle partly available",
            '{name} waits for "{set}": {blocked} is full, {free} is free. A set is granted whole '
            "or not at all.",
            "Buy a seat of what is full.",
        ),
        Situation(
            "S4",
            _E,
            "Over-allocated",
            "{name}: {purchased} purchased, {used} in use. Nobody is granted one, and nobody loses "
            "one.{candidates}",
            "Buy {count}, or release seats in Entra.",
        ),
        Situation(
            "S6",
            _E,
            "Seat count not usable",
            "{name}: {why}. No seat of it is granted until the count is right.",
            "Update the seat inventory.",
        ),
        Situation(
            "S8",
            _E,
            "Vendor refuses a seat",
            "The vendor gave {name} no seat of {products}, though one was counted as free: {why}. "
            "The user waits, and nobody else was granted {products} in this run.",
            "Look in the vendor's portal for seats that are held outside Entra, and correct the "
            "seat inventory.",
        ),
        # Plan and apply
        Situation(
            "P2",
            _B,
            "Plan is stale",
            "Plan {plan} cannot be applied: {why}. Nothing was sent.",
            "Make a new plan.",
        ),
        Situation(
            "P3",
            _B,
            "Vendor changed since the plan",
            "{name} is not as the plan found it: {why}.",
            "Make a new plan.",
        ),
        Situation(
            "P4",
            _W,
            "Entra changed since the plan",
            "{name} {why} after the plan was made. What it had for this user was not done.",
            "Nothing; the next plan follows Entra as it is then.",
        ),
        Situation(
            "P5",
            _B,
            "Plan altered",
            "Plan {plan} is not what was written or approved: {why}. Nothing was sent.",
            "Make a new plan, and find out who changed this one.",
        ),
        Situation(
            "P6",
            _B,
            "Plan already applied",
            "Plan {plan} was already used by run {run} at {at}. Nothing was sent.",
            "Make a new plan.",
        ),
        Situation(
            "P7",
            _B,
            "Approval missing",
            "Plan {plan} is not approved{why}. Nothing was sent.",
            "Review it with `seatsync show`, then `seatsync approve`.",
        ),
        Situation(
            "P8",
            _E,
            "Too many errors",
            "Applying stopped after {errors} errors ({limit}): {done} of {planned} operations are "
            "done.",
            "Read the errors; when their cause is gone, make a new plan.",
        ),
        Situation(
            "P9",
            _W,
            "Vendor asks to wait too long",
            "The vendor refuses further requests for now ({why}): {done} of {planned} operations "
            "are done.",
            "Nothing; the next plan has the rest. Lower `vendor.max_requests_per_second` if it "
            "happens again.",
        ),
        Situation(
            "P10",
            _W,
            "Outcome was not known",
            "No answer came for {name} ({why}). Read back: {outcome}.",
            "Nothing; what could not be read is read before the next plan.",
        ),
    )
}


def finding(code: str, subject: Subject, **facts: object) -> Finding:
    """The finding of a situation; `facts` fill the texts, beside the subject's id and name."""
    situation = SITUATIONS[code]
    facts = {"id": subject.id, "name": subject.name, **facts}
    return Finding(
        code=code,
        severity=situation.severity,
        subject=subject,
        message=situation.message.format_map(facts),
        advice=situation.advice.format_map(facts),
    )


def objection(code: str, *, overridable: bool = False, **facts: object) -> Verdict:
    """A guard's "no", in the words of its situation."""
    said = finding(code, RUN, **facts)
    return Verdict(
        code=code, passed=False, overridable=overridable, message=said.message, advice=said.advice
    )
