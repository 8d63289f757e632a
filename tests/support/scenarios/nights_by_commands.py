"""Nights of a workforce by the commands themselves, against both servers on loopback."""

import json
from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

from connectors.sandbox.graph import SEES_SIGN_INS
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from jobs.output.exit_codes import Exit
from reconciler.situations.users import SEAT_RECLAIMED
from support.counterparts.small_tenant import group, guid, user
from support.scenarios.company import Company
from support.scenarios.idle_year import RETENTION, Night
from support.scenarios.workforce import ADMINS, ON_LEAVE, PROTECTED, SETS, Workforce, night

APPLICATION = guid("the vendor's enterprise application")


class NightsByCommands(Company):
    """`with nights.sandbox` runs it: `idle`, `plan` (or `plan --reclaim`), `approve` and `apply`,
    under the clock of the night. Whoever looks at a plan lets it pass.
    """

    def __init__(
        self, folder: Path, workforce: Workforce, *, seats: int, idle: timedelta, grace: timedelta
    ) -> None:
        self.folder, self.config = folder, folder / "seatsync.yaml"
        self._workforce, self._known = workforce, set(workforce.people)
        self._policy = {
            "protected": [guid(name) for name in PROTECTED],
            "idle": {"days": f"{idle.days}d", "grace": f"{grace.days}d", "exclude": ON_LEAVE},
        }
        sets = [
            {"name": name, "products": products, "admin": name == ADMINS}
            for name, products in SETS.items()
        ]
        self.sandbox = Sandbox(Tenant(self._directory(0)), sets, {"Sales": seats})
        self.sandbox.graph.roles = (*self.sandbox.graph.roles, SEES_SIGN_INS)

    def holders(self) -> frozenset[str]:
        held = self.sandbox.portal.set_of
        resources = self.sandbox.vendor.storage.resources
        return self._names(
            str(getattr(one, "external_id", "")) for one in resources if str(one.id) in held
        )

    def run_night(self, day: int, *, reclaim: bool, read_in_part: bool) -> Night:
        with time_machine.travel(night(day)):
            self._prepare(day, read_in_part=read_in_part)
            idle = self._idle()
            self._succeed("plan", *["--reclaim"] * reclaim)
            plan = self.json("show")
            if plan["operations"]:
                self._let_pass(plan)
        taken = [one for one in plan["operations"] if one["reason"] == SEAT_RECLAIMED.code]
        (line,) = plan["seats"]
        return Night(
            idle,
            self._names(one["subject"]["id"] for one in taken),
            self.holders(),
            len(plan["waiting"]),
            line["wanted"],
        )

    def _prepare(self, day: int, *, read_in_part: bool) -> None:
        self.sandbox.tenant.replace(self._directory(day))
        self.sandbox.graph.premium = not read_in_part
        self.sandbox.token = self.sandbox.portal.generate_token("180d")
        self.configure(
            directory={
                **self.sandbox.directory,
                "enterprise_app": APPLICATION,
                "sign_ins": True,
            },
            policy=self._policy,
        )

    def _directory(self, day: int) -> dict[str, list[dict[str, Any]]]:
        people, on_leave = self._workforce.people, self._workforce.on_leave(day)
        self._known.update(people)
        members = {name: [one.name for one in people.values() if one.set == name] for name in SETS}
        log = self._workforce.log
        begin = bisect_left(log, night(day) - RETENTION, key=lambda one: one.at)
        return {
            "users": [user(name) for name in people],
            "deletedUsers": [user(name) for name in sorted(self._known - people.keys())],
            "groups": [
                *(group(name, *members[name]) for name in SETS),
                group(ON_LEAVE, *sorted(on_leave)),
            ],
            "signIns": [_resource(one.id, one.user, one.at) for one in log[begin:]],
        }

    def _idle(self) -> frozenset[str] | None:
        listed = self.run("idle", "--json")
        if listed.exit_code == Exit.FAILED and "R30" in listed.stderr:
            return None
        assert listed.exit_code == Exit.OK, listed.output
        return self._names(row["object_id"] for row in json.loads(listed.stdout))

    def _let_pass(self, plan: Any) -> None:
        blocking = [one["code"] for one in plan["verdicts"] if one["outcome"] == "blocked"]
        named = [part for code in blocking for part in ("--override", code)]
        self._succeed("approve", plan["id"], "--reason", "looked at it", *named)
        self._succeed("apply", "latest")

    def _succeed(self, command: str, *arguments: str) -> None:
        ended = self.run(command, *arguments)
        assert ended.exit_code in {Exit.OK, Exit.WAITING, Exit.HELD}, ended.output

    def _names(self, ids: Iterable[str]) -> frozenset[str]:
        by_id = {guid(name): name for name in self._workforce.people}
        return frozenset(by_id[one] for one in ids if one in by_id)


def _resource(sign_in: str, whose: str, at: datetime) -> dict[str, Any]:
    """As Graph has a sign-in that succeeded."""
    return {
        "id": sign_in,
        "appId": APPLICATION,
        "userId": whose,
        "createdDateTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "status": {"errorCode": 0},
    }
