"""How coroutines are run from code that is none."""

import asyncio

from connectors.concurrency import run


class Result:
    written_out = 0

    def __repr__(self) -> str:
        self.written_out += 1
        return "a text as long as the tenant is large"


def test_a_result_is_not_made_a_text_of() -> None:
    async def work() -> Result:
        return Result()

    with asyncio.Runner() as runner:
        assert run(work(), runner).written_out == 0
