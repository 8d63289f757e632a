"""A dead-man's switch by Healthchecks' convention (healthchecks.io/docs/http_api): POST to an
address says success, below it `/start` that a run begins, and `/fail` that it failed.
"""

from urllib.parse import urlsplit

from urllib3.util import Retry

from config.watching import Health
from connectors.errors import CounterpartError, Unreachable
from connectors.http.deadline_adapter import DeadlineAdapter, Patience
from connectors.http.network_route import Route
from connectors.http.response_body import Limits
from connectors.http.run_limits import Allowance

SECONDS = 10
"""For an answer as a whole: no run waits longer for who only watches."""

RETRIES = Retry(total=1, allowed_methods=None, backoff_factor=0)
"""An answer that got lost: to be told twice is no harm."""


class HealthCheck:
    """Raises Unreachable where nobody takes what it says."""

    def __init__(self, health: Health) -> None:
        self._address = health.ping
        self._what = f"telling {urlsplit(health.ping).hostname} of the run"
        self._route = Route(health.ping, "health.ca_file", health.ca_file)

    def started(self) -> None:
        self._post("/start", "")

    def succeeded(self, remark: str) -> None:
        self._post("", remark)

    def failed(self, remark: str) -> None:
        self._post("/fail", remark)

    def _post(self, below: str, remark: str) -> None:
        adapter = DeadlineAdapter(RETRIES, Patience(SECONDS), Limits(1 << 16), Allowance())
        with self._route.session(adapter) as session:
            try:
                answer = session.post(
                    f"{self._address}{below}", data=remark.encode(), timeout=SECONDS
                )
            except CounterpartError:
                raise
            except Exception as error:
                raise Unreachable(self._what, self._route.cause(error)) from error
        if not 200 <= answer.status_code < 300:
            raise Unreachable(self._what, f"it answers {answer.status_code}")
