"""Findings about attributes that the vendor keeps its own way: one each, not one per account."""

from collections.abc import Iterator

import numpy as np

from reconciler.facts.attribute_differences import differences
from reconciler.model.attribute_habits import IN_WORDS, Way
from reconciler.model.phrasing import named
from reconciler.model.plan import Finding
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import RUN, finding
from reconciler.situations.situation import Effect
from reconciler.situations.vendor import ATTRIBUTE_FIXED, WRITTEN_OTHERWISE


def way_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """V12 and V13, where the value of an account differs from Entra's and is left as it is."""
    facts, decisions = evaluation.facts, evaluation.decisions
    people, ways = facts.people, evaluation.snapshot.target.ways
    mapping = evaluation.settings.attribute_mapping
    concerned = {path: facts.desired[path] for path in mapping.kept_in_step.intersection(ways)}
    accounts = {path: facts.accounts[path] for path in concerned}
    differing = differences(people.match.account, concerned, accounts, mapping.cleared)
    for path in sorted(differing):
        left = differing[path] & ~facts.differs[path] & (decisions.effect == Effect.GRANT)
        persons = np.flatnonzero(left)
        if not len(persons):
            continue
        users = named(sorted(user.name for user in people.users(persons)))
        if Way.FIXED in ways[path]:
            yield finding(ATTRIBUTE_FIXED, RUN, path=path, who=f"differs for {users}")
        else:
            how = " and ".join(IN_WORDS[way] for way in Way if way in ways[path])
            yield finding(
                WRITTEN_OTHERWISE, RUN, path=path, how=how, count=len(persons), users=users
            )
