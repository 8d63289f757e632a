"""Findings about accounts that stay active because of what is not managed here."""

from collections.abc import Iterator

import numpy as np

from reconciler.columns.frames import Positions
from reconciler.columns.table_joins import is_in, values_at
from reconciler.facts.set_bindings import set_subject
from reconciler.model.phrasing import named
from reconciler.model.plan import Finding, Subject
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import RUN, finding
from reconciler.situations.accounts import HELD_OUTSIDE
from reconciler.situations.situation import Effect


def outside_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """A18: accounts that would be deactivated and stay active, per group of the vendor that they
    are in; and those that are not ours.
    """
    people, target = evaluation.facts.people, evaluation.snapshot.target
    stays = (evaluation.decisions.effect == Effect.DEPROVISION) & people.stays_active
    if strangers := _finding(evaluation, RUN, np.flatnonzero(stays & ~people.ours), STRANGERS):
        yield strangers
    persons = np.flatnonzero(stays & people.ours)
    accounts = values_at(evaluation.facts.accounts["account"], people.match.account[persons])
    for name, members in target.others.groupby("set", sort=True):
        inside = persons[is_in(accounts, members["account"])]
        if found := _finding(evaluation, set_subject(str(name)), inside, IN_ANOTHER_GROUP):
            yield found
    for name in sorted(target.unread):
        if found := _finding(evaluation, set_subject(name), persons, UNREAD):
            yield found


STRANGERS = "They were never in a configured set, nor made or linked from here."
IN_ANOTHER_GROUP = 'They are in "{name}" at the vendor, which is not configured.'
UNREAD = '"{name}" at the vendor is not configured and could not be read: they may be in it.'


def _finding(
    evaluation: Evaluation, subject: Subject, persons: Positions, why: str
) -> Finding | None:
    if not len(persons):
        return None
    users = named(sorted(user.name for user in evaluation.facts.people.users(persons)))
    why = why.format(name=subject.name)
    return finding(HELD_OUTSIDE, subject, count=len(persons), users=users, why=why)
