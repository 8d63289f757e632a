"""What docs/deploy holds, read by the tools that would run it, as far as they are here."""

import re
import shlex
import shutil
import subprocess
import sysconfig
from datetime import timedelta
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from ruamel.yaml import YAML

from config.secret_reference import SecretReference
from connectors.store.lease import LONGEST_RUN
from jobs.cli.fleet_commands import fleet
from jobs.cli.main import main
from support.shown_commands import scripts

DEPLOY = Path(__file__).parents[1] / "docs" / "deploy"
OPERATORS_TUTORIAL = DEPLOY.with_name("tutorial-operator.md")
SCRIPTS = Path(sysconfig.get_path("scripts"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize("name", ["seatsync@.service", "seatsync-fleet@.service"])
def test_a_service_of_systemd_is_closed_to_what_it_does_not_need(name: str, tmp_path: Path) -> None:
    """systemd's own measure: 0 is closed, 10 is open; everything from 5 on is called medium."""
    unit = shutil.copy(DEPLOY / name, tmp_path)
    told = _said("systemd-analyze", "security", "--offline=true", unit)
    (exposure,) = re.findall(r"exposure level for \S+: ([\d.]+)", told)
    assert float(exposure) <= 2.0


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize(
    "unit", ["seatsync@.service", "seatsync@.timer", "seatsync-fleet@.service"]
)
def test_systemd_understands_every_line_of_a_unit(tmp_path: Path, unit: str) -> None:
    """But for the program, which is not installed here."""
    for each in DEPLOY.glob("seatsync*@.*"):
        content = re.sub("ExecStart=.*", f"ExecStart={shutil.which('true')}", each.read_text())
        (tmp_path / each.name.replace("@", "@one")).write_text(content)
    assert _said("systemd-analyze", "verify", tmp_path / unit.replace("@", "@one")) == ""


@pytest.mark.skipif(not shutil.which("systemctl"), reason="needs systemctl")
def test_the_timer_is_enabled_as_the_tutorial_says(tmp_path: Path) -> None:
    """In a folder that is the root of a machine where systemd does not run."""
    units = tmp_path / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    for kind in ("service", "timer"):
        shutil.copy(DEPLOY / f"seatsync@.{kind}", units)
    (script,) = [one for one in scripts(OPERATORS_TUTORIAL.read_text()) if "systemctl" in one]
    *sudo, timer = shlex.split(script)
    assert sudo == ["sudo", "systemctl", "enable", "--now"]
    _said("systemctl", f"--root={tmp_path}", "enable", timer)
    assert (units / "timers.target.wants" / timer).is_symlink()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_timer_elapses_at_three_every_night() -> None:
    (when,) = re.findall(r"^OnCalendar=(.*)", (DEPLOY / "seatsync@.timer").read_text(), re.M)
    assert "Normalized form: *-*-* 03:00:00" in _said("systemd-analyze", "calendar", when)


@pytest.mark.parametrize("unit", ["seatsync@.service", "seatsync-fleet@.service"])
def test_the_services_credentials_are_ones_that_a_configuration_can_name(unit: str) -> None:
    service = (DEPLOY / unit).read_text()
    for name in re.findall(r"^LoadCredential=([^:]+):", service, re.MULTILINE):
        reference = f"cred:{name}"
        assert str(SecretReference.parse(reference)) == reference
        assert reference in service


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kubernetes.yaml", ["ConfigMap", "Secret", "PersistentVolumeClaim", "CronJob"]),
        ("kubernetes-fleet.yaml", ["ConfigMap", "ConfigMap", "Secret", "Deployment", "Deployment"]),
    ],
)
def test_kubernetes_knows_every_field_of_the_manifests(name: str, expected: list[str]) -> None:
    told = _said(SCRIPTS / "kubernetes-validate", "--strict", DEPLOY / name)
    kinds = [each["kind"] for each in YAML(typ="safe").load_all(DEPLOY / name)]
    assert len(re.findall("passed for resource", told)) == len(kinds)
    assert kinds == expected


def test_what_a_fleet_is_started_with_is_understood() -> None:
    """In the cluster, and by the service, whose name has the command."""
    manifest = list(YAML(typ="safe").load_all(DEPLOY / "kubernetes-fleet.yaml"))
    pods = [each["spec"]["template"]["spec"] for each in manifest if each["kind"] == "Deployment"]
    started = [pod["containers"][0]["args"] for pod in pods]
    assert (
        "ExecStart=/opt/seatsync/bin/seatsync fleet %i\n"
        in (DEPLOY / "seatsync-fleet@.service").read_text()
    )
    for _, command, *options in [*started, ["fleet", "work"], ["fleet", "schedule"]]:
        fleet.commands[command].make_context(command, options).close()


def test_the_containerfile_passes_its_linter() -> None:
    assert _said(SCRIPTS / "hadolint", DEPLOY / "Containerfile") == ""


def test_what_the_containerfile_copies_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (DEPLOY / "Containerfile").read_text(), re.M)
    assert len(copied) == 5
    for name in " ".join(copied).split():
        assert (DEPLOY.parents[1] / name).exists()


TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
CHILDREN = {
    "Task": {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"},
    "Principal": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
    "Settings": {
        "MultipleInstancesPolicy",
        "DisallowStartIfOnBatteries",
        "StopIfGoingOnBatteries",
        "AllowHardTerminate",
        "StartWhenAvailable",
        "RunOnlyIfNetworkAvailable",
        "WakeToRun",
        "Enabled",
        "ExecutionTimeLimit",
        "Priority",
    },
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}
"""What may be in it, in any order, once each (xs:all in "Task Scheduler Schema", [MS-TSCH] 2.5)."""
TRIGGER = ["Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit"]
TRIGGER += ["RandomDelay", "ScheduleByDay"]
"""In this order: triggerBaseType, and the calendarTriggerType that extends it."""


def test_the_task_of_windows_has_what_its_scheduler_knows() -> None:
    content = (DEPLOY / "seatsync-task.xml").read_bytes()
    assert content.isascii()
    task = fromstring(content)  # noqa: S314 - our own
    for name, known in CHILDREN.items():
        for element in task.iter(f"{TASK}{name}"):
            found = [child.tag.removeprefix(TASK) for child in element]
            assert len(set(found)) == len(found)
            assert set(found) <= known
    (trigger,) = task.iter(f"{TASK}CalendarTrigger")
    places = [TRIGGER.index(child.tag.removeprefix(TASK)) for child in trigger]
    assert places == sorted(places)
    (principal,), (actions,) = task.iter(f"{TASK}Principal"), task.iter(f"{TASK}Actions")
    assert actions.get("Context") == principal.get("id")


def test_the_task_of_windows_runs_unattended_once_at_a_time_and_with_an_end() -> None:
    task = fromstring((DEPLOY / "seatsync-task.xml").read_bytes())  # noqa: S314 - our own
    told = {each.tag.removeprefix(TASK): each.text for each in task.iter()}
    assert told["LogonType"] == "Password"
    assert told["RunLevel"] == "LeastPrivilege"
    assert told["MultipleInstancesPolicy"] == "IgnoreNew"
    hours = re.fullmatch(r"PT(\d+)H", told["ExecutionTimeLimit"] or "")
    assert hours
    assert timedelta(hours=int(hours[1])) < LONGEST_RUN
    command, *options = (told["Arguments"] or "").split()
    main.commands[command].make_context(command, options).close()


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
