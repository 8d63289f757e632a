"""The habits of vendors on the command line: they are listed, and a sandbox is served with them."""

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from connectors.sandbox.habits.registry import HABITS
from jobs.cli.main import main

EMPTY = {"users": [], "groups": []}


def sandbox(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["sandbox", *arguments])


def test_habits_are_listed_with_what_they_imitate_and_where_that_was_seen() -> None:
    listed = json.loads(sandbox("habits", "--json").stdout)
    assert [one["habit"] for one in listed] == list(HABITS)
    assert set(listed[0]) == {"habit", "imitates", "source", "seatsync"}
    assert "cursor-pages" in sandbox("habits").stdout


def test_a_habit_that_is_not_known_is_wrong_usage(tmp_path: Path) -> None:
    tenant = tmp_path / "tenant.json"
    tenant.write_text(json.dumps(EMPTY))
    refused = sandbox("serve", "--tenant", str(tenant), "--vendor-habit", "cursr-pages")
    assert refused.exit_code == 64
    assert 'did you mean "cursor-pages"?' in refused.stderr


def test_the_vendor_that_is_served_has_the_habits_that_are_named(tmp_path: Path) -> None:
    tenant = tmp_path / "tenant.json"
    tenant.write_text(json.dumps(EMPTY))
    program = Path(sys.executable).with_name("seatsync")
    habits = ["--vendor-habit", "no-patch", "--vendor-habit", "cursor-pages"]
    with subprocess.Popen(
        [program, "sandbox", "serve", "--tenant", tenant, *habits],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONUNBUFFERED": "1"},
    ) as served:
        try:
            assert served.stdout
            lines = [served.stdout.readline() for _ in range(2)]
        finally:
            served.kill()
    assert [line.strip() for line in lines] == [
        f"A habit of the vendor: {HABITS[name]().imitates} ({name})"
        for name in ("no-patch", "cursor-pages")
    ]
