"""The memory that hostile answers take: measured in a process of its own, and told."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.faults.hostile_clients import COUNTERPARTS

MOST = 300
"""Megabytes above what the process had before."""

PROGRAM = """
import sys
from itertools import repeat
from pathlib import Path
from support.faults.hostile_clients import COUNTERPARTS
from connectors.errors import CounterpartError
from support.faults.hostile_server import MB, body, bomb, values, wide

def peak():
    # Not ru_maxrss: that begins with what the parent had.
    (line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024

counterpart, folder = COUNTERPARTS[sys.argv[1]], Path(sys.argv[2])
with counterpart(lambda: body([b"{}"]), folder) as ask:
    try:
        ask()
    except CounterpartError:
        pass
before = peak()
for name, attack in {
    "a bomb": lambda: body(bomb(2048), "gzip"),
    "no end": lambda: body(repeat(b" " * MB)),
    "values": lambda: body(values(64)),
    "some values": lambda: body(values(0.3)),
    "more values": lambda: body(values(1.4)),
    "wide text": lambda: body(wide(3)),
    "wider text": lambda: body(wide(23)),
}.items():
    with counterpart(attack, folder) as ask:
        try:
            ask()
        except CounterpartError as error:
            print(f"{peak() - before:5} MB  {name}: {error}")
print(peak() - before)
"""


@pytest.mark.parametrize("counterpart", COUNTERPARTS)
def test_hostile_answers_take_little_memory(
    counterpart: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, counterpart, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        env={"PYTHONPATH": "tests"},
    )
    *told, taken = ended.stdout.splitlines() or [""]
    with capsys.disabled():
        print(f"\n{counterpart}:", *told, sep="\n")
    assert ended.returncode == 0, ended.stderr
    assert int(taken) < MOST
