"""What the attribute mapping makes of users: what it reads, what comes of it, and what is sent.

Entra's expression builder tests an expression on one user; this has every row, beside what the
vendor has now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from config.attribute_mapping import AttributeMapping
from config.graph_user import IS_SOFT_DELETED, graph_property
from config.mapping_expressions.syntax_tree import attributes
from reconciler.columns.frames import Flags, Positions, cells
from reconciler.columns.table_joins import NOWHERE
from reconciler.facts.wanted_attributes import wanted_attributes, with_defaults
from reconciler.model.plan import Operation, Subject
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.operations import Attributes, attributes_in

ON_CREATE = "only accounts that are created get it"
NO_VALUE = "there is no value, so the account keeps what it has"
NOTHING = "there is no value"
ALIKE = "the account has it"
DEFAULT = "the default, for want of a value"
CLEARED = "there is no value, so the vendor's is removed"
LEFT = "nothing is sent for this user"
UNCHANGED = "the vendor's account is left as it is"


@dataclass(frozen=True)
class AttributePreview:
    """One row of the mapping for one user: the SCIM path `target`, the attributes that are read
    with their values, what comes of it, and what the vendor has; None for no value.

    `sent` is what is sent, None for nothing; `why` says why that, "" where it goes without saying.
    """

    target: str
    expression: str
    source: Mapping[str, str | None]
    result: str | None
    sent: str | bool | None
    vendor: str | None
    why: str


@dataclass(frozen=True)
class MappingPreview:
    """One user's rows. `kept` is the code of what keeps them from any change, "" for nothing."""

    user: Subject
    rows: tuple[AttributePreview, ...]
    kept: str = ""


def preview_of_users(evaluation: Evaluation, persons: Positions) -> list[MappingPreview]:
    """Of these users; `sent` is what a plan that was made now would send."""
    facts, mapping = evaluation.facts, evaluation.settings.attribute_mapping
    people = facts.people
    users = people.users(persons)
    entra = people.entra.iloc[persons].reset_index(drop=True)
    now = evaluation.plan_context.now
    mapped = _Mapped(mapping, entra, people.absent[persons], now)
    account = people.match.account[persons]
    accounts = [_account(facts.accounts, at) for at in account.tolist()]
    previews = []
    for at, user in enumerate(users):
        own = [one for one in evaluation.operations if one.subject.id == user.id]
        sent = _written(own)
        kept = evaluation.kept.get(user.id, "")
        rows = tuple(
            mapped.row(at, target, sent, accounts[at], left=bool(kept))
            for target in mapping.targets
        )
        previews.append(MappingPreview(user, rows, kept))
    return previews


def preview_of_new_accounts(
    mapping: AttributeMapping, people: pd.DataFrame, soft_deleted: Flags, now: datetime
) -> list[MappingPreview]:
    """Of users (rows of `frames.PEOPLE`) as if none of them had an account yet; who is soft-deleted
    gets none.
    """
    mapped = _Mapped(mapping, people, soft_deleted, now)
    every = np.arange(len(people))
    created = with_defaults(mapping, mapped.wanted, ~soft_deleted)
    whole = attributes_in(created, every, dict.fromkeys(created, ~soft_deleted))
    ids, names = (cells(people[name], every) for name in ("id", "userPrincipalName"))
    return [
        MappingPreview(
            Subject(kind="user", id=object_id, name=name or object_id),
            tuple(
                mapped.row(at, target, sent, None, left=bool(soft_deleted[at]))
                for target in mapping.targets
            ),
        )
        for at, (object_id, name, sent) in enumerate(zip(ids, names, whole, strict=True))
    ]


class _Mapped:
    """The mapping of some users; `at` is a row of theirs."""

    def __init__(
        self, mapping: AttributeMapping, people: pd.DataFrame, soft_deleted: Flags, now: datetime
    ) -> None:
        self.wanted = wanted_attributes(mapping, people, soft_deleted, now)
        self._mapping = mapping
        self._people = people
        self._soft_deleted = soft_deleted

    def row(
        self,
        at: int,
        target: str,
        sent: Attributes,
        account: Mapping[str, str | None] | None,
        *,
        left: bool = False,
    ) -> AttributePreview:
        """One attribute of one user; `left`: nothing at all is sent for them."""
        row = dict(self._mapping.rows)[target]
        result = _cell(self.wanted.texts[target], at)
        vendor = None if account is None else account.get(target)
        return AttributePreview(
            target=target,
            expression=str(row.expression),
            source={name: self._source(at, name) for name in attributes(row.expression)},
            result=result,
            sent=sent.get(target),
            vendor=vendor,
            why=self._why(at, target, sent, account, left=left),
        )

    def _why(
        self,
        at: int,
        target: str,
        sent: Attributes,
        account: Mapping[str, str | None] | None,
        *,
        left: bool,
    ) -> str:
        result = _cell(self.wanted.texts[target], at)
        if target in sent:
            return CLEARED if sent[target] is None else DEFAULT if result is None else ""
        if left:
            return LEFT
        if result is None:
            return self._withheld(at, target) or (NOTHING if account is None else NO_VALUE)
        return self._why_not(target, result, account or {})

    def _withheld(self, at: int, target: str) -> str | None:
        reasons = self.wanted.withheld.get(target)
        return None if reasons is None else _cell(reasons, at)

    def _why_not(self, target: str, result: str, account: Mapping[str, str | None]) -> str:
        """Why a result is not sent."""
        if result == account.get(target):
            return ALIKE
        on_create = account and dict(self._mapping.rows)[target].apply == "on_create"
        return ON_CREATE if on_create else UNCHANGED

    def _source(self, at: int, name: str) -> str | None:
        if name == IS_SOFT_DELETED:
            return str(bool(self._soft_deleted[at]))
        return _cell(self._people[graph_property(name)], at)


def _written(operations: Iterable[Operation]) -> Attributes:
    """What these operations send, by SCIM path."""
    sent: Attributes = {}
    for operation in operations:
        sent |= operation.after.attributes or {}
        if operation.after.active is not None:
            sent["active"] = operation.after.active
    return sent


def _account(accounts: pd.DataFrame, at: int) -> dict[str, str | None] | None:
    if at == NOWHERE:
        return None
    return {str(path): _cell(accounts[path], at) for path in accounts}


def _cell(values: "pd.Series[str]", at: int) -> str | None:
    (value,) = cells(values, np.array([at]))
    return None if value is None else str(value)
