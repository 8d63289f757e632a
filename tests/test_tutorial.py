"""The tutorials: every command of them is run, and prints what stands there."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobs.cli.main import main
from support.shown_commands import Ids, Shown, files, session

DOCS = Path(__file__).parents[1] / "docs"
TUTORIAL = (DOCS / "tutorial.md").read_text()
THREE_NIGHTS = (DOCS / "tutorial-operator.md").read_text()
PROGRAM = "from jobs.cli.main import main; main()"

SAID = re.compile(r"(Enter|The (tenant|vendor|groups):|What you bought|ZoomInfo takes|Whom).*")
"""Lines of an interview with a colon that ask for nothing."""


def test_the_tutorial_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in files(TUTORIAL).items():
        (tmp_path / name).write_text(content)
    ids = Ids()
    serve, *steps = session(TUTORIAL)
    with served(serve) as said:
        assert ids.match(serve.printed, said)
        follow(steps, ids)


def test_three_nights_are_as_they_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("jobs.cli.init_command.at_a_terminal", lambda: True)
    serve = next(session(THREE_NIGHTS))
    with served(serve) as said:
        text = with_addresses(THREE_NIGHTS, serve.printed, said)
        set_up, nights = text.split("```yaml title=", 1)
        (portal,) = re.findall(r"export SEATSYNC_SANDBOX_PORTAL=(\S+)", set_up)
        monkeypatch.setenv("SEATSYNC_SANDBOX_PORTAL", portal)
        ids = Ids()
        follow([*session(set_up)][1:], ids)
        with (tmp_path / "seatsync.yaml").open("a") as file:
            file.write(files(THREE_NIGHTS)["seatsync.yaml"])
        follow(session(nights.partition("```\n")[2]), ids)


@contextmanager
def served(serve: Shown) -> Iterator[str]:
    """The second terminal: what it has said when everything is there."""
    arguments = [sys.executable, "-c", PROGRAM, *serve.words]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as sandbox:
        try:
            assert sandbox.stdout
            said = ""
            while "Configuration:" not in said:
                said += sandbox.stdout.readline()
            yield said
        finally:
            sandbox.terminate()


def follow(steps: Iterable[Shown], ids: Ids) -> None:
    """Each prints what stands there, whoever is asked something answering as it stands there."""
    for step in steps:
        words = ids.in_command(step.words)
        if step.program == "seatsync":
            typed = "".join(f"{line}\n" for line in answers(step.printed))
            output = CliRunner().invoke(main, words, input=typed).output
        else:
            output = subprocess.run(
                [step.program, *words], capture_output=True, text=True, check=False
            ).stdout
        printed = "\n".join(line.rstrip() for line in output.splitlines())
        assert ids.match(step.printed, printed), (step, output)


def answers(printed: str) -> list[str]:
    """What somebody types into an interview, by its picture."""
    asked = [line for line in printed.splitlines() if ":" in line and not SAID.fullmatch(line)]
    return ["" if line.endswith(":") else line.rpartition(": ")[2] for line in asked]


def with_addresses(text: str, printed: str, said: str) -> str:
    """With the addresses of this run in the place of those that are shown."""
    address = re.compile(r"127\.0\.0\.1:\d+")
    for shown, real in zip(address.findall(printed), address.findall(said), strict=True):
        text = text.replace(shown, real)
    return text
