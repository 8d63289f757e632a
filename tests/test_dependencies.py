"""pyproject.toml declares what is imported, with bounds; docs/licences.md tells its licences."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import files, packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from jobs.cli.errors import OF_DEMO, OF_FLEET
from support.licences import table

ROOT = Path(__file__).parents[1]
OURS = ("config", "connectors", "jobs", "reconciler")
SANDBOX = ("connectors/sandbox/", "jobs/demo/demo.py", "jobs/demo/sandbox.py")

OPTIONAL = {
    "fleet": "connectors/job_queue.py",
    "keyring": "connectors/secrets/keyring_entry.py",
    "keyvault": "connectors/secrets/key_vault.py",
    "vault": "connectors/secrets/hashicorp_vault.py",
    "otel": "connectors/watching/telemetry.py",
}
"""What alone imports the packages of an extra."""

LOADED_BY_NAME = {"psycopg", "sniffio", "tzdata"}
"""By SQLAlchemy, from the store's address; by httpcore; by zoneinfo, without the system's zones."""

NOT_ALWAYS_INSTALLED = {
    # On Windows alone.
    **dict.fromkeys(
        ("pywintypes", "win32api", "win32con", "win32file", "win32security"), "pywin32"
    ),
    # A part of the standard library from 3.14 on.
    **dict.fromkeys(("backports", "compression"), "backports-zstd"),
}
"""The distribution of a module."""

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]


def names(requirements: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def modules(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def distributions(product: Iterable[Path]) -> set[str]:
    """Those that these files import."""
    found = {name for file in product for name in modules(file)}
    ours = {*OURS, *sys.stdlib_module_names}
    return {distribution_of(name) for name in found if name.partition(".")[0] not in ours}


@cache
def providers() -> dict[str, list[str]]:
    """The distributions that have a part of a top level module."""
    here = dict(packages_distributions())
    return here | {module: [name] for module, name in NOT_ALWAYS_INSTALLED.items()}


def distribution_of(module: str) -> str:
    """Of those that share a namespace, such as azure's, the one that has the longest part of it."""
    parts = module.split(".")
    sharing = providers()[parts[0]]
    if len(sharing) > 1:
        for length in range(len(parts), 1, -1):
            folder = "/".join(parts[:length])
            having = {name for name in sharing if has(name, folder)}
            if len(having) == 1:
                return canonicalize_name(having.pop())
    return canonicalize_name(sharing[0])


def has(distribution: str, folder: str) -> bool:
    return any(str(file).startswith((f"{folder}.py", f"{folder}/")) for file in files(distribution))


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    needed = names(PROJECT["dependencies"])
    product = {file for package in OURS for file in (ROOT / package).rglob("*.py")}
    sandbox = {file for file in product if str(file.relative_to(ROOT)).startswith(SANDBOX)}
    optional = {extra: ROOT / file for extra, file in OPTIONAL.items()}
    always = product - sandbox - {*optional.values()}
    assert distributions(always) | LOADED_BY_NAME == needed
    assert distributions(sandbox) - needed == names(EXTRAS["demo"])
    for extra, file in optional.items():
        assert distributions([file]) - needed == names(EXTRAS[extra])


@pytest.mark.parametrize("kind", ["dependencies", *EXTRAS])
def test_every_requirement_has_both_bounds(kind: str) -> None:
    for text in EXTRAS.get(kind, PROJECT["dependencies"]):
        assert {bound.operator for bound in Requirement(text).specifier} == {">=", "<"}, text


def test_every_package_of_a_lock_is_pinned_by_hash() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        pins = [
            line
            for line in lock.read_text().replace("\\\n", " ").splitlines()
            if not line.lstrip().startswith("#")
        ]
        assert pins
        assert all("==" in pin and "--hash=sha256:" in pin and "://" not in pin for pin in pins)


def test_the_npm_server_is_locked_by_hash() -> None:
    lock = json.loads((ROOT / "tests/support/counterparts/scimmy/package-lock.json").read_text())
    packages = [package for place, package in lock["packages"].items() if place]
    assert packages
    assert all("integrity" in package and "resolved" not in package for package in packages)


@pytest.mark.parametrize(
    ("command", "missing", "extra"),
    [
        *(("demo", missing, "demo") for missing in sorted(OF_DEMO)),
        *(("fleet work", missing, "fleet") for missing in sorted(OF_FLEET)),
        *(("fleet schedule", missing, "fleet") for missing in sorted(OF_FLEET)),
    ],
)
def test_without_its_extra_a_command_says_what_to_install(
    command: str, missing: str, extra: str, tmp_path: Path
) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from jobs.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", program, *command.split()],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 1
    assert f"pip install 'seatsync[{extra}]'" in ended.stderr.decode()


def test_the_licences_are_told() -> None:
    assert (ROOT / "docs" / "licences.md").read_text() == table()


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        (["python3.11"], "python3.11"),
        (["python3.11", "python3.12", "python3.14", "python3.13"], "python3.14"),
        ([], "python3.11"),
    ],
)
def test_make_takes_the_newest_python_that_is_there(
    there: list[str], taken: str, tmp_path: Path
) -> None:
    for name in there:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o700)
    make, shell = shutil.which("make"), shutil.which("sh")
    assert make
    assert shell
    (tmp_path / "sh").symlink_to(shell)
    shown = subprocess.run(
        [make, "--dry-run", "--always-make", ".venv/ready"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    assert f"{taken} -m venv .venv\n" in shown.stdout.decode()


def test_the_lock_is_for_every_python_that_seatsync_runs_on() -> None:
    """What only some of them need is there with its condition; `make lock` resolves for all."""
    assert PROJECT["requires-python"] == ">=3.11,<3.15"
    lock = (ROOT / "requirements.lock").read_text()
    assert re.search(r"(?m)^\S+ ; python_full_version", lock)
