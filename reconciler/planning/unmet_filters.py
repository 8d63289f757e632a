"""Why users are out of scope: the clauses of scoping filters that do not hold for them."""

from reconciler.columns.frames import Positions, is_text
from reconciler.columns.table_joins import is_in
from reconciler.facts.scoping_filters import passes, unmet_clauses
from reconciler.planning.evaluation import Evaluation


def unmet_filters(evaluation: Evaluation, persons: Positions) -> dict[int, str]:
    """By position, of those of these users who are out of scope: of each filter the first clause
    that does not hold.

    The filters are those for everybody, else those of the first set whose group they are in.
    """
    people, settings = evaluation.facts.people, evaluation.settings
    outside = persons[people.scope.outside[persons]]
    users = people.entra.take(outside)
    failing = ~passes(settings.scoping_filters, users)
    unmet = unmet_clauses(settings.scoping_filters, users[failing])
    found = dict(zip(outside[failing].tolist(), unmet, strict=True))
    members = evaluation.snapshot.directory.members
    members = members[is_in(members["id"], users["id"])]
    for item in filter(lambda item: item.scoping_filters, settings.subscription_sets):
        of_set = members["id"][is_text(members["set"], item.name)]
        kept_out = ~failing & is_in(users["id"], of_set)
        unmet = unmet_clauses(item.scoping_filters, users[kept_out])
        found = dict(zip(outside[kept_out].tolist(), unmet, strict=True)) | found
    return found
