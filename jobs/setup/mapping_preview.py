"""What the attribute mapping makes of users: of the tenant's, or of those in a file."""

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from config.attribute_mapping import AttributeMapping
from config.graph_user import IS_SOFT_DELETED
from connectors.entra.graph_users_file import read_graph_users, users_frame
from jobs.context import Context
from jobs.leased_run import recorded
from jobs.output.exit_codes import Exit
from jobs.output.failures import UserNotFound
from jobs.reading.read_and_evaluate import evaluate
from reconciler.model.phrasing import Plural
from reconciler.model.unsendable_text import with_blanks_absent
from reconciler.planning.mapping_preview import (
    MappingPreview,
    preview_of_new_accounts,
    preview_of_users,
)
from reconciler.planning.user_explanation import names_near, users_called


def preview_user(context: Context, text: str) -> list[MappingPreview]:
    """Of whoever is called so, by what Entra ID and the vendor say now. Nothing is changed.

    Raises:
        connectors.errors.CounterpartError, reconciler.no_plan.NoPlan: as `evaluate`.
        UserNotFound: nobody is called so.
    """
    with recorded(context, "mapping test") as run:
        evaluation = evaluate(context)
        previews = preview_of_users(evaluation, users_called(evaluation, text))
        run.exit_code = Exit.OK
        run.summary = f"the mapping of {Plural(len(previews)):user|users} was shown"
    if not previews:
        names = evaluation.facts.people.entra["userPrincipalName"].dropna()
        near = names_near(text, names)
        raise UserNotFound(text, f"similar: {', '.join(near)}" if near else "nobody is called so")
    return previews


def preview_file(mapping: AttributeMapping, path: Path, now: datetime) -> list[MappingPreview]:
    """Of the users in a file, as if none of them had an account yet. Nobody else is asked.

    Raises:
        connectors.errors.CounterpartError: it has no users.
    """
    users = read_graph_users(path)
    people = with_blanks_absent(users_frame(users, mapping.sources))
    soft_deleted = {str(user["id"]): _is_soft_deleted(user) for user in users}
    gone = np.array([soft_deleted[one] for one in people["id"]], dtype=bool)
    return preview_of_new_accounts(mapping, people, gone, now)


def _is_soft_deleted(user: dict[str, Any]) -> bool:
    """As it says, or else by what Graph says: disabled, or in the recycle bin."""
    said = user.get(IS_SOFT_DELETED)
    if said is not None:
        return str(said).casefold() == "true"
    return user.get("accountEnabled") is False or bool(user.get("deletedDateTime"))
