"""Workers that take others for dead after seconds, and whose requests say which run sent them."""

from datetime import timedelta
from functools import partialmethod
from typing import Any
from uuid import uuid4

import requests

from connectors import job_queue
from connectors.store.store import Store
from jobs.fleet import workers

RUN_HEADER = "X-Run"
BEAT = 0.2


def be_impatient() -> None:
    """In this process and in those that it starts."""
    job_queue.BEAT_SECONDS, job_queue.SILENT_SECONDS, job_queue.POLL_SECONDS = 0.5, 3, 0.5
    job_queue.AGAIN = {"max_attempts": 1_000, "wait": 1}
    workers.SHORTEST_LIFE = 0
    Store.lease = partialmethod(  # type: ignore[method-assign, assignment]
        Store.lease, beat=timedelta(seconds=BEAT)
    )
    begin = requests.Session.__init__

    def begin_as_run(self: requests.Session, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        self.headers[RUN_HEADER] = uuid4().hex

    requests.Session.__init__ = begin_as_run  # type: ignore[method-assign]
