"""How fast a vendor's accounts come from the socket into a frame: `make benchmarks`.

ours     `Scim.read`: every account and who holds the sets, checked, in columns
limit    plain httpx and orjson that read the same pages and groups, and collect tuples

The server has its answers ready and runs in a process of its own, and so does each measurement,
which reads a small company first: neither imports nor connections are counted.
"""

import os
import sys
from collections.abc import Callable
from statistics import median

import goals
from large_company import SETS
from large_servers import SCIM_PAGE, Addresses
from reading import TRIES, Measured, measured
from whole_plan import WARM_UP, alone, servers

SIZES = (20_000, 100_000)
PATHS = (
    "userName",
    "externalId",
    "active",
    'emails[type eq "work"].value',
    "name.givenName",
    "name.familyName",
)

Way = Callable[[Addresses, Addresses], Measured]
"""Reads a small vendor, and then a large one, which is measured."""


def ours(small: Addresses, large: Addresses) -> Measured:
    os.environ["SECRET"] = "secret"
    from config.vendor import VendorSettings
    from connectors.scim.client import Scim

    def read(at: Addresses) -> int:
        vendor = VendorSettings.model_validate(
            {
                "name": "ZoomInfo",
                "base_url": f"{at.scim}/scim/v2",
                "token": "env:SECRET",
                "token_issued": "2026-11-01",
                "token_lifetime": "180d",
                "managed_through_idp": True,
                "max_requests_per_second": 1000,
            }
        )
        with Scim(vendor, PATHS) as scim:
            found = scim.read(SETS, lambda _: None)
        assert found.complete, found.because
        return len(found.accounts)

    read(small)
    return measured(lambda: read(large))


def limit(small: Addresses, large: Addresses) -> Measured:
    import httpx
    import orjson

    def read(at: Addresses) -> int:
        people: list[tuple[object, ...]] = []
        held: list[tuple[str, str]] = []
        with httpx.Client(base_url=f"{at.scim}/scim/v2") as client:
            start, total = 1, 1
            while start <= total:
                query = {"startIndex": start, "count": SCIM_PAGE}
                page = orjson.loads(client.get("/Users", params=query).content)
                for user in page["Resources"]:
                    name, mail = user["name"], user["emails"][0]
                    people.append(
                        (
                            user["id"],
                            user["userName"],
                            user["externalId"],
                            user["active"],
                            mail["value"],
                            name["givenName"],
                            name["familyName"],
                        )
                    )
                total, start = page["totalResults"], start + SCIM_PAGE
            for group in orjson.loads(client.get("/Groups").content)["Resources"]:
                body = orjson.loads(client.get(f"/Groups/{group['id']}").content)
                held += [(body["displayName"], member["value"]) for member in body["members"]]
        assert held
        return len(people)

    read(small)
    return measured(lambda: read(large))


def main() -> None:
    seconds = {}
    with servers(WARM_UP) as small:
        for size in [int(size) for size in sys.argv[1:]] or SIZES:
            with servers(size) as large:
                tries = [[alone(way, small, large) for way in (ours, limit)] for _ in range(TRIES)]
            mine, best = zip(*tries, strict=True)
            accounts = f"read of {mine[0].members:,} of a vendor's accounts"
            work, least = (median(one.work for one in them) for them in (mine, best))
            seconds[mine[0].members] = work
            goals.note(f"{accounts}: ours {work:.2f} s of CPU, httpx + orjson {least:.2f} s")
            goals.at_least(
                0.7, least / work, "of its speed", f"{accounts}, CPU, against httpx and orjson"
            )
            added = max(one.megabytes for one in mine) * (1 << 20) / mine[0].members
            goals.at_most(400, added, "bytes each", f"{accounts}, memory that it adds at most")
    if len(seconds) > 1:
        goals.grows_linearly(seconds, "read of a vendor's accounts")


if __name__ == "__main__":
    main()
