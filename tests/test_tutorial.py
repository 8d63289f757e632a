"""docs/tutorial.md: every command of it is run, and prints what stands there."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobs.cli.main import main
from support.shown_commands import Ids, files, session

TUTORIAL = (Path(__file__).parents[1] / "docs" / "tutorial.md").read_text()
PROGRAM = "from jobs.cli.main import main; main()"


def test_the_tutorial_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in files(TUTORIAL).items():
        (tmp_path / name).write_text(content)
    ids = Ids()
    serve, *steps = session(TUTORIAL)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *serve.words], stdout=subprocess.PIPE, text=True
    ) as sandbox:
        try:
            assert sandbox.stdout
            said = ""
            while "Configuration:" not in said:
                said += sandbox.stdout.readline()
            assert ids.match(serve.printed, said)
            for step in steps:
                ran = CliRunner().invoke(main, ids.in_command(step.words))
                assert ids.match(step.printed, ran.output), (step, ran.output)
        finally:
            sandbox.terminate()
