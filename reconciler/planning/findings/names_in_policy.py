"""Findings about names of users in the configuration."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from config.suggest import nearest
from reconciler.columns.frames import folded
from reconciler.facts.named_users import OPERATOR
from reconciler.model.phrasing import Plural, named
from reconciler.model.plan import Finding
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import RUN, finding
from reconciler.situations.runs import CONFIGURED_NAME_UNCLEAR

_LETTERS = 2
"""By so many a name that is suggested may be longer or shorter."""


def named_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """R24: a name that means nobody, or several users.

    `vendor.operator` may mean nobody: often the vendor does not show that account over SCIM.
    """
    people = evaluation.facts.people
    for key, found in evaluation.facts.named.items():
        for name in found.idle if key != OPERATOR else ():
            near = nearest(name, _much_like(name, evaluation))
            hint = f"; did you mean {near}?" if near else "."
            why = f"matches nobody in the groups and no account at the vendor{hint}"
            yield finding(CONFIGURED_NAME_UNCLEAR, RUN, key=key, entry=name, why=why)
        for name, meant in found.shared():
            users = named(sorted(user.name for user in people.users(meant)))
            count = f"{Plural(len(meant)):user|users}"
            why = f"means {count}, today or in earlier plans: {users}. All of them are meant now."
            yield finding(CONFIGURED_NAME_UNCLEAR, RUN, key=key, entry=name, why=why)


def _much_like(name: str, evaluation: Evaluation) -> list[str]:
    """Names of about this length and with the same first letter; others are no typing errors."""
    facts = evaluation.facts
    known = (facts.people.entra["userPrincipalName"], facts.accounts["userName"])
    like: list[str] = []
    for values in known:
        texts = pa.array(folded(values).array)
        length = pc.utf8_length(texts).fill_null(0).to_numpy(zero_copy_only=False)
        alike = pc.starts_with(texts, name[:1]).fill_null(False).to_numpy(zero_copy_only=False)
        near = np.flatnonzero(alike & (np.abs(length - len(name)) <= _LETTERS))
        like += texts.take(pa.array(near)).to_pylist()
    return like
