"""The vendor is never asked faster than permitted, whoever asks."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyrate_limiter import Rate

from connectors.scim import rate_limit
from connectors.scim.rate_limit import RateLimit


def moments(limit: RateLimit, count: int) -> list[float]:
    def ask(_: int) -> float:
        limit.wait()
        return time.monotonic()

    with ThreadPoolExecutor(8) as hands:
        return sorted(hands.map(ask, range(count)))


def test_all_hands_together_keep_the_pace() -> None:
    asked = moments(RateLimit(50), 25)
    assert asked[-1] - asked[0] >= 24 / 50 - 0.02


def test_no_thread_is_left_by_it() -> None:
    before = threading.active_count()
    limit = RateLimit(50)
    limit.wait()
    limit.ease()
    limit.wait()
    assert threading.active_count() == before


def test_a_429_halves_it() -> None:
    slowed = RateLimit(50)
    slowed.ease()
    asked = moments(slowed, 10)
    assert asked[-1] - asked[0] >= 9 / 25 - 0.02


def test_it_comes_back_to_the_permitted_pace_and_no_further(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rates: list[int] = []

    def rate(per_second: int, *_: int, **options: int) -> Rate:
        rates.append(per_second // rate_limit.MARGIN)
        return Rate(per_second, *_, **options)

    monkeypatch.setattr(rate_limit, "Rate", rate)
    monkeypatch.setattr(rate_limit.Limiter, "try_acquire", lambda *_: True)
    eased = RateLimit(40)
    eased.ease()
    eased.ease()
    for _ in range(4 * rate_limit.CALM):
        eased.wait()
    assert rates == [40, 20, 10, 20, 40]
