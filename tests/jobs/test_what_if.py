"""What another configuration would do, beside today's plan: asked of both servers over HTTP."""

import json
from typing import Any

import pytest

from config.load import load
from connectors.store.database import open_database
from connectors.store.schema import capabilities, metadata, runs
from jobs.demo.company import SETS
from support.scenarios.company import Company


def stored(company: Company) -> dict[str, list[Any]]:
    """Every row of the store, but that something was asked, and what the server was seen to do."""
    store = open_database(load(company.config).store)
    with store.engine.begin() as connection:
        rows = {
            table.name: connection.execute(table.select()).all()
            for table in metadata.sorted_tables
            if table not in {runs, capabilities}
        }
    store.close()
    return rows


def asked(company: Company, *options: str) -> Any:
    return company.json("plan", *options)


def file(company: Company, text: str) -> str:
    path = company.folder / "otherwise.yaml"
    path.write_text(text)
    return str(path)


def test_fewer_seats_leave_people_waiting_and_nothing_is_kept(settled: Company) -> None:
    before, reports = stored(settled), sorted(settled.folder.rglob("plan.json"))
    found = asked(settled, "--seats", "Sales=30")
    assert stored(settled) == before
    assert sorted(settled.folder.rglob("plan.json")) == reports
    assert settled.json("history")[0]["kind"] == "what-if"
    waiting = [row for row in found["differences"] if row["then"] == "waits"]
    assert {(row["product"], row["difference"]) for row in waiting} == {("Sales", "loses")}
    (sales,) = [row for row in found["seats"] if row["product"] == "Sales"]
    assert (sales["purchased"], sales["purchased_then"]) == (36, 30)
    assert sales["waiting_then"] == len(waiting) > 0
    assert sales["used"] - sales["used_then"] == len(waiting)


def test_the_same_configuration_makes_no_difference(settled: Company) -> None:
    told = settled.run("plan", "--compare", str(settled.config))
    assert told.exit_code == 0
    nobody = "Nobody would hold or wait for another seat than by today's plan."
    assert told.stdout.startswith(f"{nobody}\n\nSeats\n")


def test_a_set_that_is_tried_out_has_its_group_read(settled: Company) -> None:
    night_desk = {"name": "Night Desk", "products": ["Sales"]}
    patch = {"subscription_sets": [*SETS, night_desk], "seats": {"Sales": 99}}
    found = asked(settled, "--what-if", file(settled, json.dumps(patch)))
    assert [tuple(row.values())[::2] for row in found["differences"]] == [
        ("kira.costa@harbour.example", "Sales", "nothing"),
        ("luis.costa@harbour.example", "Sales", "nothing"),
    ]
    assert {row["difference"] for row in found["differences"]} == {"gains"}


def test_what_a_policy_would_change_is_merged_into_the_configuration(settled: Company) -> None:
    patch = file(settled, "policy: {allow_guests: true}\nseats: {Talent: 9}\n")
    told = settled.run("plan", "--what-if", patch)
    (row,) = [line for line in told.stdout.splitlines() if line.startswith("yara")]
    assert row.split()[1:] == ["Talent", "gains", "nothing", "holds"]


def test_a_set_with_other_products(settled: Company) -> None:
    found = asked(settled, "--product", "Talent Team=Marketing", "--seats", "Marketing=99")
    rows = {(row["product"], row["today"], row["then"]) for row in found["differences"]}
    assert rows == {
        ("Talent", "holds", "nothing"),
        ("Marketing", "nothing", "holds"),
    }


def test_guards_that_would_stop_only_the_other_plan_are_told(settled: Company) -> None:
    patch = file(settled, "policy: {max_revokes: 0, max_revoke_percent: 0}\n")
    assert [one["code"] for one in asked(settled, "--what-if", patch)["objections"]] == ["R9"]
    told = settled.run("plan", "--what-if", patch).stdout
    assert "That plan would be blocked, today's not: " in told


def test_so_many_rows_and_the_command_for_all_of_them(settled: Company) -> None:
    told = settled.run("plan", "--seats", "Sales=30", "--limit", "1").stdout
    assert "more; all of them: seatsync plan --limit" in told
    assert "--seats Sales=30" in told


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--seats", "Slaes=9"], 64, '--seats: "Slaes" is not known; did you mean "Sales"?'),
        (["--seats", "Sales=many"], 64, '"many" is not a number of seats, such as Sales=60.'),
        (["--seats", "60"], 64, '"60" is not of the form "Sales=60".'),
        (["--product", "Sales Taem=Sales"], 64, 'did you mean "Sales Team"?'),
        (["--product", "Sales Team=Slaes"], 64, 'did you mean "Sales"?'),
        (["--what-if", "a.yaml", "--compare", "b.yaml"], 64, "--compare names another one."),
        (["--reclaim", "--seats", "Sales=9"], 64, "nothing is made of an assumption."),
        (["--compare", "b.yaml"], 78, "b.yaml: the file cannot be read: there is none"),
    ],
)
def test_what_cannot_be_assumed(settled: Company, options: list[str], code: int, said: str) -> None:
    told = settled.run("plan", *options)
    assert told.exit_code == code
    assert said in told.stderr


def test_what_is_wrong_with_what_is_merged_is_told_with_its_line(settled: Company) -> None:
    patch = file(settled, "policy:\n  allow_guest: true\nseats: {Sales: [1]}\n")
    told = settled.run("plan", "--what-if", patch)
    assert told.exit_code == 78
    assert told.stderr == (
        f'{patch}:2: policy.allow_guest: "allow_guest" is not known; did you mean '
        f'"allow_guests"?\n{patch}:3: seats.Sales: expected a number of seats\n'
    )


def test_another_vendor_cannot_be_compared(settled: Company) -> None:
    patch = file(settled, "vendor: {base_url: 'https://other.example/scim'}\n")
    told = settled.run("plan", "--what-if", patch)
    assert (told.exit_code, told.stderr) == (
        78,
        f"{patch}: vendor.base_url: another vendor; no seat can be compared\n",
    )
