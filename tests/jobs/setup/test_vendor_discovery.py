"""What the vendor has, and what of it nobody asked for: read over HTTP, and nothing written."""

import csv
from io import StringIO

from support.scenarios.company import Company
from support.scenarios.vendor_by_hand import make_account


def of_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_drift_ends_with_a_code_of_its_own_and_writes_nothing(settled: Company) -> None:
    none = settled.run("drift")
    assert (none.exit_code, none.stdout) == (
        0,
        "No drift: whatever the vendor has, Entra ID asks for, or it was put there from here.\n",
    )
    assert 'Not known is who should be in "ZoomInfo Admins"' in none.stderr
    account, writes, plan = make_account(settled), settled.writes, settled.json("show")["id"]
    assert settled.run("drift").exit_code == 6
    (row,) = of_csv(settled.run("drift", "--csv").stdout)
    assert (row["what"], row["who"], row["account"]) == (
        "account",
        "'=made@elsewhere.example",
        account,
    )
    assert settled.writes == writes
    assert settled.json("show")["id"] == plan
    assert settled.json("status")["exit_code"] == 0


def test_discover_lists_every_account_and_counts_what_they_are(settled: Company) -> None:
    account, writes = make_account(settled), settled.writes
    listed = settled.run("discover")
    assert listed.exit_code == 0
    assert listed.stdout.splitlines()[-1] == "1 orphan, 50 managed"
    rows = of_csv(settled.run("discover", "--csv").stdout)
    assert len(rows) == 51
    assert (rows[0]["account"], rows[0]["standing"]) == (account, "orphan")
    assert rows[0]["user_name"] == "'=made@elsewhere.example"
    assert {row["by"] for row in rows[1:]} == {"externalId"}
    assert settled.writes == writes
