"""What plans were made of. Of the newest it is kept whole, of each older one as the difference from
the next: so what is old can be deleted, and nothing rests on it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import msgspec
from sqlalchemy import Select, delete, insert, select, update

from connectors.store.delta_compression import difference, restored
from connectors.store.plan_input_json import from_parts, to_parts
from connectors.store.schema import plan_inputs, plans
from connectors.store.transaction_part import TransactionPart
from reconciler.model.plan_input import PlanInput
from reconciler.model.snapshot import in_order

Parts = dict[str, bytes]
"""By their names; compressed in a row's body, which has them in MessagePack."""


class PlanInputs(TransactionPart):
    """One per plan for everybody, as long as they are kept."""

    def add(self, plan_input: PlanInput) -> None:
        """Of the newest plan. Without the one before, where that is damaged, they begin anew."""
        before = self._connection.execute(self._newest_first().limit(1)).one_or_none()
        older, newest = _parts(before.body) if before else {}, Parts()
        sorted_input = replace(plan_input, snapshot=in_order(plan_input.snapshot))
        for name, content in to_parts(sorted_input):
            newest[name] = difference(content)
            if name in older:
                try:
                    older[name] = difference(restored(older[name]), content)
                except ValueError:
                    older = {}
        if before and older:
            self._update(before.plan_id, older)
        else:
            self.drop()
        row = {"pair": self._pair, "plan_id": plan_input.plan_context.plan_id}
        self._connection.execute(insert(plan_inputs).values(**row, body=_body(newest)))

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

    def _update(self, plan_id: str, parts: Parts) -> None:
        ours = self._ours(plan_inputs) & (plan_inputs.c.plan_id == plan_id)
        self._connection.execute(update(plan_inputs).where(ours).values(body=_body(parts)))

    def _newest_first(self) -> Select[tuple[str, bytes]]:
        of_plan = (plans.c.pair == plan_inputs.c.pair) & (plans.c.id == plan_inputs.c.plan_id)
        query = select(plan_inputs.c.plan_id, plan_inputs.c.body).join(plans, of_plan)
        return query.where(self._ours(plan_inputs)).order_by(plans.c.number.desc())


def _unpacked(bodies: Iterable[bytes]) -> Iterator[PlanInput]:
    contents: Parts = {}
    for body in bodies:
        contents = {
            name: restored(part, successor=contents.get(name, b""))
            for name, part in _parts(body).items()
        }
        yield from_parts(contents)


def _body(parts: Parts) -> bytes:
    return msgspec.msgpack.encode(parts)


def _parts(body: bytes) -> Parts:
    """None of a body that is damaged."""
    try:
        return msgspec.msgpack.decode(body, type=Parts)
    except ValueError:
        return {}
