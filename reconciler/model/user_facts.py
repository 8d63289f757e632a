"""What is known of each person: one column per question. The rules ask nothing else."""

from dataclasses import dataclass

import pandas as pd

from reconciler.columns.frames import Codes, Flags, Positions, Times, cells
from reconciler.model.plan import Subject


@dataclass(frozen=True)
class Match:
    """Row by row with the people: each one's account, and what speaks against it.

    account   position in `accounts`, -1 for none
    linked    found by externalId
    hits      accounts that match equally well
    nicknamed the account carries their mailNickname as externalId, Entra's default mapping
    sure      linked, or user name and mail address agree on one account that is nobody's
    foreign   the account carries another externalId
    contested somebody else has a claim on this account too
    living    the other claim is by a person who exists in Entra
    """

    account: Positions
    linked: Flags
    hits: Positions
    nicknamed: Flags
    sure: Flags
    foreign: Flags
    contested: Flags
    living: Flags


@dataclass(frozen=True)
class UserFacts:
    """Row by row with `told`, which is the directory's own frame, sorted by object id.

    untold       Entra does not say whether they are enabled: not told is not enabled
    no_person    a member of a group, but not a user: neither disabled nor deleted
    wanted       the set they are in (the first of several), as a position, -1 for none
    sets         in how many sets' groups they are
    held         the set they hold: the wanted one if they hold several, else the first, -1: none
    match        their account
    frozen_by    the code of a frozen set that they want or hold, "" for none
    unproven_by  the code of a set that hides whether they left what they would lose, "" for none
    last_activation_change  what we did to their inactive account last, "" if nothing
    changed_here their sets were changed by us within a week
    invited      their account was made here, and is not in use before they accept an invitation
    left         since when they are known to be in no group (`grace.left_since`)
    grace_ends   until when whoever left every group keeps the seat all the same, else NaT
    pending      an account was accepted lately for them, and is not visible yet
    hidden       the vendor says that it has their account, and shows none
    refused      what would be asked for next was refused twice
    incomplete   the vendor makes no account without an attribute that is not mapped
    ours         the account was made or linked by us, or is or was met in a configured set
    taken        the attribute that holds their set at the vendor says something else of somebody
    stays_active they would be deactivated, but their account is not ours, or they left every set
                 and are in another group of the vendor, which nobody configured
    """

    told: pd.DataFrame

    untold: Flags
    unseen: Flags
    gone: Flags
    deleted: Flags
    disabled: Flags
    absent: Flags  # gone, deleted, disabled or in no set: Entra's IsSoftDeleted
    no_person: Flags
    barred_guest: Flags
    duplicated: Flags
    without_name: Flags
    without_mail: Flags
    half_named: Flags

    wanted: Positions
    sets: Positions
    unassigned: Flags

    match: Match
    held: Positions
    inactive: Flags
    invited: Flags
    changed: Flags
    illegal: Flags
    frozen_by: Codes
    unproven_by: Codes

    protected: Flags
    served_first: Flags
    operator: Flags

    ours: Flags
    taken: Flags
    stays_active: Flags

    pending: Flags
    hidden: Flags
    refused: Flags
    incomplete: Flags
    lost_account: Flags
    last_activation_change: Codes
    changed_here: Flags
    flapping: Flags
    left: Times
    grace_ends: Times

    @property
    def shielded(self) -> Flags:
        """Whom a fault, and not their own case, may keep from a change."""
        faults = (self.frozen_by != "") | (self.unproven_by != "")
        shielded: Flags = faults | self.unseen | self.untold
        return shielded

    def __len__(self) -> int:
        return len(self.told)

    def users(self, persons: Positions) -> list[Subject]:
        """People as the reports show them: by principal name, where they have one."""
        ids, names = (cells(self.told[name], persons) for name in ("id", "userPrincipalName"))
        return [
            Subject(kind="user", id=object_id, name=object_id if name is None else name)
            for object_id, name in zip(ids, names, strict=True)
        ]
