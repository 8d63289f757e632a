"""Which situation a failed operation shows: the first that is the case, by what is known of it."""

from typing import Any

import pytest

from reconciler.applying.failure_cause import Failure, failure_cause
from reconciler.model.plan import Kind, Operation
from reconciler.situations import RUN
from support.worlds.plan_of_every_kind import every_kind

OF_KIND = {operation.kind: operation for operation in every_kind().operations}


def cause(kind: Kind, **known: Any) -> str | None:
    found = failure_cause(Failure(OF_KIND[kind], **known))
    return found.code if found else None


@pytest.mark.parametrize("operation", OF_KIND.values(), ids=str)
def test_what_was_just_refused_has_no_other_cause(operation: Operation) -> None:
    assert failure_cause(Failure(operation, refused=True, detail="400 no")) is None


@pytest.mark.parametrize(
    ("kind", "known", "code"),
    [
        (Kind.CREATE_SET_GROUP, {"conflicts": True}, "V4"),
        (Kind.CREATE_SET_GROUP, {"conflicts": True, "empty_groups": False}, "V4"),
        (Kind.CREATE_SET_GROUP, {"empty_groups": False}, "V21"),
        (Kind.CREATE_ACCOUNT, {"empty_groups": False, "conflicts": True}, None),
        (Kind.GRANT, {"no_seat": "402 none left"}, "S8"),
        (Kind.GRANT, {"no_seat": ""}, "S8"),
        (Kind.GRANT, {"no_seat": "none", "accepted": True}, "S8"),
        (Kind.CREATE_ACCOUNT, {"refused": True, "lacking": frozenset({"title"})}, "V20"),
        (Kind.CREATE_ACCOUNT, {"lacking": frozenset({"title"})}, None),
        (Kind.GRANT, {"refused": True, "lacking": frozenset({"title"})}, None),
        (Kind.UPDATE_ACCOUNT, {"fixed": ("userName",)}, "V13"),
        (Kind.CREATE_ACCOUNT, {"fixed": ("userName",)}, None),
        (Kind.REVOKE, {"alone_in": "Sales Team"}, "V17"),
        (Kind.MOVE, {"alone_in": "Sales Team"}, None),
        (Kind.REVOKE, {"alone_in": "Sales Team", "accepted": True}, "V17"),
        *((kind, {"accepted": True}, "V10") for kind in Kind),
    ],
)
def test_the_first_that_is_the_case_is_the_cause(
    kind: Kind, known: dict[str, Any], code: str | None
) -> None:
    assert cause(kind, **known) == code


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"products": ("Sales",)}, "nobody else was granted Sales in this run"),
        ({"products": ("Sales",), "stays": True}, ""),
        ({}, ""),
    ],
)
def test_v10_ends_the_grants_of_products_that_are_ignored(known: dict[str, Any], said: str) -> None:
    found = failure_cause(Failure(OF_KIND[Kind.GRANT], accepted=True, **known))
    assert found
    assert ("nobody else" in found.message) is bool(said)
    assert said in found.message


def test_s8_names_the_products_and_what_the_vendor_said() -> None:
    known: dict[str, Any] = {"no_seat": "402 none left", "products": ("Sales", "Talent")}
    found = failure_cause(Failure(OF_KIND[Kind.GRANT], **known))
    assert found
    assert "Sales, Talent" in found.message
    assert "402 none left" in found.message


def test_v20_names_every_attribute_that_is_required() -> None:
    lacking = frozenset({"title", "nickName"})
    found = failure_cause(Failure(OF_KIND[Kind.CREATE_ACCOUNT], refused=True, lacking=lacking))
    assert found
    assert "nickName, title" in found.message


def test_s8_of_no_product_in_particular_is_about_what_the_account_holds() -> None:
    found = failure_cause(Failure(OF_KIND[Kind.CREATE_ACCOUNT], no_seat="none left"))
    assert found
    assert "what the account holds" in found.message


def test_v10_names_the_change_as_one_would_say_it() -> None:
    found = failure_cause(Failure(OF_KIND[Kind.CREATE_ACCOUNT], accepted=True))
    assert found
    assert "create account" in found.message


ONE_OF_EACH: list[tuple[Kind, dict[str, Any], str]] = [
    (Kind.CREATE_SET_GROUP, {"empty_groups": False}, '"{name}"'),
    (Kind.GRANT, {"no_seat": "402 none"}, "what the account holds"),
    (Kind.UPDATE_ACCOUNT, {"fixed": ("title", "userName")}, "title, userName"),
    (Kind.UPDATE_ACCOUNT, {"fixed": ("title",)}, "seen in this run"),
    (Kind.REVOKE, {"alone_in": "Sales Team", "detail": "400 no."}, "400 no"),
    (Kind.REVOKE, {"alone_in": "Sales Team"}, "Sales Team"),
    (Kind.CREATE_ACCOUNT, {"accepted": True}, "create account"),
]


@pytest.mark.parametrize(("kind", "known", "said"), ONE_OF_EACH)
def test_a_cause_says_what_is_known_of_it(kind: Kind, known: dict[str, Any], said: str) -> None:
    operation = OF_KIND[kind]
    found = failure_cause(Failure(operation, **known))
    assert found
    assert said.format(name=operation.subject.name) in found.message
    assert "None" not in found.message
    assert ".." not in found.message


def test_a_cause_is_about_the_user_but_for_what_the_vendor_does_with_everybody() -> None:
    for kind, known, _ in ONE_OF_EACH:
        found = failure_cause(Failure(OF_KIND[kind], **known))
        assert found
        assert found.subject == (RUN if "fixed" in known else OF_KIND[kind].subject)
