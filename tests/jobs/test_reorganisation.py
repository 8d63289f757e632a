"""Plan, approve, apply, and the next plan is empty: also where the configuration changes.

The real program against both servers. `SEATSYNC_DAYS=200 SEATSYNC_SEED=7` lives longer, and another
life.
"""

import os
from pathlib import Path

import pytest

from support.scenarios.reorganisation import MEMBERSHIPS, Reorganisation

ROUNDS = int(os.environ.get("SEATSYNC_DAYS", "2"))
SEED = int(os.environ.get("SEATSYNC_SEED", "1"))


def carry_out(company: Reorganisation, *, changing: bool = False) -> str:
    """Plans, lets it pass whatever guard objects, applies it; changes something in between."""
    planned = company.run("plan")
    shown = company.json("show")
    if not shown["operations"]:
        return planned.stderr
    blocked = [v["code"] for v in shown["verdicts"] if v["outcome"] == "blocked"]
    named = [part for code in blocked for part in ("--override", code)]
    approved = company.let_pass("--reason", "meant", *named)
    assert approved.exit_code == 0, approved.output
    if changing:
        company.rng.choice([company.buy_or_cut, company.move, company.leave, company.block])()
        seats = company.folder / "seats.csv"
        rows = [f"{name},{count}" for name, count in company.sandbox.portal.seats.items()]
        seats.write_text("\n".join(["product,purchased", *rows]))
    applied = company.run("apply latest")
    return f"exit {applied.exit_code}: {applied.output}"


@pytest.mark.parametrize("membership", list(MEMBERSHIPS))
def test_i39_what_was_carried_out_leaves_nothing_to_do(tmp_path: Path, membership: str) -> None:
    company = Reorganisation(tmp_path, membership, SEED)
    with company.sandbox:
        company.write()
        carry_out(company)
        for at in range(ROUNDS):
            events = company.change(company.rng.choice([1, 2, 3]))
            if company.rng.random() < 0.3:
                carry_out(company, changing=True)
            said = carry_out(company)
            company.run("plan")
            left = company.json("show")["operations"]
            assert left == [], f"round {at}, after {', '.join(events)}: {said}"
