"""What plans were made of. Of the newest it is kept whole, of each older one as the difference from
the next: so what is old can be deleted, and nothing rests on it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, delete, insert, select, update

from connectors.store.difference import difference, restored
from connectors.store.plan_input_json import from_json, to_json
from connectors.store.schema import plan_inputs, plans
from connectors.store.transaction_part import TransactionPart
from reconciler.model.plan_input import PlanInput
from reconciler.model.snapshot import in_order


class PlanInputs(TransactionPart):
    """One per plan for everybody, as long as they are kept."""

    def add(self, plan_input: PlanInput) -> None:
        """Of the newest plan. Without the one before, where that is damaged, they begin anew."""
        content = to_json(replace(plan_input, snapshot=in_order(plan_input.snapshot)))
        before = self._connection.execute(self._newest_first().limit(1)).one_or_none()
        if before:
            self._keep_difference(before.plan_id, before.body, content)
        row = {"pair": self._pair, "plan_id": plan_input.plan_context.plan_id}
        self._connection.execute(insert(plan_inputs).values(**row, body=difference(content)))

    def since(self, time: datetime) -> Iterator[PlanInput]:
        """Of the plans made since then, from the newest to the oldest; read at once, and unpacked
        one by one, also after the transaction.

        Raises:
            ValueError: one is damaged, or was kept by another version of the program.
        """
        query = self._newest_first().where(plans.c.planned_at >= time)
        return _unpacked([row.body for row in self._connection.execute(query)])

    def drop(self) -> None:
        """None is kept any more."""
        self._connection.execute(delete(plan_inputs).where(self._ours(plan_inputs)))

    def _keep_difference(self, plan_id: str, body: bytes, successor: bytes) -> None:
        ours = self._ours(plan_inputs) & (plan_inputs.c.plan_id == plan_id)
        try:
            values = {"body": difference(restored(body), successor)}
        except ValueError:
            self.drop()
        else:
            self._connection.execute(update(plan_inputs).where(ours).values(values))

    def _newest_first(self) -> Select[tuple[str, bytes]]:
        of_plan = (plans.c.pair == plan_inputs.c.pair) & (plans.c.id == plan_inputs.c.plan_id)
        query = select(plan_inputs.c.plan_id, plan_inputs.c.body).join(plans, of_plan)
        return query.where(self._ours(plan_inputs)).order_by(plans.c.number.desc())


def _unpacked(bodies: Iterable[bytes]) -> Iterator[PlanInput]:
    content = b""
    for body in bodies:
        content = restored(body, successor=content)
        yield from_json(content)
