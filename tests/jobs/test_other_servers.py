"""Plan, approve and apply against servers that others wrote: every kind of operation comes true."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.counterparts.scim_servers import SERVERS, NotToBeHad
from support.counterparts.small_tenant import guid
from support.scenarios.pending_at_other_servers import ATTRIBUTES, Elsewhere
from support.scenarios.pending_operations import PENDING

Start = Callable[..., Elsewhere]


@pytest.fixture(params=sorted(SERVERS.keys() - {"sandbox"}))
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(SERVERS[request.param]())
        except NotToBeHad as error:
            pytest.skip(str(error))
        yield lambda attribute="": stack.enter_context(Elsewhere(tmp_path, server, attribute))


def applied(elsewhere: Elsewhere) -> set[str]:
    """The kinds of operations, all of which are done; what is left to do is nothing."""
    elsewhere.approve()
    outcomes = elsewhere.json("apply latest")["outcomes"]
    assert [outcome for outcome in outcomes if outcome["result"] != "done"] == []
    assert elsewhere.run("plan").exit_code == 0
    return {outcome["kind"] for outcome in outcomes}


def assert_accounts_are_right(elsewhere: Elsewhere) -> None:
    accounts = elsewhere.accounts
    assert set(accounts) == {"zoe", *(PENDING[kind][0] for kind in elsewhere.kinds)}
    assert {name: account["externalId"] for name, account in accounts.items()} == {
        name: guid(name) for name in accounts
    }
    inactive = {name for name, account in accounts.items() if account["active"] is not True}
    assert inactive == {"dan", "bob"}
    assert {account["familyName"] for account in accounts.values()} == {"Abel"}


HOLDERS = {
    "Sales Team": ["ana", "eva", "fay", "gus", "hal", "zoe"],
    "Marketing Team": ["cyd"],
    "Talent Team": ["ivy"],
}


def test_every_kind_of_operation_comes_true_and_nothing_is_left_to_do(start: Start) -> None:
    elsewhere = start()
    assert applied(elsewhere) == set(PENDING)
    assert_accounts_are_right(elsewhere)
    assert elsewhere.holders == HOLDERS


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_a_set_may_be_held_by_an_attribute(start: Start, attribute: str) -> None:
    elsewhere = start(attribute)
    assert applied(elsewhere) == set(elsewhere.kinds)
    assert_accounts_are_right(elsewhere)
    assert elsewhere.holders == {**HOLDERS, "Talent Team": []}
    assert elsewhere.server.ask("GET", "/Groups").json().get("Resources", []) == []
