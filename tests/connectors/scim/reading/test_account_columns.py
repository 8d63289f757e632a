"""What is kept of each account: the same as its object says, in columns."""

from typing import Any

import pytest

from connectors.scim.reading import account_columns
from connectors.scim.reading.account_columns import ID, MAILS, AccountColumns
from connectors.scim.reading.account_index import AccountIndex

WORK = 'emails[type eq "work"].value'


def account(at: int, **said: Any) -> dict[str, Any]:
    return {"id": f"a{at}", "userName": f"user{at}", **said}


def columns(*accounts: dict[str, Any], paths: tuple[str, ...] = (WORK, "active")) -> AccountColumns:
    kept = AccountColumns(paths)
    kept.add(accounts)
    return kept


def mail(value: str, kind: str = "work") -> dict[str, str]:
    return {"type": kind, "value": value}


def test_a_column_is_in_one_piece_however_many_pages_there_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(account_columns, "ROWS", 3)
    kept = AccountColumns(())
    for at in range(0, 10, 2):
        kept.add([account(at), account(at + 1)])
    assert kept[ID].to_pylist() == [f"a{at}" for at in range(10)]
    kept.add([account(10)])
    assert kept[ID].to_pylist() == [f"a{at}" for at in range(11)]


def test_what_is_not_said_is_absent() -> None:
    kept = columns(account(1, externalId="", active=None), account(2, externalId="x", active=False))
    frame = kept.frame([WORK, "active"])
    assert list(frame) == ["account", "userName", "externalId", WORK, "active"]
    assert frame["externalId"].isna().tolist() == [True, False]
    assert frame["active"].isna().tolist() == [True, False]
    assert frame[WORK].isna().all()


def test_numbers_and_lists_of_one_are_text_in_a_column_too() -> None:
    kept = columns({"id": 7, "userName": ["seven"], "active": "True"}, account(8, active=0))
    frame = kept.frame(["active"])
    assert frame["account"].tolist() == ["7", "a8"]
    assert frame["userName"].tolist() == ["seven", "user8"]
    assert frame["active"].tolist() == [True, False]


def test_no_accounts_are_a_frame_of_the_same_columns() -> None:
    assert list(columns().frame([WORK])) == ["account", "userName", "externalId", WORK, "active"]


def test_further_mail_addresses_are_kept_beside_the_mapped_one() -> None:
    kept = columns(
        account(1, emails=[mail("w@x.example"), mail("H@x.example", "home")]), account(2)
    )
    assert kept[MAILS].to_pylist() == [["H@x.example"], []]
    assert sorted(kept.mails()) == [("a1", "H@x.example"), ("a1", "w@x.example")]


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ("a1", "a1"),
        ("A1", "a1"),
        ("USER1", "a1"),
        ("W@X.example", "a1"),
        ("h@x.example", "a1"),
        ("both@x.example", "both@x.example"),
        ("nobody", "nobody"),
    ],
)
def test_a_member_is_whoever_alone_is_named_so(named: str, meant: str) -> None:
    both = mail("both@x.example", "other")
    mine = [mail("w@x.example"), mail("H@x.example", "home"), both]
    index = AccountIndex(columns(account(1, emails=mine), account(2, emails=[both])))
    assert index.id_of(named) == meant


def test_an_account_that_was_created_meanwhile_is_found_by_its_names() -> None:
    index = AccountIndex(columns(account(1, externalId="one")))
    assert index.matching("one", "") == {"a1"}
    index.note("a2", "two", "User2")
    assert index.matching("two", "") == {"a2"}
    assert index.matching("", "USER2") == {"a2"}
