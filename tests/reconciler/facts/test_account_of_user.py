"""Whose an account is: one rule for one account, and the same for all of them at once."""

from itertools import product

import numpy as np
import pytest

from reconciler.columns.frames import TEXT, column, folded, frame
from reconciler.columns.table_joins import find
from reconciler.facts.account_of_user import Attributes, Certainty, mail_path, same_account
from reconciler.facts.matching import match
from support.worlds.world import MAIL

ANA = "0a0a0a0a-0000-4000-8000-000000000001"
ANA_ONLY: Attributes = {"externalId": ANA, "userName": "ana@x.example", MAIL: "a@x.example"}


def account(external_id: str | None, name: str | None, mail: str | None) -> Attributes:
    return {"externalId": external_id, "userName": name, MAIL: mail}


@pytest.mark.parametrize(
    ("has", "certainty"),
    [
        (account(ANA, "other", "other"), Certainty.LINKED),
        (account("somebody", "ana@x.example", "a@x.example"), Certainty.SOMEBODY_ELSES),
        (account(None, "ana@x.example", "a@x.example"), Certainty.AGREES),
        (account("", "ANA@X.example", "A@x.example"), Certainty.AGREES),
        (account(None, "ana@x.example", None), Certainty.NOT_DENIED),
        (account(None, None, "a@x.example"), Certainty.NOT_DENIED),
        (account(None, "ana@x.example", "b@x.example"), Certainty.UNLIKE),
        (account(None, "bob@x.example", "a@x.example"), Certainty.UNLIKE),
    ],
)
def test_an_external_id_is_certain_and_a_name_alone_is_not(
    has: Attributes, certainty: Certainty
) -> None:
    assert same_account(ANA_ONLY, has) is certainty


def test_where_no_mail_address_is_mapped_none_agrees() -> None:
    without = {path: value for path, value in ANA_ONLY.items() if path != MAIL}
    assert same_account(without, {"userName": "ana@x.example"}) is Certainty.NOT_DENIED


def test_values_are_compared_as_the_vendor_keeps_them_where_that_is_known() -> None:
    has = account(None, "anax", "a@x.example")
    assert same_account(ANA_ONLY, has, lambda path: True) is Certainty.AGREES
    assert same_account(ANA_ONLY, has, lambda path: path != MAIL) is Certainty.UNLIKE


def test_the_first_mail_address_is_the_one_that_is_compared() -> None:
    home = 'emails[type eq "home"].value'
    assert mail_path(["userName", "title", MAIL, home]) == MAIL
    assert mail_path(["userName", "title"]) == ""


SIDES = product(
    [ANA, "somebody", None, ""],
    ["ana@x.example", "ANA@x.example", "bob@x.example", None],
    ["a@x.example", "A@X.example", "b@x.example", None],
)


@pytest.mark.parametrize("has", [account(*sides) for sides in SIDES])
def test_all_accounts_at_once_are_matched_by_the_same_rule(has: Attributes) -> None:
    people = frame({"id": TEXT, "presence": TEXT, "mailNickname": TEXT}, [{"id": ANA}])
    people["presence"] = column(["present"], TEXT)
    desired = {path: folded(column([value], TEXT)) for path, value in ANA_ONLY.items()}
    accounts = {path: folded(column([value], TEXT)) for path, value in has.items()}
    owner = find(column([has["externalId"]], TEXT), people["id"])
    found = match(people, desired, np.array([True]), accounts, owner, MAIL)
    certainty = same_account(ANA_ONLY, has)
    assert found.linked[0] == (certainty is Certainty.LINKED)
    assert found.certain[0] == (certainty >= Certainty.AGREES)
    assert found.foreign[0] <= (certainty is Certainty.SOMEBODY_ELSES)
