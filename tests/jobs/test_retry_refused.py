"""`seatsync retry`: the next plan asks again for what the vendor keeps refusing."""

from datetime import timedelta

import pytest

from config.load import load
from connectors.store.database import open_database
from connectors.store.store import Store
from jobs.clock import utc_now
from reconciler.model.plan import Subject
from reconciler.model.refusal_backoff import Refusal
from support.alone import alone
from support.scenarios.company import Company


@pytest.fixture
def store(approved: Company) -> Store:
    return open_database(load(approved.config).store)


def first_of_the_plan(company: Company) -> Subject:
    operations = company.json("show latest")["operations"]
    subject = next(one["subject"] for one in operations if one["subject"]["kind"] == "user")
    return Subject(**subject)


def test_of_one_user_or_of_everybody(approved: Company, store: Store) -> None:
    user, now = first_of_the_plan(approved), utc_now()
    twice = Refusal(2, now - timedelta(days=1), now, "400 no")
    whose = [user.id, "another", "a third"]
    alone(store).refusals.save({f"{one} joins Sales": twice for one in whose})
    alone(store).capabilities.save("https://vendor.example", {"required:title": True}, now)

    told = approved.run("retry", user.name)
    assert told.stdout == "1 refusal is forgotten; the next plan asks again.\n"
    assert alone(store).refusals.all().keys() == {"another joins Sales", "a third joins Sales"}

    assert approved.run("retry").stdout == "3 refusals are forgotten; the next plan asks again.\n"
    assert alone(store).refusals.all() == {}


def test_whom_the_plan_does_not_mention_is_told(approved: Company) -> None:
    user = first_of_the_plan(approved)
    told = approved.run("retry", f"{user.name}x")
    assert told.exit_code == 64
    assert f"mentions no user {user.name}x" in told.stderr
    assert f"nothing is forgotten. Similar: {user.name}" in told.stderr
