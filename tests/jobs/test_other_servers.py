"""Plan, approve and apply against servers that others wrote: every kind of operation comes true."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from elsewhere import Elsewhere
from errands import ERRANDS
from office import guid
from scim_servers import SERVERS, NotToBeHad


@pytest.fixture(params=sorted(SERVERS.keys() - {"sandbox"}))
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Elsewhere]:
    try:
        with SERVERS[request.param]() as server, Elsewhere(tmp_path, server) as elsewhere:
            yield elsewhere
    except NotToBeHad as error:
        pytest.skip(str(error))


def test_every_kind_of_operation_comes_true_and_nothing_is_left_to_do(
    elsewhere: Elsewhere,
) -> None:
    elsewhere.approve()
    outcomes = elsewhere.json("apply latest")["outcomes"]
    assert {outcome["kind"] for outcome in outcomes} == set(ERRANDS)
    assert {outcome["result"] for outcome in outcomes} == {"done"}, outcomes

    accounts = elsewhere.accounts
    assert sorted(accounts) == sorted([*(name for name, *_ in ERRANDS.values()), "zoe"])
    assert {name: account["externalId"] for name, account in accounts.items()} == {
        name: guid(name) for name in accounts
    }
    inactive = {name for name, account in accounts.items() if account["active"] is not True}
    assert inactive == {"dan", "bob"}
    assert {account["familyName"] for account in accounts.values()} == {"Abel"}
    assert elsewhere.holders == {
        "Sales Team": ["ana", "eva", "fay", "gus", "hal", "zoe"],
        "Marketing Team": ["cyd"],
        "Talent Team": ["ivy"],
    }
    assert elsewhere.run("plan").exit_code == 0
