"""What is known of each user: one column per question. The rules ask nothing else."""

from dataclasses import dataclass

import pandas as pd

from reconciler.columns.frames import Codes, Flags, Positions, Times, cells
from reconciler.model.plan import Subject


@dataclass(frozen=True)
class Match:
    """Row by row with the users: each one's account, and what speaks against it.

    account       position in `accounts`, -1 for none
    linked        found by externalId
    hits          how many accounts match equally well
    nicknamed     the account's externalId is their mailNickname, as Entra maps it by default
    certain       linked, or both matching attributes agree on an account that is linked to nobody
    foreign       the account has another externalId
    contested     another user has a claim to this account, too
    owner_exists  this account, or another one they have a claim to, is linked to a user in Entra
    """

    account: Positions
    linked: Flags
    hits: Positions
    nicknamed: Flags
    certain: Flags
    foreign: Flags
    contested: Flags
    owner_exists: Flags


@dataclass(frozen=True)
class Presence:
    """Whether they exist and are enabled, as the directory says.

    enabled_unknown  Entra does not say whether they are enabled: that is not the same as enabled
    uncertain        Entra lists them but does not find them, or contradicts itself on their groups
    not_a_user       in a group, but not a user, such as a device; neither disabled nor deleted
    """

    enabled_unknown: Flags
    uncertain: Flags
    gone: Flags
    deleted: Flags
    disabled: Flags
    not_a_user: Flags

    @property
    def unproven(self) -> Flags:
        """Users who could not be read for certain, so that nothing follows for them."""
        unproven: Flags = self.enabled_unknown | self.uncertain
        return unproven


@dataclass(frozen=True)
class Scope:
    """Whether they pass the scoping filters.

    outside     in a set's group, and in no set, since they pass no filter
    left_alone  those of them who keep what they have (`policy.skip_out_of_scope_deletions`)
    """

    outside: Flags
    left_alone: Flags


@dataclass(frozen=True)
class Attributes:
    """What is wrong with their attributes in Entra.

    guest         they are a guest, where guests get no seat
    duplicated    another user in a set has the same user principal name or mail address
    without_name  the user principal name, or the mapped user name, is absent
    without_mail  the mail address, or the mapped one, is absent
    half_named    given name or surname is absent
    illegal       what would be sent has characters, or a length, that no vendor should be sent
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

    last_activation_change  the last one from here of their inactive account, "" if none
    changed                 their sets were changed from here within a week
    flapping                they were granted a seat and lost it within the last 3 plans
    reclaiming              this plan takes their seat back, for they do not use it
    reclaimed               an earlier one did, and they were not seen since
    lost_account            they had an account, which is gone now
    pending                 the vendor accepted an account for them lately, and does not show it yet
    left                    since when they are known to be in no group (`grace.left_since`)
    """

    last_activation_change: Codes
    changed: Flags
    flapping: Flags
    reclaiming: Flags
    reclaimed: Flags
    lost_account: Flags
    pending: Flags
    left: Times


@dataclass(frozen=True)
class Refused:
    """What this vendor is known to refuse, or not to do.

    hidden      it says that it has their account, and shows none
    repeatedly  it keeps refusing what would be asked for next, and is not asked again today
    incomplete  they have no account, and it creates none without an attribute that is not mapped
    taken       the attribute that holds the set has a value that is no set's name
    """

    hidden: Flags
    repeatedly: Flags
    incomplete: Flags
    taken: Flags


@dataclass(frozen=True)
class UserFacts:
    """Row by row with `entra`, the directory's own frame, sorted by object id.

    wanted       the set whose group they are in, and whose scope (the first of several), as a
                 position, -1: none
    set_count    in how many sets' groups and scopes they are
    absent       gone, deleted, disabled, out of scope or in no set: Entra's IsSoftDeleted
    match        their account
    held         the set they hold: the wanted one if they hold several, else the first, -1: none
    inactive     their account is not in use
    invited      their account was made here, and is not in use before they accept an invitation
    changed      a mapped attribute of their account has another value than it should
    frozen_by    the code of a frozen set that they want or hold, "" for none
    unproven_by  the code of a set whose members are not known, so that they may be in it instead of
                 in what they would lose; "" for none
    ours         the account was made or linked from here, or is or was met in a configured set
    stays_active they would be deactivated, but their account is not ours, or they left every set
                 and are in another group of the vendor, which is not configured; or only a seat
                 that they do not use is taken back
    grace_ends   until when they keep the seat although they left every group (UTC), else NaT
    """

    entra: pd.DataFrame
    presence: Presence
    scope: Scope
    attributes: Attributes
    named: Named
    past: Past
    refused: Refused

    wanted: Positions
    set_count: Positions
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
        """Users who may be left unchanged because of a fault, and not because of their own case."""
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
