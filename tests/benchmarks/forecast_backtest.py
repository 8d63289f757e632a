"""How often forecasts of seats were right: `make backtest`.

Each week of a history is taken for today, and what `reconciler.forecast` says then is compared with
what came.

real        the groups of a real organisation over eight years, where its membership histories lie
            beside the checkout: it hardly grows
growing     companies by chance, of which every week one in a hundred leaves and more join
shrinking   the same, with fewer who join

covered     how often what came lay in the range of 80 %
error       how many seats the forecast was off, and how many "as today" would have been
ran out     of seats for a tenth more people than today: how often that was in the range of weeks
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean

import numpy as np

from reconciler.forecast import Wanted, by_week, forecast

HISTORY = Path(__file__).parents[3] / "shared" / "data" / "rust-team"
AHEAD = (4, 13, 26, 39)
SMALLEST = 8
"""Of a smaller group no seats are forecast here: one person is more than a tenth of it."""

EVERY = 4
"""Weeks between one today and the next."""

COMPANIES = 40


def main() -> None:
    for name, histories in {
        "real": [*real()] if HISTORY.is_dir() else [],
        "growing": [company(seed, joining=1.6) for seed in range(COMPANIES)],
        "shrinking": [company(seed, joining=0.7) for seed in range(COMPANIES)],
    }.items():
        for ahead in AHEAD:
            if histories:
                print(f"{name:9} {ahead:2} weeks ahead: {judged(histories, ahead)}", flush=True)


def judged(histories: list[list[Wanted]], ahead: int) -> str:
    covered, errors, as_today, out = [], [], [], []
    for history in histories:
        weekly = by_week(history)
        for today in range(ahead, len(weekly) - ahead, EVERY):
            found = forecast(history_of(weekly[: today + 1]))
            if found is None or found.weeks < ahead:
                continue
            came = weekly[today + 1 : today + ahead + 1]
            low, high = found.after(ahead)
            covered.append(low <= came[-1] <= high)
            errors.append(abs(came[-1] - found.expected(ahead)))
            as_today.append(abs(came[-1] - found.wanted))
            purchased = found.wanted + max(1, found.wanted // 10)
            earliest, latest = (week or ahead + 1 for week in found.runs_out(purchased))
            week = next((at for at, count in enumerate(came, 1) if count > purchased), ahead + 1)
            out.append(min(earliest, ahead + 1) <= week <= min(latest, ahead + 1))
    return (
        f"{len(covered):,} forecasts, covered {fmean(covered):.0%}, "
        f"error {fmean(errors):.2f} (as today {fmean(as_today):.2f}), ran out {fmean(out):.0%}"
    )


def history_of(weekly: list[int]) -> list[Wanted]:
    start = date(2000, 1, 3)
    return [(start + timedelta(weeks=at), count) for at, count in enumerate(weekly)]


def real() -> Iterator[list[Wanted]]:
    """Per group the enabled members at each snapshot."""
    found: dict[str, list[Wanted]] = {}
    for path in sorted(HISTORY.glob("[0-9]*.json")):
        content = json.loads(path.read_text())
        day = date.fromisoformat(path.stem[4:14])  # 017-2021-03-01-7e3f….json
        enabled = {user["id"] for user in content["users"] if user["accountEnabled"]}
        for group in content["groups"]:
            size = len(enabled.intersection(group["members"]))
            found.setdefault(group["displayName"], []).append((day, size))
    for history in found.values():
        if max(size for _, size in history) >= SMALLEST:
            yield history


def company(seed: int, joining: float) -> list[Wanted]:
    """Two years of a company: so many join for each who leaves, by chance."""
    chance = np.random.default_rng(seed)
    people, weekly = int(chance.integers(50, 500)), []
    for _ in range(104):
        weekly.append(people)
        leaving = int(chance.binomial(people, 0.01))
        people += int(chance.poisson(0.01 * joining * people)) - leaving
    return history_of(weekly)


if __name__ == "__main__":
    main()
