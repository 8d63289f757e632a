"""The timetables of a fleet's tenants: puts every run that is due into the queue, once."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.fleet import Fleet
from config.load import ConfigError, load, load_fleet
from config.timetable import Timetable
from connectors.job_queue import JobQueue, open_queue
from connectors.store.tenants import Tenants, Turn, open_tenants
from jobs.clock import Clock, utc_now
from jobs.fleet.tenants import tenant_files
from jobs.output.console import remark, say
from jobs.output.exit_codes import Exit
from jobs.output.failures import in_plain_words
from jobs.run_history.quarantine_backoff import KINDS, LOOKED_THROUGH, Quarantine, quarantine
from jobs.scheduling.due import next_due
from jobs.scheduling.scheduler import every_minute, zone_of


def keep_timetables(file: Path) -> Exit:
    """Until SIGTERM or Ctrl-C.

    Raises:
        config.load.ConfigError: the fleet's file cannot be used; of a tenant's that is said.
        connectors.store.errors.Unavailable: the database cannot be used; later that is said.
    """
    fleet = load_fleet(file)
    with open_tenants(fleet.store) as tenants, open_queue(fleet.store) as queue:
        every_minute(FleetScheduler(file, fleet, tenants, queue).look)
    return Exit.OK


@dataclass(frozen=True)
class _Read:
    """The timetable of a tenant's configuration; `changed`: when its file and the fleet's were."""

    changed: tuple[int, int]
    timetable: Timetable | None


class FleetScheduler:
    """Looks which runs are due. Several may look at the same time."""

    def __init__(
        self, file: Path, fleet: Fleet, tenants: Tenants, queue: JobQueue, clock: Clock = utc_now
    ) -> None:
        self._file, self._fleet, self._tenants = file, fleet, tenants
        self._queue, self._clock = queue, clock
        self._read: dict[str, _Read] = {}
        self._said = ""

    def look(self) -> None:
        """Queues the runs that are due. What keeps it from that is said, and is over next time."""
        try:
            files = tenant_files(self._fleet)
            turns = [turn for turn in self._tenants.turns() if turn.name in files]
            queued = sum(self._take_turn(turn, files[turn.name]) for turn in turns)
        except Exception as error:
            self._say_once(f"No run can be queued: {in_plain_words(error)}")
        else:
            self._said = ""
            if queued:
                remark(f"Runs queued: {queued}.")

    def _take_turn(self, turn: Turn, file: Path) -> bool:
        """Whether a run was queued."""
        before = self._read.get(turn.name)
        read = self._read[turn.name] = self._reread(file, before)
        if read.timetable is None or turn.paused:
            return False
        now = self._clock()
        is_new = before is not None and before.timetable != read.timetable
        if turn.queued is None or is_new:  # what it has for times before this was not missed
            self._tenants.queued(turn.name, now)
            return False
        due = _due(turn, turn.queued, read.timetable)
        if due <= now and (resting := self._resting(turn)):
            due = _due(turn, turn.queued, read.timetable, resting)
        if due > now:
            return False
        put = self._queue.put(turn.name, due)
        self._tenants.queued(turn.name, now)
        return put

    def _reread(self, file: Path, before: _Read | None) -> _Read:
        """Only what was changed: thousands of files take minutes."""
        changed = file.stat().st_mtime_ns, self._file.stat().st_mtime_ns
        if before and before.changed == changed:
            return before
        try:
            return _Read(changed, load(file).schedule)
        except ConfigError as error:
            say(f"{file.stem} has no runs until this is mended: {error}")
            return _Read(changed, None)

    def _resting(self, turn: Turn) -> Quarantine | None:
        with self._tenants.store(turn.name).transaction() as tx:
            return quarantine(tx.runs.newest(LOOKED_THROUGH, KINDS))

    def _say_once(self, text: str) -> None:
        """Not every minute."""
        if text != self._said:
            say(text)
        self._said = text


def _due(
    turn: Turn, last: datetime, timetable: Timetable, resting: Quarantine | None = None
) -> datetime:
    return next_due(timetable, zone_of(timetable), last, resting, turn.pair)
