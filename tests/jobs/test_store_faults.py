"""What an administrator meets when the store is full, read-only, damaged, newer, or a week old."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine, text

from connectors.store.database import open_database
from connectors.store.errors import StoreError
from support.faults.seatsync_process import SeatsyncProcesses
from support.scenarios.company import Company

NOBODY = 65534


def told(company: Company, why: str, *, command: str = "plan") -> None:
    before = len(company.sandbox.vendor_ledger.requests)
    failed = company.run(command)
    assert failed.exit_code == 1, failed.output
    assert failed.stderr.startswith("R14: The store cannot be used: ")
    assert why in failed.stderr
    assert "no seat is lost" in failed.stderr
    assert len(company.sandbox.vendor_ledger.requests) == before


def test_a_file_that_is_no_store(company: Company) -> None:
    (company.folder / "seatsync.db").write_bytes(b"notes " * 1000)
    for command in ("plan", "run", "show", "history", "apply latest", "audit verify"):
        told(company, "file is not a database", command=command)


def test_a_damaged_store(planned: Company) -> None:
    store = planned.folder / "seatsync.db"
    whole = store.read_bytes()
    store.write_bytes(whole[:8192] + b"\xa5" * 4096 + whole[12288:])
    told(planned, "damaged")
    store.write_bytes(whole)
    assert planned.run("plan").exit_code == 2


def test_a_store_of_a_newer_seatsync(planned: Company) -> None:
    engine = create_engine(f"sqlite:///{planned.folder / 'seatsync.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    told(planned, "a newer seatsync made it; update this one")


def test_a_store_that_fails_while_the_vendor_is_read_is_no_fault_of_the_vendor(
    planned: Company,
) -> None:
    engine = create_engine(f"sqlite:///{planned.folder / 'seatsync.db'}")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE capabilities"))
    engine.dispose()
    told(planned, "capabilities")


def test_r14_a_disk_that_is_full(planned: Company, processes: SeatsyncProcesses) -> None:
    before = planned.run("show").stdout
    size = (planned.folder / "seatsync.db").stat().st_size
    full = ("support.faults.process_faults", "no_file_grows", size // 4)
    failed = processes.run(planned.config, "plan", fault=full)
    assert failed.code == 1, failed.errors
    assert "R14: The store cannot be used" in failed.errors
    assert "Traceback" not in failed.errors
    assert planned.run("show").stdout == before
    assert planned.run("plan").exit_code == 2


def test_a_store_that_may_not_be_written() -> None:
    """As root everything may be written, so there the test is nobody for a moment."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        store = Path(folder) / "store.db"
        store.touch(mode=0o444)
        me = os.geteuid()
        os.seteuid(NOBODY if me == 0 else me)
        try:
            with pytest.raises(StoreError, match=r"opening the store .*: Permission denied"):
                open_database(f"sqlite:///{store}")
        finally:
            os.seteuid(me)


@pytest.fixture
def backup(settled: Company) -> bytes:
    """Of last week: everybody has a seat, and this week's changes are approved and not done."""
    settled.run("plan")
    settled.let_pass("--reason", "r")
    return (settled.folder / "seatsync.db").read_bytes()


def test_a_restored_backup_makes_the_plan_that_the_lost_store_would(
    settled: Company, backup: bytes
) -> None:
    assert settled.run("apply latest").exit_code == 0
    tenant = settled.sandbox.tenant
    tenant.groups = {
        key: {**group, "members": group["members"][1:]} for key, group in tenant.groups.items()
    }
    expected = settled.json("plan")
    (settled.folder / "seatsync.db").write_bytes(backup)
    restored = settled.json("plan")
    for part in ("operations", "seats"):
        assert restored[part] == expected[part]
    (settled.folder / "seatsync.db").unlink()
    settled.adopt()
    assert settled.json("plan")["operations"] == expected["operations"]


def test_a_restored_backup_does_nothing_twice(settled: Company, backup: bytes) -> None:
    """The backup holds an approved plan that was applied since, and does not know it."""
    assert settled.run("apply latest").exit_code == 0
    kept = settled.folder / "kept"
    kept.write_text(settled.run("audit checkpoint").stdout)
    before = settled.writes
    (settled.folder / "seatsync.db").write_bytes(backup)
    held = settled.run("apply latest")
    assert held.exit_code == 3
    assert "P3" in held.stderr
    assert settled.writes == before
    verified = settled.run("audit verify", "--checkpoint", str(kept))
    assert verified.exit_code == 1
    assert "are gone" in verified.stderr
