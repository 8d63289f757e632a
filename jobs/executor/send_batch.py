"""Sends operations of the same change: in one request where the vendor takes that, else singly."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from connectors.errors import CounterpartError, NotSent, Refused, Unauthorized
from jobs.executor.seat_refusals import lacks_seat
from jobs.executor.send_operation import TOGETHER, Sent, send, send_together
from jobs.executor.unintended_members import Bystanders, bystanders, put_back
from jobs.executor.vendor_port import Vendor
from jobs.executor.verify import ReadBack
from reconciler.model.capabilities import Feature
from reconciler.model.plan import Operation

Answer = Exception | None
"""None: accepted. `NotSent`: an earlier answer, a person or an obstacle kept it from being sent."""

# Statuses by which servers refuse a request for many, and not the change itself.
_TOO_MUCH = {400, 413, 501}


class BatchRequest:
    """Operations of the same change, sent together. `groups` maps a set's name to its group's id,
    also of groups that are created with their first members. `matching`: see `ReadBack`.

    Once there is an `objection`, or the vendor takes no more of this kind, the rest is not sent.
    `others` are members whom the vendor took out or brought in though no operation names them; the
    former have been put back, unless `not_put_back` says why not.
    """

    def __init__(
        self,
        vendor: Vendor,
        groups: Mapping[str, str],
        operations: Sequence[Operation],
        matching: Sequence[str],
        objection: Callable[[], str],
    ) -> None:
        self._vendor = vendor
        self.groups = dict(groups)
        self._operations = operations
        self._matching = matching
        self._objection = objection
        self._seen: ReadBack | None = None
        self._accepted: dict[int, str] = {}
        self._verified: set[int] = set()
        self.others = Bystanders({}, {})
        self.not_put_back = ""

    def answers(self) -> list[Answer]:
        """One per operation, in their order. Nothing is raised, whatever happens."""
        operations = self._operations
        try:
            together = len(operations) > 1 and operations[0].kind in TOGETHER
            if together and self._vendor.moves_many and not self._objection():
                present = self._now()
                answers = self._together(present, operations)
                self._put_back_others(present)
                return answers
            return self._singly(operations)
        except Exception as error:  # between two requests: their answers are lost
            return [error for _ in operations]

    @property
    def read_back(self) -> ReadBack:
        """The vendor as it is after the last request that may have changed something."""
        self._seen = self._seen or self._now()
        return self._seen

    def _now(self) -> ReadBack:
        return ReadBack(
            self._vendor,
            self.groups,
            self._operations,
            self._matching,
            self._accepted,
            self._verified,
        )

    def _singly(self, operations: Sequence[Operation]) -> list[Answer]:
        present = self._now()
        answers: list[Answer] = []
        for at, operation in enumerate(operations):
            why = self._objection() or (at and self._ends_all(operations[at - 1], answers[-1]))
            ask = partial(self._send, present, operation)
            answers.append(_not_sent(why) if why else self._ask(ask))
        return answers

    def _send(self, present: ReadBack, operation: Operation) -> None:
        sent = send(self._vendor, self.groups, present, operation)
        if sent.new_group:
            self._note_group(sent)
        elif sent.made:
            self._accepted[operation.index] = sent.made
        if sent.verified:
            self._verified.add(operation.index)

    def _send_together(self, present: ReadBack, operations: Sequence[Operation]) -> None:
        sent = send_together(self._vendor, self.groups, present, operations)
        if sent.new_group:
            self._note_group(sent)

    def _note_group(self, sent: Sent) -> None:
        """Finds a created group by the id that the vendor gave, else by its name."""
        named = [sent.made] if sent.made else self._vendor.groups_named(sent.new_group)
        if len(named) == 1:
            self.groups[sent.new_group] = named[0]

    def _put_back_others(self, before: ReadBack) -> None:
        """A request for many may have taken out other members than those that it names."""
        names = self._operations[0].touched
        asked = {str(operation.account) for operation in self._operations}
        try:
            after = self.read_back.members(names)
        except CounterpartError:  # reading back each operation will meet and report it
            return
        self.others = bystanders(before.members(names), after, asked)
        if not self.others:
            return
        self._vendor.can.learn(Feature.BATCH, works=False)
        self._seen = None
        try:
            put_back(self._vendor, self.groups, self.others)
        except CounterpartError as error:
            self.not_put_back = str(error)

    def _together(self, present: ReadBack, operations: Sequence[Operation]) -> list[Answer]:
        """One request for all. If it may have been done, reading back shows for whom."""
        answer = self._ask(partial(self._send_together, present, operations))
        if isinstance(answer, Unauthorized) or (isinstance(answer, Refused) and answer.throttled):
            return [answer, *(_not_sent(str(answer)) for _ in operations[1:])]
        judged = isinstance(answer, Refused) or lacks_seat(self._vendor, operations[0], answer)
        if answer is not None and not judged:
            return [answer for _ in operations]
        left = self._not_moved(operations)
        alone = self._one_by_one(left, answer) if left else []
        again = {one.index: said for one, said in zip(left, alone, strict=True)}
        return [again.get(operation.index) for operation in operations]

    def _one_by_one(self, left: Sequence[Operation], answer: Answer) -> list[Answer]:
        """Sends singly what one request for all has not done: it may have failed for one member
        only, there may be seats for some, or the server may not take many at once.
        """
        if answer:
            answers = self._singly(left)
            too_much = isinstance(answer, Refused) and answer.status in _TOO_MUCH
            if too_much and not any(answers):
                self._vendor.can.learn(Feature.BATCH, works=False)
            return answers
        first = self._singly(left[:1])
        if self._not_moved(left[:1]):
            return [*first, *(None for _ in left[1:])]
        self._vendor.can.learn(Feature.BATCH, works=False)
        return [*first, *self._singly(left[1:])]

    def _not_moved(self, operations: Sequence[Operation]) -> list[Operation]:
        self._seen = self._now()
        return [operation for operation in operations if not self._seen.of(operation)]

    def _ask(self, ask: Callable[[], object]) -> Answer:
        self._seen = None
        try:
            ask()
        except Exception as error:  # is the answer to this operation; others go on
            return error
        return None

    def _ends_all(self, operation: Operation, answer: Answer) -> str:
        """Why the next request of this kind would be refused as well, or ""."""
        if isinstance(answer, NotSent):
            return answer.why
        throttled = isinstance(answer, Refused) and answer.throttled
        refused = (
            throttled
            or isinstance(answer, Unauthorized)
            or lacks_seat(self._vendor, operation, answer)
        )
        return str(answer) if refused else ""


def _not_sent(why: str) -> NotSent:
    return NotSent("asking the vendor", why)
