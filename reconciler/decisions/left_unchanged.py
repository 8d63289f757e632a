"""Users whom a plan leaves unchanged for another reason than their own situation.

An exemption turns an effect into KEEP: this plan does nothing to these users.
"""

from dataclasses import replace

import numpy as np

from reconciler.columns.frames import Flags, Positions
from reconciler.columns.table_joins import NOWHERE, take
from reconciler.decisions.classify import Decisions
from reconciler.decisions.last_admin import last_admins
from reconciler.facts.build import Facts
from reconciler.facts.set_bindings import JudgedSets
from reconciler.model.snapshot import Memory
from reconciler.situations.accounts import LAST_ADMIN
from reconciler.situations.plans import GRANTS_ONLY
from reconciler.situations.runs import STORE_TOO_YOUNG
from reconciler.situations.situation import Effect


def reason_to_take_nothing(memory: Memory, grants_only: bool) -> str:
    """The code of why a plan takes nothing from anybody; "" if it may.

    Before its first plan a store cannot tell what was granted from here, or lost this week.
    """
    if grants_only:
        return GRANTS_ONLY.code
    return "" if memory.tenant_id else STORE_TOO_YOUNG.code


def exempt(decisions: Decisions, facts: Facts, judged: JudgedSets, why_nothing: str) -> Decisions:
    """The decisions; exempt users have the effect KEEP, and in `exempted` the code of why.

    These are users who would lose anything, if `why_nothing` is a code, and those whose accounts
    are the last active admins' (A15).
    """
    admin = np.array([item.admin for item in judged.sets], dtype=bool)
    effect, exempted = decisions.effect.copy(), decisions.exempted.copy()
    if why_nothing:
        losing = _losing(effect, facts, admin)
        effect[losing], exempted[losing] = Effect.KEEP, why_nothing
    last = _last_admins(effect, facts, admin, judged)
    effect[last], exempted[last] = Effect.KEEP, LAST_ADMIN.code
    return replace(decisions, effect=effect, exempted=exempted)


def _losing(effects: Positions, facts: Facts, admin: Flags) -> Flags:
    """Users who would lose an account, a seat, or the admin role."""
    people = facts.people
    held, wanted = people.held, people.wanted
    wants_less = (take(facts.bundles, held, 0) & ~take(facts.bundles, wanted, 0)) != 0
    wants_less |= take(admin, held) & ~take(admin, wanted)
    deprovisioned = (effects == Effect.DEPROVISION) & (people.match.account != NOWHERE)
    has_something = (held != NOWHERE) | ~(people.inactive | people.stays_active)
    holds_extra = np.zeros(len(people), dtype=bool)
    managed = facts.holdings.only(facts.holdings.managed)
    holds_extra[managed.person[managed.set != held[managed.person]]] = True
    losing: Flags = deprovisioned & has_something
    losing |= (effects == Effect.GRANT) & (wants_less | holds_extra)
    return losing


def _last_admins(effects: Positions, facts: Facts, admin: Flags, judged: JudgedSets) -> Flags:
    """The users whose accounts are the last active admins' (A15)."""
    people, holdings = facts.people, facts.holdings.only(facts.holdings.managed)
    demoted = (effects == Effect.GRANT) & ~take(admin, people.wanted)
    goes = (effects == Effect.DEPROVISION) | demoted
    leaving = np.zeros(len(facts.accounts), dtype=bool)
    leaving[holdings.account] = goes[holdings.person]
    last = np.zeros(len(effects), dtype=bool)
    last[holdings.person] = last_admins(leaving, facts, judged)[holdings.account]
    return last
