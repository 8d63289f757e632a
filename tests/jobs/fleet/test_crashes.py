"""Workers that die or stand still, and sessions that end: no run is lost, doubled or overlapped.

`make fleet` does the same with hundreds of tenants.
"""

import signal
from pathlib import Path

from support.faults.seatsync_process import SeatsyncProcesses
from support.scenarios.simulated_fleet import Troubles, simulated_fleet


def test_whatever_dies_each_tenant_has_its_run_once(
    processes: SeatsyncProcesses, tmp_path: Path
) -> None:
    with simulated_fleet(tmp_path) as fleet:
        fleet.add(8)
        fleet.queue_a_run_of_each()
        working = fleet.start(processes, workers=3)
        troubles = Troubles(fleet, seed=1, wanted=1)
        fleet.wait_until_done(600, meanwhile=troubles.happen)
        troubles.end()
        fleet.queue_a_run_of_each()  # the next ones, undisturbed
        fleet.wait_until_done(600)
        working.send(signal.SIGTERM)
        ended = working.wait()
        assert ended.code == 0, ended.errors
        assert "Traceback" not in ended.errors
        befell = {"killed": 1, "stalled": 1, "ended": 1, "taken over": 1}
        assert troubles.done == befell, ended.errors
        assert fleet.without_a_run() == 0, ended.errors
        assert (fleet.missing(), fleet.doubled()) == (0, 0), ended.errors
        assert all(map(all, fleet.vendors.writers.values()))
        assert (fleet.vendors.overlaps(), fleet.vendors.foreign) == (0, 0), ended.errors
