"""The audit trail and purging, as whoever keeps the store meets them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import create_engine, text

from jobs.approval.identity import whoami
from jobs.demo.company import last_week, today
from support.counterparts.databases import postgresql
from support.scenarios.company import Company

MONTH = timedelta(days=30)


@pytest.fixture
def trail(company: Company) -> Path:
    """A plan was refused, approved and applied; then a checkpoint was put away."""
    company.run("plan")
    company.run("apply latest")
    company.let_pass("--reason", "checked", "--by", "Eva Approver")
    company.run("apply latest")
    kept = company.folder / "kept.jsonl"
    kept.write_text(company.run("audit checkpoint").stdout)
    return kept


def test_who_approved_and_what_was_done_is_on_record(company: Company, trail: Path) -> None:
    rows = list(reversed(company.json("audit list", "--limit", "1000")))
    assert [row["event"] for row in rows[:4]] == ["plan", "refusal", "approval", "apply"]
    assert {row["event"] for row in rows[4:]} == {"operation"}
    assert len(rows) == 4 + 105
    assert len({row["facts"]["digest"] for row in rows}) == 1
    assert rows[1]["facts"]["codes"] == ["P7"]
    who = whoami()
    said = rows[2]["who_and_why"]
    assert (said["account"], said["host"]) == (who.account, who.host)
    assert (said["remark"], said["reason"]) == ("Eva Approver", "checked")
    assert rows[-1]["facts"]["result"] == "done"
    assert "... and 89 more; a higher --limit shows them" in company.run("audit list").stdout
    whole = company.run("audit verify", "--checkpoint", str(trail))
    assert whole.exit_code == 0
    assert whole.stdout == (
        "The audit trail is whole: 109 records, 1 checkpoints agree. "
        "Plans, approvals and journal are as it says.\n"
    )


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit SET personal = replace(personal, 'Eva', 'Bob')", "the names in record 3"),
        ("UPDATE audit SET facts = replace(facts, 'done', 'failed')", "record 5 was changed"),
        ("DELETE FROM audit WHERE number = 2", "record 2 is missing"),
        ("DELETE FROM audit WHERE number > 90", "19 records of the checkpoint of"),
    ],
)
def test_meddling_shows(company: Company, trail: Path, statement: str, said: str) -> None:
    engine = create_engine(f"sqlite:///{company.folder / 'seatsync.db'}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    verified = company.run("audit verify", "--checkpoint", str(trail))
    assert verified.exit_code == 1
    assert f"The audit trail is not whole: {said}" in verified.stderr


def test_what_is_no_checkpoint_is_refused(company: Company) -> None:
    for content in ("{}", "[]", "x", '{"store": "a", "count": "n", "head": "", "at": "1"}'):
        (company.folder / "kept").write_text(content)
        refused = company.run("audit verify", "--checkpoint", str(company.folder / "kept"))
        assert refused.exit_code == 64
        assert "expected lines of `seatsync audit checkpoint`" in refused.stderr


def names(company: Company) -> set[str]:
    """Whatever names a person: in the directory, at the approval, and in the vendor's answers."""
    tenants = (last_week(), today())
    people = [user for tenant in tenants for user in tenant["users"]]
    found = {str(user.get(key)) for user in people for key in ("userPrincipalName", "mail")}
    return (found | {"Eva Approver", "checked with"}) - {"None"}


def found_in_files(company: Company) -> set[str]:
    """Those names that are in any byte of the store's files and the reports."""
    files = [*company.folder.glob("seatsync.db*"), *(company.folder / "reports").rglob("*")]
    content = b"".join(path.read_bytes() for path in files if path.is_file())
    return {name for name in names(company) if name.encode() in content}


def work(company: Company) -> None:
    """Two plans approved and applied, and one that waits."""
    company.settle()
    company.run("plan")
    company.let_pass("--reason", "checked with sales", "--by", "Eva Approver")
    company.run("apply latest")
    company.run("plan")


def test_after_a_purge_no_name_is_left_in_any_file(company: Company) -> None:
    work(company)
    assert len(found_in_files(company)) > 50
    kept = company.folder / "kept.jsonl"
    kept.write_text(company.run("audit checkpoint").stdout)
    with time_machine.travel(datetime.now(UTC) + MONTH):
        day = f"{datetime.now(UTC) - timedelta(days=8):%Y-%m-%d}"
        purged = company.run("purge", "--before", day)
        assert purged.exit_code == 0, purged.output
        assert purged.stdout == f"Purged 3 plans of before {day}.\n"
        assert found_in_files(company) == set()
        assert company.run("audit verify", "--checkpoint", str(kept)).exit_code == 0
        assert "was purged" in company.run("show latest").stderr
        assert company.run("history").exit_code == 0
        assert company.run("purge", "--before", day).exit_code == 0


def test_a_purge_leaves_later_runs_nothing_to_do(company: Company) -> None:
    work(company)
    planned = company.json("plan")["operations"]
    day = f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}"
    with time_machine.travel(datetime.now(UTC) + MONTH):
        assert company.run("purge", "--before", day).exit_code == 0
    assert company.json("plan")["operations"] == planned


def test_the_last_week_is_kept(company: Company) -> None:
    today_ = f"{datetime.now(UTC):%Y-%m-%d}"
    refused = company.run("purge", "--before", today_)
    assert refused.exit_code == 64
    assert "max_week_revoke_percent" in refused.stderr


def test_a_purge_on_postgresql(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgresql() as url:
        monkeypatch.setenv("STORE", url)
        company.configure(store="env:STORE")
        work(company)
        with time_machine.travel(datetime.now(UTC) + MONTH):
            day = f"{datetime.now(UTC) - timedelta(days=8):%Y-%m-%d}"
            purged = company.run("purge", "--before", day)
            assert purged.exit_code == 0, purged.output
            assert company.run("audit verify").exit_code == 0
