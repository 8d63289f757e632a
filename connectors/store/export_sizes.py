"""How large the exports were that plans were made of."""

from sqlalchemy import insert, select

from connectors.store.schema import approvals, exports, plans
from connectors.store.transaction_part import TransactionPart
from reconciler.model.group_read import ExportSize
from reconciler.model.history import RecordedExport


class Exports(TransactionPart):
    """Exports by the plans that were made of them."""

    def add(self, plan_id: str, size: ExportSize, *, held: bool) -> None:
        """The size of a plan's export; `held`: it was found too small, or not proven whole."""
        row = {"users": size.users, "groups": size.groups, "members": size.members}
        self._connection.execute(
            insert(exports).values(pair=self._pair, plan_id=plan_id, held=held, **row)
        )

    def newest_first(self) -> tuple[RecordedExport, ...]:
        """Of every plan that was made of one."""
        approved = exports.c.plan_id.in_(select(approvals.c.plan_id).where(self._ours(approvals)))
        query = (
            select(exports.c.users, exports.c.groups, exports.c.members, exports.c.held, approved)
            .join(plans, plans.c.id == exports.c.plan_id)
            .where(self._ours(exports), self._ours(plans))
            .order_by(plans.c.number.desc())
        )
        return tuple(
            RecordedExport(ExportSize(*size), held, bool(approved))
            for *size, held, approved in self._connection.execute(query)
        )
