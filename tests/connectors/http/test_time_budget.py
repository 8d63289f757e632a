"""A time that can be shortened, from a signal, too, while others wait within it."""

from concurrent.futures import ThreadPoolExecutor

from connectors.http.time_budget import TimeBudget


def test_a_wait_within_it_is_waited_out_and_a_longer_one_not_begun() -> None:
    assert TimeBudget(60).wait(0.01)
    assert not TimeBudget(60).wait(61)


def test_whoever_waits_for_longer_is_woken_when_it_is_shortened() -> None:
    budget = TimeBudget(3600)
    with ThreadPoolExecutor(1) as others:
        waited = others.submit(budget.wait, 1800)
        budget.end_within(60)
        assert not waited.result()
    assert 0 < budget.left <= 60


def test_it_is_never_made_longer() -> None:
    budget = TimeBudget(60)
    budget.end_within(3600)
    assert budget.left <= 60
