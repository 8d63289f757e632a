"""Nights of a workforce by the rules of the product alone, on rows in memory."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta

from reconciler.columns import frames
from reconciler.idle.reclaim import reconcile_with_use
from reconciler.idle.watch import continued, read_from
from reconciler.model.sign_ins import CurrentUse, SeatUse, SignInsRead, Watch
from reconciler.model.snapshot import PlanContext
from reconciler.situations.users import SEAT_RECLAIMED
from support.scenarios.idle_year import RETENTION, Night
from support.scenarios.workforce import ADMINS, DOMAIN, PROTECTED, SETS, Workforce, night
from support.worlds.world import World, guid

APPLICATION = "app"


class NightsByRules:
    """Sign-ins are read on, and the plan that knows what is idle is carried out."""

    def __init__(
        self, workforce: Workforce, *, seats: int, idle: timedelta, grace: timedelta
    ) -> None:
        self._workforce = workforce
        self._world = World(
            sets=SETS,
            seats={"Sales": seats},
            admins=(ADMINS,),
            policy={
                "protected": [f"{name}@{DOMAIN}" for name in PROTECTED],
                "idle": {"days": f"{idle.days}d", "grace": f"{grace.days}d"},
            },
        )
        for person in workforce.people.values():
            self._world.account(person.name, person.set)
        self._known = set(workforce.people)
        self._watch: Watch | None = None
        self._last: dict[str, datetime] = {}
        self._held: dict[tuple[str, str], datetime] = {}
        self._announced: dict[str, datetime] = {}
        self._reclaimed: dict[str, datetime] = {}

    def holders(self) -> frozenset[str]:
        ids = {self._world.accounts[account]["externalId"] for _, account in self._world.holdings}
        return frozenset(name for name in self._workforce.people if guid(name) in ids)

    def run_night(self, day: int, *, reclaim: bool, read_in_part: bool) -> Night:
        world = self._world
        world.now = now = night(day)
        world.people, world.members = {}, []
        for name in sorted(self._known - self._workforce.people.keys()):
            world.person(name, presence="deleted")
        for person in self._workforce.people.values():
            world.person(person.name, person.set)
            self._known.add(person.name)
        use = self._read_sign_ins(now, read_in_part=read_in_part)
        not_seen = {user for user, at in self._reclaimed.items() if self._last.get(user, at) <= at}
        world.memory["reclaimed"] = frozenset(not_seen)
        plan_context = PlanContext(f"{day:08x}", now, "0.1.0")
        if use.watch is None or read_in_part:
            plan, idle = world.plan(plan_context.plan_id), None
        else:
            on_leave = frozenset(map(guid, self._workforce.on_leave(day)))
            known = CurrentUse(use, use.watch, on_leave)
            plan, plan_context = reconcile_with_use(
                world.settings(), world.snapshot(), plan_context, known, reclaim=reclaim
            )
            idle = plan_context.idle or ()
            self._announced = {seat.user.id: seat.announced for seat in idle if seat.announced}
        world.apply(plan)
        taken = [one.subject for one in plan.operations if one.reason == SEAT_RECLAIMED.code]
        self._reclaimed |= dict.fromkeys((user.id for user in taken), now)
        (line,) = plan.seats
        assert line.wanted is not None
        return Night(
            None if idle is None else _names(seat.user.name for seat in idle),
            _names(user.name for user in taken),
            self.holders(),
            len(plan.waiting),
            line.wanted,
        )

    def _read_sign_ins(self, now: datetime, *, read_in_part: bool) -> SeatUse:
        """What of the log is there yet, from where the last run stopped."""
        log = self._workforce.log
        since = max(read_from(self._watch, APPLICATION, now), now - RETENTION)
        begin = bisect_left(log, since, key=lambda one: one.at)
        because = "a page is missing" if read_in_part else ""
        read = SignInsRead(now, tuple(log[begin:]), because)
        self._watch, _ = continued(self._watch, APPLICATION, read)
        self._last |= {one.user: one.at for one in read.sign_ins}
        self._held = {pair: self._held.get(pair, now) for pair in self._world.holdings}
        return SeatUse(
            self._watch,
            frames.frame(
                frames.LAST_SIGN_INS, ({"id": i, "last": at} for i, at in self._last.items())
            ),
            frames.frame(
                frames.HELD_SINCE,
                ({"set": s, "account": a, "since": at} for (s, a), at in self._held.items()),
            ),
            self._announced,
        )


def _names(users: Iterable[str]) -> frozenset[str]:
    return frozenset(user.removesuffix(f"@{DOMAIN}") for user in users)
