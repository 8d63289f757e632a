"""One user is brought in step at once, and for everybody else nothing is different."""

import os
import pty
import re
import subprocess
import sys

import pytest

from config.load import load
from connectors.store.completion_names import plan_ids
from connectors.store.database import open_database
from jobs.output.failures import UserNotFound
from jobs.reconcile_user import the_user
from reconciler.columns.frames import digest
from support.scenarios.company import Company
from support.worlds.world import World, guid

LEAVER, JOINER, LAST_IN_THE_QUEUE = (
    f"{name}@harbour.example" for name in ("ben.abel", "tara.costa", "mona.costa")
)


def remembered(company: Company) -> dict[str, object]:
    """What the store knows for the next plan for everybody."""
    store = open_database(load(company.config).store)
    with store.transaction() as tx:
        memory = vars(tx.memory.load())
    store.close()
    return {
        name: digest(value) if hasattr(value, "columns") else value
        for name, value in memory.items()
    }


def test_it_is_applied_and_the_next_plan_knows_what_it_knew_and_has_the_rest(
    settled: Company,
) -> None:
    """Numbers and waits are counted in plans for everybody, of which it is none."""
    settled.run("plan")
    plan, known = settled.json("show"), remembered(settled)
    done = settled.run("reconcile", LEAVER, "--yes")
    assert done.exit_code == 0
    assert f"1 person loses a seat, by a plan for {LEAVER} alone" in done.stdout
    assert "2 done." in done.stdout
    assert remembered(settled) == known
    assert settled.json("show") == plan
    assert settled.run("audit verify").exit_code == 0
    settled.run("plan")
    before, after = (
        {row["subject"]["name"] for row in rows["operations"]}
        for rows in (plan, settled.json("show"))
    )
    assert before - after == {LEAVER}
    assert after < before


def test_without_a_yes_it_waits_like_any_plan_and_can_be_undone(settled: Company) -> None:
    settled.run("plan")
    writes = settled.writes
    waits = settled.run("reconcile", JOINER)
    assert waits.exit_code == 2
    made = waits.stderr.partition("seatsync approve ")[2].split()[0]
    assert settled.writes == writes
    assert plan_ids(load(settled.config).store)[0][0] == made  # as a shell completes it
    assert "; waits for review until" in settled.run("show", made).stdout.splitlines()[0]
    assert settled.run("approve", made, "--reason", "checked").exit_code == 0
    assert settled.run("apply", made).exit_code == 0
    assert "applied" in settled.run("show", made).stdout.splitlines()[0]
    undone = settled.run("undo latest")
    assert undone.exit_code == 2
    assert "1 person loses a seat" in undone.stdout


def test_on_a_terminal_it_is_shown_and_done_once_somebody_agrees(settled: Company) -> None:
    keyboard, ours = pty.openpty()
    os.write(keyboard, b"y\n")
    program = "from jobs.cli.main import main; main()"
    asked = subprocess.run(
        [sys.executable, "-c", program, "reconcile", JOINER, "--config", str(settled.config)],
        stdin=ours,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(ours)
    os.close(keyboard)
    assert asked.returncode == 0, asked.stderr
    shown, _, done = asked.stdout.partition("Do this now? [y/N]: ")
    assert f"by a plan for {JOINER} alone" in shown
    assert "2 done." in done


def test_where_others_have_to_agree_it_waits_for_them(settled: Company) -> None:
    settled.configure(policy={"approvals": 2})
    settled.run("plan")
    writes = settled.writes
    waits = settled.run("reconcile", JOINER, "--yes")
    assert waits.exit_code == 2
    assert "Your word is not enough: policy.approvals is 2. Next: " in waits.stderr
    assert settled.writes == writes


def test_what_a_guard_objects_to_is_not_done(settled: Company) -> None:
    settled.configure(policy={"max_revokes": 0, "max_revoke_percent": 0})
    settled.run("plan")
    writes = settled.writes
    stopped = settled.run("reconcile", LEAVER, "--yes")
    assert stopped.exit_code == 3
    assert "mass revocation (R9)" in stopped.stdout
    assert settled.writes == writes


def test_whoever_is_behind_others_waits_as_well(settled: Company) -> None:
    settled.run("plan")
    others = settled.run("reconcile", LAST_IN_THE_QUEUE, "--yes")
    assert others.exit_code == 2
    assert "(P20)" in others.stdout
    settled.configure(seats={"Sales": 33, "Marketing": 22, "Talent": 6})
    queued = settled.run("reconcile", LAST_IN_THE_QUEUE, "--yes")
    assert queued.exit_code == 0
    assert f'{LAST_IN_THE_QUEUE} waits for "Sales Team": Sales not free; place ' in queued.stderr
    assert "in the queue, behind " in queued.stderr


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("anna@example.org", "Similar: ana@example.org"),
        ("nick@example.org", f"(object id {guid('eva')}); nick@example.org (object id "),
    ],
)
def test_a_name_that_is_nobodys_or_several_users_is_refused(text: str, why: str) -> None:
    world = World()
    world.person("ana", "Sales Team")
    world.person("nick", "Sales Team")
    world.person("eva", "Sales Team", mail="nick@example.org")
    with pytest.raises(UserNotFound, match=re.escape(why)):
        the_user(world.evaluation(), text)


def test_a_store_without_a_plan_makes_none_for_one_user(company: Company) -> None:
    told = company.run("reconcile", JOINER)
    assert told.exit_code == 64
    assert "run `seatsync plan` first" in told.stderr


def test_a_name_that_is_nobodys_says_nothing_of_how_things_stand(settled: Company) -> None:
    assert settled.run("reconcile", "nobody@harbour.example").exit_code == 64
    assert settled.run("status").exit_code == 0
