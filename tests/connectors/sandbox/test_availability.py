"""A vendor that is slow, or down, and quick again."""

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from connectors.sandbox.availability import Availability, Pace


@pytest.mark.parametrize(
    ("pace", "answers"),
    [
        (Pace.QUICK, [(200, None)] * 4),
        (Pace.SLOW, [(429, "1"), (200, None)] * 2),
        (Pace.DOWN, [(503, "3600")] * 4),
    ],
)
def test_who_is_answered(pace: Pace, answers: list[tuple[int, str | None]]) -> None:
    vendor = Availability(Response(), within="/v2/")
    vendor.pace = pace
    asked = [Client(vendor).get("/v2/Users") for _ in answers]
    assert Client(vendor).get("/elsewhere").status_code == 200
    assert [(one.status_code, one.headers.get("Retry-After")) for one in asked] == answers
