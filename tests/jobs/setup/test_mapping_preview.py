"""`mapping test`: what the mapping makes of somebody, before anything is planned."""

import json

from support.scenarios.company import Company

ADA = "ada.abel@harbour.example"


def test_a_user_is_shown_beside_what_the_vendor_has(settled: Company) -> None:
    writes = settled.writes
    told = settled.run("mapping", "test", "--user", "Ada Abel")
    assert told.exit_code == 0
    assert told.stdout.splitlines()[1] == ADA
    assert f'userPrincipalName "{ADA}"' in told.stdout
    assert f"Nothing is sent for {ADA}: seatsync explain U1" in told.stderr
    assert settled.writes == writes


def test_a_misspelt_name_gets_the_near_ones(settled: Company) -> None:
    told = settled.run("mapping", "test", "--user", "ada.able@harbour.example")
    assert told.exit_code == 64
    assert f"similar: {ADA}" in told.stderr


def test_a_file_is_tried_without_anybody_being_asked(company: Company) -> None:
    users = company.config.with_name("users.json")
    ids = [f"{at:08}-0000-0000-0000-000000000000" for at in range(4)]
    gone = ({}, {"IsSoftDeleted": "True"}, {"accountEnabled": False}, {"deletedDateTime": "now"})
    users.write_text(json.dumps([{"id": at, **how} for at, how in zip(ids, gone, strict=True)]))
    rows = json.loads(company.run("mapping", "test", "--file", str(users), "--json").stdout)
    active = [row["sent"] for row in rows if row["attribute"] == "active"]
    assert active == [True, None, None, None]
    assert not list(company.config.parent.glob("*.db"))


def test_either_a_user_or_a_file_is_asked_about(company: Company) -> None:
    for options in ([], ["--user", ADA, "--file", "users.json"]):
        told = company.run("mapping", "test", *options)
        assert told.exit_code == 64
        assert "Give either --user or --file." in told.stderr
