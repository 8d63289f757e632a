"""The audit trail and purging, as whoever keeps the store meets them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from click.testing import Result
from sqlalchemy import create_engine, text

from jobs.approval.os_user import whoami
from jobs.demo.company import last_week, today
from support.counterparts.databases import postgresql
from support.scenarios.company import Company

MONTH = timedelta(days=30)
CHECKPOINT = "kept.jsonl"


@pytest.fixture(scope="module")
def _audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    company = Company(tmp_path_factory.mktemp("audited"))
    with company.sandbox:
        company.configure()
        company.run("plan")
        company.run("apply latest")
        company.let_pass("--reason", "checked", "--by", "Eva Approver")
        company.run("apply latest")
        checkpoint = company.run("audit checkpoint").stdout
        (company.folder / CHECKPOINT).write_text(checkpoint)
        company.remember()
        yield company


@pytest.fixture
def audited(_audited: Company) -> Company:
    """A plan was refused, approved and applied; then a checkpoint was put away."""
    _audited.return_to_it()
    return _audited


def verified(company: Company) -> Result:
    return company.run("audit verify", "--checkpoint", str(company.folder / CHECKPOINT))


def test_who_approved_and_what_was_done_is_on_record(audited: Company) -> None:
    rows = list(reversed(audited.json("audit list")))
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
    newest = audited.run("audit list", "--limit", "20").stdout
    shown = "... 89 more; all of them: seatsync audit list --limit 109 --config"
    assert f"{shown} {audited.config}" in newest
    assert len(audited.run("audit list").stdout.splitlines()) == len(newest.splitlines()) - 1 + 89
    whole = verified(audited)
    assert whole.exit_code == 0
    assert whole.stdout == (
        "The audit trail is whole: 109 records; 1 checkpoint agrees. "
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
def test_meddling_shows(audited: Company, statement: str, said: str) -> None:
    engine = create_engine(f"sqlite:///{audited.folder / 'seatsync.db'}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    told = verified(audited)
    assert told.exit_code == 1
    assert f"The audit trail is not whole: {said}" in told.stderr


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
    """The next plan is approved and applied, and one waits."""
    company.run("plan")
    company.let_pass("--reason", "checked with sales", "--by", "Eva Approver")
    company.run("apply latest")
    company.run("plan")


def test_after_a_purge_no_name_is_left_in_any_file(settled: Company) -> None:
    work(settled)
    assert len(found_in_files(settled)) > 50
    (settled.folder / CHECKPOINT).write_text(settled.run("audit checkpoint").stdout)
    with time_machine.travel(datetime.now(UTC) + MONTH):
        day = f"{datetime.now(UTC) - timedelta(days=8):%Y-%m-%d}"
        purged = settled.run("purge", "--before", day)
        assert purged.exit_code == 0, purged.output
        assert purged.stdout == f"Purged 3 plans made before {day}.\n"
        assert found_in_files(settled) == set()
        assert verified(settled).exit_code == 0
        assert "was purged" in settled.run("show latest").stderr
        assert settled.run("history").exit_code == 0
        assert settled.run("purge", "--before", day).exit_code == 0
        run = next(run["run"] for run in settled.json("history") if run["kind"] == "apply")
        refused = settled.run("undo", run)
        assert (refused.exit_code, "it was purged" in refused.stderr) == (64, True)
        assert settled.run("plan").exit_code == 0
        assert verified(settled).exit_code == 0


def test_a_purge_leaves_later_runs_nothing_to_do(settled: Company) -> None:
    work(settled)
    planned = settled.json("plan")["operations"]
    day = f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}"
    with time_machine.travel(datetime.now(UTC) + MONTH):
        assert settled.run("purge", "--before", day).exit_code == 0
    assert settled.json("plan")["operations"] == planned


def test_a_nightly_run_purges_what_is_older_than_it_may_be_kept(settled: Company) -> None:
    """Once: the next night finds nothing that is older."""
    settled.configure(keep="8d")
    with time_machine.travel(datetime.now(UTC) + MONTH):
        for purged in (True, False):
            night = settled.run("run")
            assert night.exit_code == 2
            assert ("Purged 1 plan made before" in night.stderr) is purged
        assert len(list((settled.folder / "reports").iterdir())) == 2
        assert settled.run("audit verify").exit_code == 0


def test_a_restored_store_takes_nothing_without_a_person(settled: Company) -> None:
    """Who lost a seat since the copy, it does not know."""
    copy = str(settled.folder / "copy.db")
    assert settled.run("backup", copy).exit_code == 0
    assert settled.run("backup", copy).exit_code == 64
    settled.run("plan")
    assert settled.run("restore", copy).exit_code == 0
    held = settled.run("plan")
    assert held.exit_code == 3
    assert "R18" in held.stdout + held.stderr
    assert settled.run("vacuum").exit_code == 0
    assert settled.run("restore", "nowhere.db").exit_code == 64


def test_the_last_week_is_kept(company: Company) -> None:
    today_ = f"{datetime.now(UTC):%Y-%m-%d}"
    refused = company.run("purge", "--before", today_)
    assert refused.exit_code == 64
    assert "max_week_revoke_percent" in refused.stderr


def test_a_purge_on_postgresql(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgresql() as url:
        monkeypatch.setenv("STORE", url)
        company.configure(store="env:STORE")
        company.settle()
        work(company)
        with time_machine.travel(datetime.now(UTC) + MONTH):
            day = f"{datetime.now(UTC) - timedelta(days=8):%Y-%m-%d}"
            purged = company.run("purge", "--before", day)
            assert purged.exit_code == 0, purged.output
            assert company.run("audit verify").exit_code == 0
