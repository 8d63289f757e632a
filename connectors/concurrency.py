"""Several things at once; if one fails, the others are over, too, before anybody hears of it."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], runner: asyncio.Runner) -> T:
    """As `runner.run`, which would write out the whole result, and throw that text away.

    Its handler of SIGINT has the finished task as an argument, and `signal.getsignal` makes a text
    of the handler (CPython 3.11: `_int_to_enum`). So the task here has no result.
    """
    results: list[T] = []

    async def keep() -> None:
        results.append(await work)

    runner.run(keep())
    return results[0]


async def gather_all(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The results in order, or the first failure; no connection is left in use behind it."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
