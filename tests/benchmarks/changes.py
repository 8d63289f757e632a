"""How much a run by what changed saves: a hundred changes in a group of a hundred thousand.

in full     the group's pages, and its count; then everybody who would lose something is asked for
by changes  a round of changes, whoever changed, the count; the same people are asked for

Of the changes are 40 people who left, 40 who joined and 20 who were renamed; the leavers hold a
seat. What is known is kept in SQLite and read from there. The server is that of `reading.py`.
"""

import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import goals
from goals import note
from reading import MANY, SPAWN, TRIES, Answers, Server, http, serve, tenant, user

LEFT, JOINED, RENAMED = range(40), range(MANY, MANY + 40), range(40, 60)
LEAVERS = [str(user(at)["id"]) for at in LEFT]


@dataclass(frozen=True)
class Run:
    """`read` are the seconds of reading the groups, `seconds` those of everything."""

    read: float
    seconds: float
    read_requests: int
    requests: int

    def __str__(self) -> str:
        return (
            f"{self.read_requests} requests in {self.read:.2f} s, "
            f"with its leavers {self.requests} in {self.seconds:.2f} s"
        )


def answers(url: str) -> Answers:
    """Links from now on, and one round of changes behind them."""
    person = {"@odata.type": "#microsoft.graph.user"}
    gone = {"@removed": {"reason": "deleted"}}
    members = [{**person, "id": user(at)["id"], **gone} for at in LEFT]
    members += [{**person, "id": user(at)["id"]} for at in JOINED]
    told: dict[str, list[dict[str, Any]]] = {
        "groups": [{"id": str(MANY), "members@delta": members}],
        "users": [user(at) for at in RENAMED],
    }
    found = {}
    for kind, changes in told.items():
        path = f"/v1.0/{kind}/delta()"
        for token, value in (("latest", []), ("1", changes)):
            body = {"value": value, "@odata.deltaLink": f"{url}{path}?$deltatoken=1"}
            found[path, token] = http(json.dumps(body).encode())
    return found


# Each process reads twice, and the second time counts: the first also loads the SDK.


def in_full(server: Server) -> Run:
    from connectors.entra.client import Entra

    _run(lambda: Entra(tenant(server)))
    return _run(lambda: Entra(tenant(server)))


def by_changes(server: Server) -> Run:
    from connectors.entra.delta.client import DeltaEntra
    from connectors.store.database import open_database
    from support.alone import alone

    with TemporaryDirectory() as folder:
        keeper = alone(open_database(f"sqlite:///{folder}/store.db")).directory
        now = datetime.now(UTC)
        _run(lambda: DeltaEntra(tenant(server), keeper, now))
        return _run(lambda: DeltaEntra(tenant(server), keeper, now))


def _run(new: Callable[[], Any]) -> Run:
    from config.settings import SubscriptionSet

    sets = [SubscriptionSet.model_construct(name=str(MANY), products=("Sales",), nested="skip")]
    began = perf_counter()
    entra = new()
    directory = entra.read_sets(sets, (), lambda _: None)
    read, read_requests = perf_counter() - began, directory.requests
    assert directory.reads[0].complete
    assert not directory.full_read_because
    assert len(directory.people) == len(directory.members) == MANY
    assert entra.confirms(directory, sets, lambda: LEAVERS, ())
    entra.look_up(LEAVERS, (), lambda _: None)
    settled = entra.settle(directory, sets, LEAVERS)
    return Run(read, perf_counter() - began, read_requests, settled.requests)


def main() -> None:
    for latency in (0, 0.05):
        with TemporaryDirectory() as folder:
            ready, far_end = SPAWN.Pipe(duplex=False)
            arguments = (far_end, folder, answers, latency)
            process = SPAWN.Process(target=serve, args=arguments, daemon=True)
            process.start()
            full, changed = _fastest(ready.recv())
            process.terminate()
        what = f"100 changes in {MANY:,} members, {latency * 1000:.0f} ms to every answer"
        note(f"{what}: in full {full}; by what changed {changed}")
        against = "read by what changed against in full"
        share = changed.requests / full.requests
        goals.at_most(0.1, share, "of the requests", f"{what}: {against}")
        goals.at_most(1, changed.seconds / full.seconds, "of the time", f"{what}: {against}")


def _fastest(server: Server) -> list[Run]:
    tries: dict[Any, list[Run]] = {in_full: [], by_changes: []}
    for _ in range(TRIES):
        for way, runs in tries.items():
            with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
                runs.append(pool.submit(way, server).result())
    return [min(runs, key=lambda run: run.seconds) for runs in tries.values()]


if __name__ == "__main__":
    main()
