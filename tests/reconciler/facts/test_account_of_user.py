"""Whose an account is: one rule for one account, and the same for all of them at once."""

from itertools import product

import numpy as np
import pytest

from config.attribute_mapping_targets import ENTERPRISE
from reconciler.columns.frames import TEXT, column, folded, frame
from reconciler.columns.table_joins import find
from reconciler.facts.account_of_user import (
    Attributes,
    Certainty,
    attributes_in_words,
    same_account,
)
from reconciler.facts.matching import match
from support.worlds.world import MAIL

ANA = "0a0a0a0a-0000-4000-8000-000000000001"
ANA_ONLY: Attributes = {"externalId": ANA, "userName": "ana@x.example", MAIL: "a@x.example"}


BY_MAIL = ("userName", MAIL)
NUMBER = f"{ENTERPRISE}:employeeNumber"
BY_NUMBER = (NUMBER, "userName")


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
    assert same_account(ANA_ONLY, has, BY_MAIL) is certainty


def test_where_no_mail_address_is_mapped_none_agrees() -> None:
    without = {path: value for path, value in ANA_ONLY.items() if path != MAIL}
    has = {"userName": "ana@x.example"}
    assert same_account(without, has, ["userName"]) is Certainty.NOT_DENIED


def test_values_are_compared_as_the_vendor_keeps_them_where_that_is_known() -> None:
    has = account(None, "anax", "a@x.example")
    assert same_account(ANA_ONLY, has, BY_MAIL, lambda path: True) is Certainty.AGREES
    assert same_account(ANA_ONLY, has, BY_MAIL, lambda path: path != MAIL) is Certainty.UNLIKE


NUMBERED: Attributes = {**ANA_ONLY, NUMBER: "a7"}


@pytest.mark.parametrize(
    ("has", "certainty"),
    [
        ({NUMBER: "A7", MAIL: "b@x.example"}, Certainty.AGREES),
        ({NUMBER: "8", MAIL: "a@x.example"}, Certainty.UNLIKE),
        ({MAIL: "a@x.example"}, Certainty.NOT_DENIED),
        ({NUMBER: "7", "userName": "bob@x.example"}, Certainty.UNLIKE),
    ],
)
def test_two_other_attributes_decide_where_the_mapping_says_so(
    has: Attributes, certainty: Certainty
) -> None:
    assert same_account(NUMBERED, {"userName": "ana@x.example", **has}, BY_NUMBER) is certainty


def test_who_has_no_value_to_agree_is_not_certain() -> None:
    has = {"userName": "ana@x.example", NUMBER: "7"}
    assert same_account({**ANA_ONLY, NUMBER: None}, has, BY_NUMBER) is Certainty.NOT_DENIED


@pytest.mark.parametrize(
    ("matching", "words"),
    [
        (["userName", MAIL], "user name and mail address"),
        (["userName"], "user name and mail address"),
        ([NUMBER, "userName"], "employeeNumber and user name"),
    ],
)
def test_they_are_told_in_words(matching: list[str], words: str) -> None:
    assert attributes_in_words(matching) == words


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
    found = match(people, desired, np.array([True]), accounts, owner, BY_MAIL)
    certainty = same_account(ANA_ONLY, has, BY_MAIL)
    assert found.linked[0] == (certainty is Certainty.LINKED)
    assert found.certain[0] == (certainty >= Certainty.AGREES)
    assert found.foreign[0] <= (certainty is Certainty.SOMEBODY_ELSES)
