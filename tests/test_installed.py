"""The built wheel, installed where nothing else is: the program has all that it needs with it."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from support.machine_authorities import environment_with_them

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
MINIMAL = {"PATH": os.defpath, "HOME": os.environ.get("HOME", "/"), "COLUMNS": "200"}
"""No variable of the checkout's environment reaches the program."""


def run(*arguments: str | Path, **options: object) -> str:
    ended = subprocess.run(list(arguments), capture_output=True, text=True, check=False, **options)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by way of the source distribution, so that this one is whole, too."""
    folder = tmp_path_factory.mktemp("dist")
    run(
        UV, "build", "--quiet", "--no-build-isolation", "--python", sys.executable,
        "--out-dir", folder, ROOT,
    )  # fmt: skip
    (built,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    assert built.name == f"{source.name.removesuffix('.tar.gz')}-py3-none-any.whl"
    return built


def test_the_wheel_holds_the_four_packages_and_no_tests(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"config", "connectors", "jobs", "reconciler"}
    assert {f"{top}/py.typed" for top in tops} <= set(names)


def test_the_demo_runs_from_an_empty_folder_with_the_wheel_alone(
    wheel: Path, tmp_path: Path
) -> None:
    python, empty = tmp_path / "environment", tmp_path / "empty"
    empty.mkdir()
    run(UV, "venv", "--quiet", "--python", sys.executable, python)
    run(
        UV, "pip", "install", "--quiet", "--python", python,
        "--constraint", ROOT / "requirements.lock", f"seatsync[demo] @ {wheel.as_uri()}",
        env=environment_with_them(),
    )  # fmt: skip
    said = run(python / "bin" / "seatsync", "demo", cwd=empty, env=MINIMAL)
    assert "Nothing to do now" in said
    assert (empty / "demo" / "seatsync.yaml").is_file()
