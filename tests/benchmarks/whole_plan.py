"""What a whole `plan` costs, against reading the same bytes of both sides: `make benchmarks`.

plan   `seatsync plan` as typed, the second one of this store: it reads both sides and its memory,
       decides, saves the plan and writes its reports
floor  bare httpx and orjson that read the same pages of Graph and of the vendor, and keep nothing

Seconds are the processor's, of all threads, imports left out: each process does the same with a
small company first. Servers run in processes of their own.
"""

import asyncio
import os
import resource
import ssl
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, Any

import goals
from goals import note
from large_company import PRODUCTS, SETS, TENANT, Company, large_company
from large_servers import SCIM_PAGE, Addresses, serve
from reading import SPAWN

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (1_000, 20_000, 100_000)
WARM_UP = 1_000
ROUNDS = 3


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    seconds = {}
    with servers(WARM_UP) as small:
        for size in sizes:
            with servers(size) as large:
                ours, floor, peaks = [], [], []
                with TemporaryDirectory() as folder:
                    alone(plans, small, large, size, folder)
                    for _ in range(ROUNDS):
                        spent, peak = alone(plans, small, large, size, folder)
                        ours.append(spent)
                        peaks.append(peak)
                        floor.append(alone(floor_seconds, small, large))
            seconds[size] = median(ours)
            note(f"{size:,} people: plan {median(ours):.2f} s, floor {median(floor):.2f} s")
            goals.at_most(
                3,
                median(ours) / median(floor),
                "times",
                f"whole `plan` of {size:,} people, CPU, against httpx and orjson reading the same",
            )
            goals.at_most(
                1.5, max(peaks) / 1024, "GB", f"whole `plan` of {size:,} people, peak memory"
            )
    if len(seconds) > 1:
        goals.grows_linearly(seconds, "whole `plan`")


@contextmanager
def servers(size: int) -> "Iterator[Addresses]":
    with TemporaryDirectory() as folder:
        ready, far_end = SPAWN.Pipe(duplex=False)
        process = SPAWN.Process(target=serve, args=(far_end, folder, size), daemon=True)
        process.start()
        yield ready.recv()
        process.terminate()


def alone(work: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        return pool.submit(work, *arguments).result()


def plans(small: Addresses, large: Addresses, size: int, folder: str) -> tuple[float, float]:
    """Seconds and the process's peak memory in megabytes."""
    with TemporaryDirectory() as warm:
        plan(configured(Path(warm), small, large_company(WARM_UP)))
    config = configured(Path(folder), large, large_company(size))
    began = process_time()
    plan(config)
    spent = process_time() - began
    return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def plan(config: Path) -> None:
    from click.testing import CliRunner

    from jobs.cli.main import main as seatsync

    ended = CliRunner().invoke(seatsync, ["plan", "--config", str(config)])
    assert ended.exit_code in {0, 2, 3}, ended.output


def configured(folder: Path, at: Addresses, company: Company, **directory: object) -> Path:
    """The configuration's path; `directory` are more settings of this section."""
    from ruamel.yaml import YAML

    os.environ["SECRET"] = "secret"
    settings = company.settings
    written = {
        "directory": {
            "tenant_id": TENANT,
            "client_id": TENANT,
            "credential": {"secret": "env:SECRET"},
            "cloud": {"authority": at.graph, "graph": at.graph, "ca_file": at.ca_file},
            **directory,
        },
        "vendor": {
            "name": "ZoomInfo",
            "base_url": f"{at.scim}/scim/v2",
            "token": "env:SECRET",
            "token_issued": "2026-11-01",
            "token_lifetime": "180d",
            "managed_through_idp": True,
            "max_requests_per_second": 1000,
        },
        "products": list(PRODUCTS),
        "subscription_sets": [
            {"name": one.name, "products": list(one.products), "admin": one.admin}
            for one in settings.subscription_sets
        ],
        "seats": {one.product: one.purchased for one in company.snapshot.inventory},
    }
    path = folder / "seatsync.yaml"
    with path.open("w") as file:
        YAML().dump(written, file)
    return path


def floor_seconds(small: Addresses, large: Addresses) -> float:
    asyncio.run(_floor(small))
    began = process_time()
    asyncio.run(_floor(large))
    return process_time() - began


async def _floor(at: Addresses) -> None:
    import httpx
    import orjson

    tls = ssl.create_default_context(cafile=at.ca_file)
    async with httpx.AsyncClient(verify=tls) as client:
        for group in range(len(SETS)):
            url = f"{at.graph}/v1.0/groups/{group:08x}-0000-4000-8000-000000000000/members"
            while url:
                url = orjson.loads((await client.get(url)).content).get("@odata.nextLink")
        for path in ("Users", "Groups"):
            start, total = 1, 1
            while start <= total:
                query = {"startIndex": start, "count": SCIM_PAGE}
                page = (await client.get(f"{at.scim}/scim/v2/{path}", params=query)).content
                total = orjson.loads(page)["totalResults"]
                start += SCIM_PAGE


if __name__ == "__main__":
    main()
