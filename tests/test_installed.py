"""The built wheel, installed where nothing else is: the program has all that it needs with it."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from support.machine_authorities import environment_with_them
from support.shown_commands import scripts

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
    folder = tmp_path_factory.mktemp("checkout") / "dist"
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


def test_installed_as_the_tutorial_says_it_runs_the_demo_from_an_empty_folder(
    wheel: Path, tmp_path: Path
) -> None:
    programs, empty = tmp_path / "bin", tmp_path / "operator"
    programs.mkdir()
    (programs / UV.name).symlink_to(UV)
    path = f"{programs}:{os.defpath}"
    uv = {
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_TOOL_BIN_DIR": str(programs),
        "UV_PYTHON": sys.executable,
        "UV_CONSTRAINT": str(ROOT / "requirements.lock"),
    }
    install, *_ = scripts((ROOT / "docs" / "tutorial-operator.md").read_text())
    run(
        "bash", "-euc", install.replace("/tmp/operator", str(empty)),  # noqa: S108 - it says so
        cwd=wheel.parents[1], env=environment_with_them() | uv | {"PATH": path},
    )  # fmt: skip
    said = run(programs / "seatsync", "demo", cwd=empty, env=MINIMAL)
    assert "Nothing to do now" in said
    assert (empty / "demo" / "seatsync.yaml").is_file()
