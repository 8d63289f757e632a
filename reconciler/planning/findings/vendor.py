"""Findings about the vendor's habits that matter for the plan."""

from collections.abc import Iterator

from reconciler.facts.account_of_user import attributes_in_words
from reconciler.facts.set_bindings import set_subject
from reconciler.model.plan import Finding
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import RUN, finding
from reconciler.situations.vendor import (
    EXTERNAL_ID_NOT_KEPT,
    GROUP_CALLED_OTHERWISE,
    MEMBERS_NOT_SHOWN,
    MEMBERS_WITHOUT_ACCOUNT,
)


def vendor_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """V1, V2 and V7 per set; V5 where only the store knows whom the accounts belong to."""
    target = evaluation.snapshot.target
    for name, count in sorted(target.unknown_members.items()):
        yield finding(MEMBERS_WITHOUT_ACCOUNT, set_subject(name), count=count)
    for name, called in sorted(target.vendor_names.items()):
        yield finding(GROUP_CALLED_OTHERWISE, set_subject(name), called=called)
    for name in sorted(target.hiding_members):
        yield finding(MEMBERS_NOT_SHOWN, set_subject(name))
    if not target.shows_external_id and len(evaluation.snapshot.memory.links):
        yield finding(
            EXTERNAL_ID_NOT_KEPT,
            RUN,
            count=len(evaluation.snapshot.memory.links),
            matched_by=attributes_in_words(evaluation.settings.attribute_mapping.matching),
        )
