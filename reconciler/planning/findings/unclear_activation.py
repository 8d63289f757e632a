"""Findings about a vendor that does not show who is active, or that invites new users."""

from collections.abc import Iterator

import numpy as np

from reconciler.model.phrasing import named
from reconciler.model.plan import Finding
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import RUN, finding
from reconciler.situations.vendor import ACTIVE_NOT_SHOWN, INVITATION_OPEN


def activity_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """V14 and V16, once each."""
    people, active = evaluation.facts.people, evaluation.facts.accounts["active"]
    if len(active) and active.isna().all():
        yield finding(ACTIVE_NOT_SHOWN, RUN, off=int(people.inactive.sum()), count=len(active))
    if waiting := np.flatnonzero(people.invited).tolist():
        users = named(sorted(user.name for user in people.users(np.array(waiting))))
        verb = "is" if len(waiting) == 1 else "are"
        yield finding(INVITATION_OPEN, RUN, count=len(waiting), users=users, verb=verb)
