"""What a run by what changed saves: a hundred changes in a group of a hundred thousand.

in full     `seatsync plan`, which reads the group's pages
by changes  the same with `directory.delta`, which asks Graph what changed

Both are whole runs, the second of their store: they also read the vendor, ask about everybody who
would lose something, decide, and write reports. Of the changes are 40 people who left, 40 who
joined and 20 who were renamed; the leavers hold a seat.
"""

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from urllib.request import urlopen

import goals
import pandas as pd
from goals import note
from large_company import PRODUCTS, SETS, Company, large_company
from large_servers import Addresses, Handler, answer, graph_of, scim_of, serve_with
from reading import SPAWN
from whole_plan import configured, plan

from reconciler.model.seat_inventory import SeatCount

MANY = 100_000
TRIES = 3
GROUP = "00000000-0000-4000-8000-000000000000"
"""The id that `graph_of` gives the first group."""


@dataclass(frozen=True)
class Run:
    """`requests` are those to Graph."""

    seconds: float
    requests: int


def company(size: int, *, later: bool = False) -> Company:
    """All are in one group, and have what they should have; `later` the changes were made."""
    whole = large_company(size)
    snapshot = whole.snapshot
    people = snapshot.directory.people.assign(
        presence="present", userType="Member", accountEnabled=True
    )
    accounts = pd.DataFrame(
        {
            "account": "account-" + people["id"],
            "externalId": people["id"],
            "userName": people["userPrincipalName"],
            'emails[type eq "work"].value': people["mail"],
            "name.givenName": people["givenName"],
            "name.familyName": people["surname"],
            "active": True,
        }
    )[:-40]
    if later:
        renamed = people.index.isin(range(40, 60))
        people = people.assign(surname=people["surname"].mask(renamed, "Newly"))
    inside = people["id"][40:] if later else people["id"][:-40]
    one_set = whole.settings.subscription_sets[0].model_copy(update={"products": (PRODUCTS[0],)})
    return Company(
        whole.settings.model_copy(update={"subscription_sets": (one_set,)}),
        replace(
            snapshot,
            directory=replace(
                snapshot.directory,
                reads=snapshot.directory.reads[:1],
                people=people,
                members=pd.DataFrame({"set": SETS[0], "id": inside, "kind": "user"}),
            ),
            target=replace(
                snapshot.target,
                accounts=accounts,
                holdings=pd.DataFrame({"set": SETS[0], "account": accounts["account"]}),
            ),
            inventory=tuple(SeatCount(product, size) for product in PRODUCTS),
        ),
        whole.plan_context,
    )


class Servers:
    """Both sides, before the changes or after them, as the vendor's address is told."""

    def __init__(self, graph: str, size: int) -> None:
        before, after = company(size), company(size, later=True)
        self._delta = _delta(graph, before, after)
        self._graphs = {"before": graph_of(graph, before), "after": graph_of(graph, after)}
        self._scim = scim_of(before)
        self._now, self._asked = "before", Counter[str]()

    def graph(self, path: str, query: dict[str, list[str]], body: bytes) -> bytes:
        self._asked[self._now] += path.startswith("/v1.0/")
        if token := query.get("$deltatoken"):
            return self._delta[path, token[0]]
        return self._graphs[self._now](path, query, body)

    def scim(self, path: str, query: dict[str, list[str]], body: bytes) -> bytes:
        if path.strip("/") in self._graphs:
            self._now = path.strip("/")
            return answer(b"%d" % self._asked.pop(self._now, 0))
        return self._scim(path, query, body)


def _delta(graph: str, before: Company, after: Company) -> dict[tuple[str, str], bytes]:
    """By path and token: links from now on, and one round of changes behind them."""
    then, now = (set(one.snapshot.directory.members["id"]) for one in (before, after))
    person = {"@odata.type": "#microsoft.graph.user"}
    gone = {"@removed": {"reason": "deleted"}}
    members = [{**person, "id": at, **gone} for at in sorted(then - now)]
    members += [{**person, "id": at} for at in sorted(now - then)]
    renamed = after.snapshot.directory.people["id"][40:60]
    told: dict[str, list[Any]] = {
        "groups": [{"id": GROUP, "members@delta": members}],
        "users": [{"id": at} for at in renamed],
    }
    return {
        (path, token): answer({"value": value, "@odata.deltaLink": f"{graph}{path}?$deltatoken=1"})
        for kind, changes in told.items()
        for path in [f"/v1.0/{kind}/delta()"]
        for token, value in (("latest", []), ("1", changes))
    }


def serve(ready: Connection, folder: str, size: int, latency: float) -> None:
    def handlers(graph: str) -> tuple[Handler, Handler]:
        servers = Servers(graph, size)
        return servers.graph, servers.scim

    serve_with(ready, folder, handlers, latency)


def second_run(at: Addresses, size: int, *, delta: bool) -> Run:
    with TemporaryDirectory() as folder:
        config = configured(Path(folder), at, company(size), delta=delta)
        _now(at, "before")
        plan(config)
        _now(at, "after")
        began = perf_counter()
        plan(config)
        return Run(perf_counter() - began, _now(at, "after"))


def _now(at: Addresses, state: str) -> int:
    """Changes the state; the requests to Graph in this one since it was last told."""
    with urlopen(f"{at.scim}/{state}") as told:  # noqa: S310 - on loopback
        return int(told.read())


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    for latency in (0, 0.05):
        with TemporaryDirectory() as folder:
            ready, far_end = SPAWN.Pipe(duplex=False)
            arguments = (far_end, folder, size, latency)
            process = SPAWN.Process(target=serve, args=arguments, daemon=True)
            process.start()
            full, changed = _medians(ready.recv(), size)
            process.terminate()
        what = f"100 changes in {size:,} members, {latency * 1000:.0f} ms to Graph's answers"
        note(f"{what}: in full {full}; by what changed {changed}")
        what = f"{what}: whole run by what changed against in full"
        goals.at_most(0.1, changed.requests / full.requests, "of the requests", what)
        goals.at_most(1, changed.seconds / full.seconds, "of the time", what)


def _medians(at: Addresses, size: int) -> list[Run]:
    """In full and by changes, in turns, each in a process of its own."""
    tries: dict[bool, list[Run]] = {False: [], True: []}
    for _ in range(TRIES):
        for delta, runs in tries.items():
            with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
                runs.append(pool.submit(second_run, at, size, delta=delta).result())
    return [Run(median(one.seconds for one in runs), runs[0].requests) for runs in tries.values()]


if __name__ == "__main__":
    main()
