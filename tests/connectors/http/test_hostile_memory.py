"""The memory that hostile answers take: measured in processes of their own, and told.

They are forked from one that has imported everything, which takes longer than most attacks.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from support.faults.hostile_clients import COUNTERPARTS

MOST = 300
"""Megabytes above what the process had before."""

PROGRAM = """
import os
import sys
from itertools import repeat
from pathlib import Path
from support.faults.hostile_clients import COUNTERPARTS
from connectors.errors import CounterpartError
from support.faults.hostile_server import MB, body, bomb, values, wide

ATTACKS = {
    "a bomb": lambda: body(bomb(2048), "gzip"),
    "no end": lambda: body(repeat(b" " * MB)),
    "values": lambda: body(values(64)),
    "some values": lambda: body(values(0.3)),
    "more values": lambda: body(values(1.4)),
    "wide text": lambda: body(wide(3)),
    "wider text": lambda: body(wide(23)),
}

def peak():
    # Not ru_maxrss: that begins with what the parent had.
    (line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024

def attacked(counterpart, folder):
    with counterpart(lambda: body([b"{}"]), folder) as ask:
        try:
            ask()
        except CounterpartError:
            pass
    before = peak()
    for name, attack in ATTACKS.items():
        with counterpart(attack, folder) as ask:
            try:
                ask()
            except CounterpartError as error:
                print(f"{peak() - before:5} MB  {name}: {error}")
    return peak() - before

for name, counterpart in COUNTERPARTS.items():
    if child := os.fork():
        if os.waitpid(child, 0)[1]:
            sys.exit(name)
        continue
    folder = Path(sys.argv[1], name)
    folder.mkdir()
    print(name, attacked(counterpart, folder), sep="\\t", flush=True)
    os._exit(0)
"""


def test_hostile_answers_take_little_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=600,
        env={"PYTHONPATH": "tests"},
    )
    with capsys.disabled():
        print(f"\n{ended.stdout}")
    assert ended.returncode == 0, ended.stderr
    taken = dict(line.split("\t") for line in ended.stdout.splitlines() if "\t" in line)
    assert taken.keys() == COUNTERPARTS.keys()
    assert {name: mb for name, mb in taken.items() if int(mb) >= MOST} == {}
