"""What the vendor's server can do is found out by one run, and known to the next."""

from config.load import load
from connectors.store.database import open_database
from jobs.context import utc_now
from reconciler.model.capabilities import believed
from support.alone import alone
from support.scenarios.company import Company


def questions(company: Company) -> int:
    asked = company.sandbox.vendor_ledger.requests
    return sum("ServiceProviderConfig" in path for _, path in asked)


def test_the_server_is_asked_once_what_it_can_do(settled: Company) -> None:
    settled.run("plan")
    assert questions(settled) == 1
    settings = load(settled.config)
    store, url = open_database(settings.store), settings.vendor.base_url
    assert believed(alone(store).capabilities.of(url), utc_now())["filter"] is True

    alone(store).capabilities.save("https://elsewhere.example", {"filter": True}, utc_now())
    settled.run("plan")
    assert questions(settled) == 2
