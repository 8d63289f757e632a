"""What docs/deploy holds, read by the tools that would run it, as far as they are here."""

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.secret_reference import SecretReference

DEPLOY = Path(__file__).parents[1] / "docs" / "deploy"
SCRIPTS = Path(sysconfig.get_path("scripts"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_service_of_systemd_is_closed_to_what_it_does_not_need(tmp_path: Path) -> None:
    """systemd's own measure: 0 is closed, 10 is open; everything from 5 on is called medium."""
    unit = shutil.copy(DEPLOY / "seatsync@.service", tmp_path)
    told = _said("systemd-analyze", "security", "--offline=true", unit)
    (exposure,) = re.findall(r"exposure level for \S+: ([\d.]+)", told)
    assert float(exposure) <= 2.0


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize("kind", ["service", "timer"])
def test_systemd_understands_every_line_of_a_unit(tmp_path: Path, kind: str) -> None:
    """But for the program, which is not installed here."""
    service = (DEPLOY / "seatsync@.service").read_text()
    (tmp_path / "seatsync@one.service").write_text(
        re.sub("ExecStart=.*", f"ExecStart={shutil.which('true')}", service)
    )
    shutil.copy(DEPLOY / "seatsync@.timer", tmp_path / "seatsync@one.timer")
    assert _said("systemd-analyze", "verify", tmp_path / f"seatsync@one.{kind}") == ""


def test_the_services_credentials_are_ones_that_a_configuration_can_name() -> None:
    service = (DEPLOY / "seatsync@.service").read_text()
    for name in re.findall(r"^LoadCredential=([^:]+):", service, re.MULTILINE):
        reference = f"cred:{name}"
        assert str(SecretReference.parse(reference)) == reference
        assert reference in service


def test_kubernetes_knows_every_field_of_the_manifests() -> None:
    told = _said(SCRIPTS / "kubernetes-validate", "--strict", DEPLOY / "kubernetes.yaml")
    kinds = [each["kind"] for each in YAML(typ="safe").load_all(DEPLOY / "kubernetes.yaml")]
    assert len(re.findall("passed for resource", told)) == len(kinds)
    assert kinds == ["ConfigMap", "Secret", "PersistentVolumeClaim", "CronJob"]


def test_the_containerfile_passes_its_linter() -> None:
    assert _said(SCRIPTS / "hadolint", DEPLOY / "Containerfile") == ""


def test_what_the_containerfile_copies_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (DEPLOY / "Containerfile").read_text(), re.M)
    assert len(copied) == 5
    for name in " ".join(copied).split():
        assert (DEPLOY.parents[1] / name).exists()


@pytest.mark.skipif(not shutil.which("podman"), reason="needs podman, and the image of python")
def test_the_container_runs_as_nobody_with_a_read_only_root(tmp_path: Path) -> None:
    _said("podman", "build", "--file", DEPLOY / "Containerfile", "--tag", "seatsync-test", ".")
    locked = ["podman", "run", "--rm", "--read-only", "--cap-drop=all", "--user=12345:12345"]
    assert "Usage: seatsync" in _said(*locked, "seatsync-test", "--help")


def _said(*command: str | Path) -> str:
    """What it says on both streams; it has to end well."""
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=DEPLOY.parents[1]
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr
