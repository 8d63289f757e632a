"""`seatsync idle`: who does not use a seat, what is said of it, and what it depends on."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pytest_httpserver import HTTPServer
from sqlalchemy import update

from config.load import load
from connectors.store.database import open_database
from connectors.store.schema import grant_uses, held_since, reclaim_announcements
from jobs.cli.json_schemas import schema_of
from jobs.demo.company import last_week
from reconciler.model.sign_ins import Watch
from support.alone import alone
from support.counterparts.small_tenant import guid
from support.scenarios.company import Company

APP = "11111111-1111-1111-1111-111111111111"
DAY = timedelta(days=1)
SALES = {"purchased": 36, "price": 1200, "currency": "EUR", "renews": "2027-03-31"}


def ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


def person(company: Company, name: str) -> str:
    given, surname = name.split()
    users = company.sandbox.tenant.users.values()
    return str(next(u["id"] for u in users if (u["givenName"], u["surname"]) == (given, surname)))


def sign_in(company: Company, name: str, at: datetime, error: int = 0) -> None:
    company.sandbox.tenant.sign_ins.append(
        {
            "id": guid(f"{name} {at}"),
            "appId": APP,
            "userId": person(company, name),
            "createdDateTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "status": {"errorCode": error},
        }
    )


def configure(company: Company, **policy: Any) -> None:
    company.configure(
        directory={**company.sandbox.directory, "enterprise_app": APP, "sign_ins": True},
        seats={"Sales": SALES, "Marketing": 22, "Talent": 6},
        policy=policy,
    )


def watched(company: Company, since: datetime, *, through: datetime | None = None) -> None:
    """As if sign-ins had been read every night since then, and every seat were as old."""
    store = open_database(load(company.config).store)
    alone(store).seat_use.keep_watch(Watch(APP, since, through or ago(hours=24)))
    with store.engine.begin() as connection:
        connection.execute(update(held_since).values(since=since))
    store.close()


def granted(company: Company, at: datetime) -> None:
    """As if every seat had been granted then."""
    store = open_database(load(company.config).store)
    with store.engine.begin() as connection:
        connection.execute(update(grant_uses).values(granted=at))
    store.close()


@pytest.fixture(scope="module")
def _watching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    company = Company(tmp_path_factory.mktemp("watching"))
    with company.sandbox:
        configure(company)
        company.sandbox.graph.roles = (*company.sandbox.graph.roles, "AuditLog.Read.All")
        company.settle()
        company.sandbox.tenant.replace(last_week())
        assert company.run("plan").exit_code == 0
        company.remember()
        yield company


@pytest.fixture
def watching(_watching: Company) -> Company:
    """The demo's company, in step, whose sign-ins are watched since a moment ago."""
    _watching.return_to_it()
    _watching.sandbox.tenant.sign_ins = []
    _watching.sandbox.graph.premium = True
    return _watching


def listed(company: Company, *arguments: str) -> list[str]:
    return [row["user"].split("@")[0] for row in company.json("idle", *arguments)]


def test_who_does_not_use_a_seat_is_listed_with_what_it_costs(watching: Company) -> None:
    since = ago(days=120)
    watched(watching, since)
    for name in ("Ada Abel", "Ben Abel", "Cleo Abel"):
        sign_in(watching, name, ago(hours=3))
    result = watching.run("idle", "--limit", "100")
    assert result.exit_code == 0, result.output
    assert "ada.abel" not in result.stdout
    assert f"not seen since we began to watch on {since:%Y-%m-%d}" in result.stdout
    assert "Sales: 27 idle seats; 32,400.00 EUR a year; the contract renews on 2027-03-31" in (
        result.stdout
    )
    rows = watching.json("idle")
    Draft202012Validator(schema_of("idle"), format_checker=FormatChecker()).validate(rows)
    assert len(rows) == 50 - 2 - 3
    assert {row["days"] for row in rows} == {120}
    header, first, *_ = watching.run("idle", "--csv").stdout.lstrip("\ufeff").splitlines()
    assert header.startswith("user,set,products,use,days,reclaimed_from,object_id,")
    assert ",120,not announced," in first


def test_admins_protected_users_and_people_on_leave_are_not(watching: Company) -> None:
    watched(watching, ago(days=120))
    everybody = set(listed(watching))
    assert {"ada.abel", "rosa.brandt"} <= everybody
    assert "eva.costa" not in everybody  # an admin
    group = next(g for g in watching.sandbox.tenant.groups.values())
    leave = {"id": guid("On leave"), "displayName": "HR_on_leave", "members": group["members"][:2]}
    watching.sandbox.tenant.groups[leave["id"]] = leave
    configure(watching, protected=["finn.abel@harbour.example"], idle={"exclude": "HR_on_leave"})
    assert everybody - set(listed(watching)) == {"ada.abel", "ben.abel", "finn.abel"}


def test_to_be_seen_once_is_enough_and_a_failed_sign_in_is_not(watching: Company) -> None:
    watched(watching, ago(days=120))
    sign_in(watching, "Ada Abel", ago(hours=3), error=50126)
    assert "ada.abel" in listed(watching)
    sign_in(watching, "Ada Abel", ago(hours=2))
    assert "ada.abel" not in listed(watching)


def test_a_short_watch_is_no_proof(watching: Company) -> None:
    watched(watching, ago(days=30))
    since = f"{ago(days=30):%Y-%m-%d}"
    assert watching.run("idle").stdout == (
        f"No seat can be called idle yet: sign-ins are watched since {since}, for 30 of 90 days.\n"
    )
    assert len(listed(watching, "--days", "30")) == 48
    watched(watching, ago(days=120))
    for name in [*watching.sandbox.tenant.users.values()]:
        sign_in(watching, f"{name['givenName']} {name['surname']}", ago(hours=3))
    assert watching.run("idle").stdout == "No seat was unused for 90 days.\n"


def test_a_gap_begins_the_watch_anew(watching: Company) -> None:
    watched(watching, ago(days=120), through=ago(days=8))
    assert "sign-ins are watched since" in watching.run("idle").stdout
    assert listed(watching) == []


def test_a_plan_reads_sign_ins_and_rests_on_nothing_of_them(watching: Company) -> None:
    watched(watching, ago(days=120))
    sign_in(watching, "Ada Abel", ago(hours=3))
    assert watching.run("plan").exit_code == 0
    store = open_database(load(watching.config).store)
    use = alone(store).seat_use.load()
    store.close()
    assert list(use.last["id"]) == [person(watching, "Ada Abel")]
    assert use.watch is not None
    assert datetime.now(UTC) - use.watch.through < timedelta(hours=1)
    watching.sandbox.graph.premium = False
    assert watching.run("plan").exit_code == 0


def test_r30_without_sign_ins_nobody_is_idle(watching: Company) -> None:
    watched(watching, ago(days=120))
    watching.sandbox.graph.premium = False
    refused = watching.run("idle")
    assert refused.exit_code == 1
    assert "R30: Nobody can be called idle: sign-ins are not known up to now (GET" in refused.stderr
    assert "NonPremium" in refused.stderr
    watching.configure()
    assert "`directory.sign_ins` is not set" in watching.run("idle").stderr


@pytest.mark.parametrize("fault", ["missing", "twice"])
def test_r30_while_the_group_on_leave_cannot_be_read_nobody_is_idle(
    watching: Company, fault: str
) -> None:
    watched(watching, ago(days=120))
    if fault == "twice":
        for at in range(2):
            group = {"id": guid(f"leave {at}"), "displayName": "On leave", "members": []}
            watching.sandbox.tenant.groups[group["id"]] = group
    configure(watching, idle={"exclude": "On leave"})
    refused = watching.run("idle")
    assert refused.exit_code == 1
    assert 'the group "On leave" of `policy.idle.exclude` could not be read' in refused.stderr


def test_what_check_says_of_sign_ins(watching: Company) -> None:
    def told() -> str:
        lines = json.loads(watching.run("check", "--online", "--json").stdout)
        return next(one["text"] for one in lines if one["text"].startswith("sign-ins"))

    assert "nobody signed in to 11111111" in told()
    sign_in(watching, "Ada Abel", ago(hours=3))
    assert told() == f"sign-ins: those to {APP} can be read"
    watching.sandbox.graph.premium = False
    assert "only to tenants with Entra ID P1 or P2" in told()
    watching.sandbox.graph.roles = ("GroupMember.Read.All", "User.Read.All")
    assert "not readable without AuditLog.Read.All. Add AuditLog.Read.All under" in told()


def test_trends_tell_what_nobody_uses_and_how_soon_a_granted_seat_is_used(
    watching: Company,
) -> None:
    def sales() -> dict[str, Any]:
        rows = watching.json("seats", "--history")
        Draft202012Validator(schema_of("seats"), format_checker=FormatChecker()).validate(rows)
        return next(row for row in rows if row["product"] == "Sales")

    told = sales()
    assert (told["idle"], told["days_to_first_use"], told["never_used"]) == (None, None, None)
    watched(watching, ago(days=120))
    granted(watching, ago(days=100))
    for name in ("Ada Abel", "Ben Abel"):
        sign_in(watching, name, ago(hours=12))
    assert watching.run("plan").exit_code == 0
    told = sales()
    assert (told["idle"], told["days_to_first_use"]) == (28, 99.5)
    assert told["never_used"] == pytest.approx(30 / 32)
    assert "94 %" in watching.run("seats", "--history").stdout
    # After a gap nobody knows who used what in the meantime.
    watched(watching, ago(days=120), through=ago(days=8))
    assert watching.run("plan").exit_code == 0
    told = sales()
    assert (told["idle"], told["never_used"]) == (None, 0)


IDLE = ("Ada Abel", "Ben Abel")


@pytest.fixture
def two_idle(watching: Company) -> Company:
    """All but two have just signed in."""
    configure(watching, idle={"days": "90d", "grace": "14d"})
    for user in [*watching.sandbox.tenant.users.values()]:
        if (name := f"{user['givenName']} {user['surname']}") not in IDLE:
            sign_in(watching, name, ago(hours=3))
    watched(watching, ago(days=120))
    return watching


def announced(company: Company, at: datetime) -> None:
    """As if what was announced had been announced then."""
    store = open_database(load(company.config).store)
    with store.engine.begin() as connection:
        connection.execute(update(reclaim_announcements).values(at=at))
    store.close()


def told_to(server: HTTPServer) -> list[str]:
    """The messages that the receiver got, one text each."""
    return [json.loads(request.get_data())["message"] for request, _ in server.log]


def receiver(company: Company, server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATSYNC_TELL", f"json://127.0.0.1:{server.port}/hook")
    server.expect_request("/hook").respond_with_data("")
    directory = {**company.sandbox.directory, "enterprise_app": APP, "sign_ins": True}
    to = {"to": "env:SEATSYNC_TELL", "events": ["reclaim"]}
    company.configure(
        directory=directory,
        seats={"Sales": SALES, "Marketing": 22, "Talent": 6},
        policy={"idle": {"days": "90d", "grace": "14d"}},
        notifications=[to],
    )


def test_u23_whose_seat_will_be_taken_back_is_announced_before_it_may_be(
    two_idle: Company, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver(two_idle, httpserver, monkeypatch)
    assert [row["reclaimed_from"] for row in two_idle.json("idle")] == [None, None]
    assert "not announced" in two_idle.run("idle").stdout
    planned = two_idle.run("plan", "--reclaim")
    assert (planned.exit_code, two_idle.json("show")["operations"]) == (0, []), planned.output
    day = f"{datetime.now(UTC) + timedelta(days=14):%Y-%m-%d}"
    (message,) = told_to(httpserver)
    ada, ben = message.split("\n\n")
    assert ada == (
        'ada.abel@harbour.example has a seat of Sales by "Sales Team": not seen since we began '
        f"to watch on {ago(days=120):%Y-%m-%d}. From {day} on `plan --reclaim` takes it back. Ask "
        "the user: whoever signs in to the vendor's application before then keeps the seat."
    )
    assert ben.startswith("ben.abel@harbour.example has a seat of")
    # The day is where people look for it, in plans of every kind, and nobody is told each night.
    assert {row["reclaimed_from"][:10] for row in two_idle.json("idle")} == {day}
    two_idle.run("run")
    page = next(two_idle.folder.glob(f"reports/{two_idle.json('show')['id']}/report.html"))
    assert f"From {day} on" in page.read_text(encoding="utf-8")
    assert len(told_to(httpserver)) == 1


def test_u23_a_run_tells_whom_a_message_did_not_reach(
    two_idle: Company, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_idle.run("run")
    unreached = two_idle.run("plan", "--reclaim")
    assert "2 users will lose a seat that nobody uses, and nobody is told" in unreached.stderr
    receiver(two_idle, httpserver, monkeypatch)
    two_idle.run("run")
    assert [text.count("ada.abel@harbour.example has a seat") for text in told_to(httpserver)] == [
        1
    ]


def test_no_seat_is_taken_before_its_own_grace_is_over(two_idle: Company) -> None:
    """Whoever is listed later is told later; to be seen makes that void."""
    two_idle.run("plan", "--reclaim")
    announced(two_idle, ago(days=13.9))
    assert two_idle.json("plan", "--reclaim")["operations"] == []
    announced(two_idle, ago(days=14))
    sign_in(two_idle, "Ada Abel", ago(hours=1))
    planned = two_idle.json("plan", "--reclaim")
    assert [one["subject"]["name"] for one in planned["operations"]] == ["ben.abel@harbour.example"]
    assert "ada.abel" not in listed(two_idle)


def test_whoever_was_on_leave_meanwhile_is_told_anew(two_idle: Company) -> None:
    two_idle.run("plan", "--reclaim")
    announced(two_idle, ago(days=60))
    members = [person(two_idle, "Ada Abel")]
    leave = {"id": guid("On leave"), "displayName": "HR_on_leave", "members": members}
    two_idle.sandbox.tenant.groups[leave["id"]] = leave
    idle = {"days": "90d", "grace": "14d"}
    configure(two_idle, idle={**idle, "exclude": "HR_on_leave"})
    two_idle.run("plan")
    configure(two_idle, idle=idle)
    planned = two_idle.json("plan", "--reclaim")
    assert [one["subject"]["name"] for one in planned["operations"]] == ["ben.abel@harbour.example"]
    assert "U23" in [one["code"] for one in planned["findings"]]


def test_reclaimed_seats_are_taken_once_approved_and_given_back_once_they_are_used(
    two_idle: Company,
) -> None:
    two_idle.run("plan", "--reclaim")
    announced(two_idle, ago(days=15))
    before = two_idle.sandbox.portal.used()["Sales"]
    planned = two_idle.run("plan", "--reclaim")
    assert (planned.exit_code, "U21" in planned.stdout) == (3, True), planned.output
    assert revoked(two_idle) == ["ada.abel", "ben.abel"]
    assert two_idle.run("apply latest").exit_code == 3
    # Whoever signs in before it is applied keeps the seat.
    assert two_idle.let_pass("--reason", "asked them").exit_code == 0
    sign_in(two_idle, "Ada Abel", datetime.now(UTC))
    assert "the user is not called idle any more" in two_idle.run("apply latest").output
    assert two_idle.sandbox.portal.used()["Sales"] == before - 1
    # Nobody is given one again by themselves, before they are seen; nor does a run take more.
    assert two_idle.run("run").exit_code == 0
    assert two_idle.sandbox.portal.used()["Sales"] == before - 1
    sign_in(two_idle, "Ben Abel", datetime.now(UTC) + timedelta(seconds=5))
    assert two_idle.run("plan").exit_code == 0
    assert two_idle.run("plan").exit_code == 2
    assert [one["subject"]["name"] for one in two_idle.json("show")["operations"]] == [
        "ben.abel@harbour.example"
    ]


def revoked(company: Company) -> list[str]:
    operations = company.json("show")["operations"]
    return sorted(one["subject"]["name"].split("@")[0] for one in operations)


def test_a_reclaim_can_be_undone(two_idle: Company) -> None:
    two_idle.run("plan", "--reclaim")
    announced(two_idle, ago(days=15))
    assert two_idle.run("plan", "--reclaim").exit_code == 3
    assert two_idle.let_pass("--reason", "asked them").exit_code == 0
    assert two_idle.run("apply latest").exit_code == 0
    assert two_idle.run("undo latest").exit_code == 2
    assert revoked(two_idle) == ["ada.abel", "ben.abel"]
    assert two_idle.let_pass("--reason", "they do use it").exit_code == 0
    assert two_idle.run("apply latest").exit_code == 0
    assert two_idle.run("plan").exit_code == 0


@pytest.fixture
def due(two_idle: Company) -> Company:
    """The grace of both is over."""
    two_idle.run("plan", "--reclaim")
    announced(two_idle, ago(days=15))
    return two_idle


def test_a_plan_that_reclaims_is_made_again_as_it_was(due: Company) -> None:
    assert due.run("plan", "--reclaim").exit_code == 3
    sign_in(due, "Ada Abel", datetime.now(UTC))  # what came later is not in it
    assert due.run("plan").exit_code == 0
    plans = due.json("replay", "--since", "2020-01-01")["plans"]
    assert {row["reproduced"] for row in plans} == {True}
    assert [(row["losing"], row["then"]) for row in plans[-2:]] == [
        (2, "U21"),
        (0, "nothing to do"),
    ]


def test_no_run_without_people_takes_a_seat_back(due: Company) -> None:
    """Nor does it let a plan pass that does."""
    configure(due, idle={"days": "90d", "grace": "14d"}, auto_apply=True)
    used = due.sandbox.portal.used()
    assert due.run("run").exit_code == 0
    assert due.run("plan", "--reclaim").exit_code == 3
    assert due.run("apply latest").exit_code == 3
    assert due.sandbox.portal.used() == used


def test_r30_while_sign_ins_are_not_known_no_seat_is_taken_back(due: Company) -> None:
    """Neither planned nor, though it was approved, applied."""
    used = due.sandbox.portal.used()
    due.run("plan", "--reclaim")
    assert due.let_pass("--reason", "asked them").exit_code == 0
    due.sandbox.graph.premium = False
    for command in ("apply latest", "plan --reclaim"):
        refused = due.run(command)
        assert (refused.exit_code, "R30" in refused.stderr) == (1, True), refused.output
    assert due.sandbox.portal.used() == used


def test_whoever_goes_on_leave_before_it_is_applied_keeps_the_seat(due: Company) -> None:
    leave = {"id": guid("On leave"), "displayName": "On leave", "members": []}
    due.sandbox.tenant.groups[leave["id"]] = leave
    configure(due, idle={"days": "90d", "grace": "14d", "exclude": "On leave"})
    due.run("plan", "--reclaim")
    assert due.let_pass("--reason", "asked them").exit_code == 0
    leave["members"] = [person(due, "Ada Abel")]
    before = due.sandbox.portal.used()["Sales"]
    assert "the user is not called idle any more" in due.run("apply latest").output
    assert due.sandbox.portal.used()["Sales"] == before - 1
