"""What a shell offers: commands and options, and what the store has, asked of nobody."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from jobs.cli.completion import SHELLS
from jobs.cli.main import main
from support.scenarios.company import Company

BASH = which("bash")


def offered(*typed: str, begun: str = "") -> list[str]:
    shell = ShellComplete(main, {}, "seatsync", "_SEATSYNC_COMPLETE")
    return [item.value for item in shell.get_completions([*typed], begun)]


def script(shell: str) -> str:
    return CliRunner().invoke(main, ["completion", shell]).stdout


def test_commands_options_and_codes_are_offered() -> None:
    assert offered(begun="a") == ["approve", "apply", "audit"]
    assert offered("plan", begun="--gr") == ["--grants-only"]
    assert {"R9", "R19"} <= {*offered("explain", begun="r")}
    assert {"R9"} <= {*offered("approve", "8f2", "--override")}
    assert "U1" not in offered("approve", "8f2", "--override")


def test_plans_runs_and_names_are_offered(company: Company) -> None:
    plans = [company.run("plan -q").stdout.strip() for _ in range(2)]
    config = ("--config", str(company.config))
    assert offered("show", *config) == ["latest", *reversed(plans)]
    assert offered(*config, "apply", begun=plans[0][:6]) == [plans[0]]
    assert offered(*config, "undo") == ["latest", *reversed(plans)]
    name = company.json("show")["operations"][-1]["subject"]["name"]
    for command in ("explain", "reconcile"):
        assert offered(*config, command, begun=name.upper()) == [name]


@pytest.mark.parametrize("content", ["", "store: postgresql://nowhere.invalid/x", None])
def test_what_cannot_be_read_offers_nothing(tmp_path: Path, content: str | None) -> None:
    config = tmp_path / "seatsync.yaml"
    if content is not None:
        config.write_text(content)
    assert offered("--config", str(config), "show") == ["latest"]
    assert [*tmp_path.iterdir()] == ([config] if content is not None else [])


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_its_script(shell: str) -> None:
    assert f"_SEATSYNC_COMPLETE={shell}_complete" in script(shell)


@pytest.mark.skipif(not BASH, reason="there is no bash")
def test_a_real_bash_completes(tmp_path: Path) -> None:
    (tmp_path / "script").write_text(script("bash"))
    asked = (
        f"source {tmp_path / 'script'}; COMP_WORDS=(seatsync audit v); COMP_CWORD=2; "
        '_seatsync_completion seatsync; echo "${COMPREPLY[@]}"'
    )
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    told = subprocess.run(
        [str(BASH), "-c", asked], env={"PATH": search}, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["verify"]
