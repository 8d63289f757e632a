"""Whatever a vendor may answer to an operation: each answer has one outcome, and it is true.

What is executed is the plan alone, for that is what an answer meets: whether a plan may be applied,
and what of it, is decided before (`test_apply.py`), and what is reported comes after
(`test_apply_ends.py`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from socket import MSG_PEEK
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.wrappers import Response

from connectors.scim import transport
from connectors.scim.transport import ScimTransport
from jobs.apply import execute_plan
from jobs.context import working
from jobs.leased_run import recorded
from jobs.operation_results import Applied, Result
from jobs.reading.vendor_client import vendor_of
from reconciler.model.plan import Kind, Plan
from support.faults.vendor_interceptor import VendorInterceptor, refusing
from support.scenarios.pending_operations import PENDING, SETS, PendingOperations

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

OF_A_GROUP = [("PATCH", "/v2/Groups"), ("PUT", "/v2/Groups")]
WRITES = {
    Kind.CREATE_SET_GROUP: [("POST", "/v2/Groups")],
    Kind.CREATE_ACCOUNT: [("POST", "/v2/Users")],
    **dict.fromkeys((Kind.GRANT, Kind.REVOKE, Kind.MOVE), OF_A_GROUP),
}
OF_SETS = (Kind.GRANT, Kind.REVOKE, Kind.MOVE)
SEATED = (Kind.CREATE_ACCOUNT, Kind.REACTIVATE_ACCOUNT, Kind.GRANT, Kind.MOVE)
OF_A_USER = [("PATCH", "/v2/Users"), ("PUT", "/v2/Users")]


@dataclass(frozen=True)
class Answer:
    """What the vendor says, before or `after` it has done as asked; what must come of it.

    `code` is the finding's, by kind of operation where it is not always the same.
    """

    say: Callable[[], Response]
    result: str
    after: bool = False
    code: str | dict[Kind, str] = ""


def cut() -> Response:
    answer = Response("{", status=200)
    answer.headers["Content-Length"] = "999"
    return answer


PATIENCE = 0.5
"""Seconds after which the program gives up a change that is not answered."""


class Late(Response):
    """It comes when the program has given it up, and has closed the connection."""

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ["werkzeug.socket"].recv(1, MSG_PEEK)
        return super().__call__(environ, start_response)


def be_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """About changes alone: what is read comes, however slow this machine is."""
    sound, patience = ScimTransport.send, transport.READ_SECONDS

    def send(self: ScimTransport, method: str, *arguments: Any, **options: Any) -> Any:
        seconds = patience if method == "GET" else PATIENCE
        monkeypatch.setattr(transport, "READ_SECONDS", seconds)
        return sound(self, method, *arguments, **options)

    monkeypatch.setattr(ScimTransport, "send", send)


def busy() -> Response:
    return Response(status=429, headers={"Retry-After": "7200"})


NOT_APPLIED = "2xx but not applied"

ANSWERS = {
    **{
        str(status): Answer(refusing(status), "failed")
        for status in (400, 403, 404, 412, 413, 501, 503)
    },
    "401": Answer(refusing(401), "failed", code="T2"),
    "409": Answer(
        refusing(409), "failed", code={Kind.CREATE_ACCOUNT: "A5", Kind.CREATE_SET_GROUP: "V4"}
    ),
    "429 for two hours": Answer(busy, "failed", code="P9"),
    "500": Answer(refusing(500), "failed", code="P10"),
    "500 though done": Answer(refusing(500), "done", after=True, code="P10"),
    "no seat": Answer(
        refusing(403, '{"detail": "all licenses are in use"}'),
        "failed",
        code=dict.fromkeys(SEATED, "S8"),
    ),
    "no seat, and a failure": Answer(
        refusing(500, '{"detail": "LicenseLimitExceeded"}'),
        "failed",
        code={**dict.fromkeys(Kind, "P10"), **dict.fromkeys(SEATED, "S8")},
    ),
    "time-out though done": Answer(Late, "done", after=True, code="P10"),
    "reset though done": Answer(cut, "done", after=True, code="P10"),
    "HTML": Answer(refusing(200, "<html>"), "done", after=True),
    "201 without id": Answer(refusing(201, "{}"), "done", after=True),
    NOT_APPLIED: Answer(
        refusing(200, "{}"),
        "failed",
        code=dict.fromkeys(Kind, "V10") | dict.fromkeys((Kind.CREATE_SET_GROUP, *OF_SETS), "T5"),
    ),
}


@pytest.fixture(scope="module", params=list(PENDING), ids=str)
def one_pending(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Kind, PendingOperations]]:
    """One operation of this kind, planned and approved."""
    with PendingOperations(tmp_path_factory.mktemp("pending"), request.param) as pending:
        pending.approve()
        pending.remember()
        yield request.param, pending


@pytest.mark.parametrize("said", ANSWERS)
def test_an_answer_has_one_outcome(
    one_pending: tuple[Kind, PendingOperations], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, pending = one_pending
    answer, interceptor = ANSWERS[said], VendorInterceptor(pending)
    if answer.say is Late:
        be_impatient(monkeypatch)
    pending.return_to_it()
    for write in WRITES.get(kind, OF_A_USER):
        interceptor.on(*write, answer.say, after=answer.after)
    plan, applied = executed(pending)
    interceptor.clear()

    first = next(o for o in applied.outcomes if o.operation.kind is kind)
    if kind is Kind.LINK and said == NOT_APPLIED:
        assert first.result is Result.DONE, first
        assert "linked in the store alone" in first.detail
        return
    # Half of a move is not a move: it is put back.
    result = "failed" if kind is Kind.MOVE and answer.code == "P10" else answer.result
    assert first.result == result, first
    codes = [found.code for found in applied.findings]
    code = answer.code if isinstance(answer.code, str) else answer.code.get(kind, "")
    assert codes[:1] == ([code] if code else []), applied.findings
    if result == "failed":
        assert pending.sandbox.portal.used() == pending.used
        assert kind is Kind.MOVE or len(pending.deeds) == applied.count(Result.DONE)
        assert set(needing(first.operation.index, plan, applied)) <= {Result.SKIPPED}
    else:
        assert len(set(pending.deeds)) == len(pending.deeds) > 0


def executed(pending: PendingOperations) -> tuple[Plan, Applied]:
    """The plan that was approved, and what became of it."""
    with working(pending.config) as context:
        plan = context.find_plan("latest")
        with recorded(context, "apply") as run, vendor_of(context, run.objection) as vendor:
            named = vendor.read(SETS, lambda _: None).groups
            groups = {name: ids[0] for name, ids in named.items()}
            return plan, execute_plan(context, vendor, plan, run, groups, {})


def needing(first: int, plan: Plan, applied: Applied) -> list[Result]:
    """What became of the operations that need this one."""
    outcomes = {outcome.operation.index: outcome.result for outcome in applied.outcomes}
    return [outcomes[one.index] for one in plan.operations if first in one.needs]
