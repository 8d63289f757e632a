"""What is known of each user: one column per question. The rules ask nothing else."""

from dataclasses import dataclass

import pandas as pd

from reconciler.columns.frames import Codes, Flags, Positions, Times, cells
from reconciler.model.plan import Subject


@dataclass(frozen=True)
class Match:
    """Row by row with the users: each one's account, and what speaks against it.

    account   position in `accounts`, -1 for none
    linked    found by externalId
    hits      accounts that match equally well
    nicknamed the account carries their mailNickname as externalId, Entra's default mapping
    sure      linked, or user name and mail address agree on one account that is nobody's
    foreign   the account carries another externalId
    contested somebody else has a claim on this account too
    living    the other claim is by a user who exists in Entra
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
class Presence:
    """Whether they are users, and there: what the directory says of them.

    not_told   Entra does not say whether they are enabled: that is not the same as enabled
    uncertain  Entra lists them and does not find them, or says two things of their groups
    no_person  a member of a group, but not a user: neither disabled nor deleted
    """

    not_told: Flags
    uncertain: Flags
    gone: Flags
    deleted: Flags
    disabled: Flags
    no_person: Flags

    @property
    def unproven(self) -> Flags:
        """Of whom nothing follows, because they could not be read for certain."""
        unproven: Flags = self.not_told | self.uncertain
        return unproven


@dataclass(frozen=True)
class Attributes:
    """What their attributes in Entra keep them from.

    guest       where guests get no seat
    duplicated  somebody else who wants a seat has the same user principal name or mail address
    illegal     what would be sent has characters, or a length, that no vendor should be sent
    """

    guest: Flags
    duplicated: Flags
    without_name: Flags
    without_mail: Flags
    half_named: Flags
    illegal: Flags


@dataclass(frozen=True)
class Named:
    """Whom the configuration names in `policy.protected` and `served_first`, `vendor.operator`."""

    protected: Flags
    served_first: Flags
    operator: Flags


@dataclass(frozen=True)
class Past:
    """What the store remembers of them.

    last_activation_change  what we did to their inactive account last, "" if nothing
    changed                 their sets were changed by us within a week
    flapping                they were granted a seat and lost it within the last 3 plans
    lost_account            they had an account, which is gone now
    pending                 an account was accepted lately for them, and is not visible yet
    left                    since when they are known to be in no group (`grace.left_since`)
    """

    last_activation_change: Codes
    changed: Flags
    flapping: Flags
    lost_account: Flags
    pending: Flags
    left: Times


@dataclass(frozen=True)
class Refused:
    """What this vendor would not do, as far as that is known before it is asked.

    hidden      it says that it has their account, and shows none
    twice       what would be asked for next was refused twice
    incomplete  it makes no account without an attribute that is not mapped
    taken       the attribute that holds their set says something else of somebody
    """

    hidden: Flags
    twice: Flags
    incomplete: Flags
    taken: Flags


@dataclass(frozen=True)
class UserFacts:
    """Row by row with `entra`, which is the directory's own frame, sorted by object id.

    wanted       the set they are in (the first of several), as a position, -1 for none
    sets         in how many sets' groups they are
    absent       gone, deleted, disabled or in no set: Entra's IsSoftDeleted
    match        their account
    held         the set they hold: the wanted one if they hold several, else the first, -1: none
    inactive     their account is out of use
    invited      their account was made here, and is not in use before they accept an invitation
    changed      their account says something else than it should
    frozen_by    the code of a frozen set that they want or hold, "" for none
    unproven_by  the code of a set that hides whether they left what they would lose, "" for none
    ours         the account was made or linked by us, or is or was met in a configured set
    stays_active they would be deactivated, but their account is not ours, or they left every set
                 and are in another group of the vendor, which nobody configured
    grace_ends   until when whoever left every group keeps the seat all the same, else NaT
    """

    entra: pd.DataFrame
    presence: Presence
    attributes: Attributes
    named: Named
    past: Past
    refused: Refused

    wanted: Positions
    sets: Positions
    absent: Flags

    match: Match
    held: Positions
    inactive: Flags
    invited: Flags
    changed: Flags
    frozen_by: Codes
    unproven_by: Codes
    ours: Flags
    stays_active: Flags
    grace_ends: Times

    @property
    def shielded(self) -> Flags:
        """Whom a fault, and not their own case, may keep from a change."""
        faults = (self.frozen_by != "") | (self.unproven_by != "")
        shielded: Flags = faults | self.presence.unproven
        return shielded

    def __len__(self) -> int:
        return len(self.entra)

    def users(self, persons: Positions) -> list[Subject]:
        """Users as the reports show them: by principal name, where they have one."""
        ids, names = (cells(self.entra[name], persons) for name in ("id", "userPrincipalName"))
        return [
            Subject(kind="user", id=object_id, name=object_id if name is None else name)
            for object_id, name in zip(ids, names, strict=True)
        ]
