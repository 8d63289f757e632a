"""Habits of seats: where they are taken, and the words with which the last one is refused."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from connectors.sandbox.habits.habit import (
    Habit,
    Upstream,
    body_of,
    id_of,
    operations_of,
    refusal,
)
from connectors.sandbox.habits.lists import found


class NoSeat(Habit):
    """A refusal of its own kind where no seat is left: this status, with these words."""

    does = "lets the product's queue wait (S8), and goes on with all else"

    def __init__(self, name: str, status: int, words: str, source: str) -> None:
        self.name = name
        self.imitates = f'No seat is left at {self.taken_at}: {status} "{words}"'
        self.source = source
        self._status, self._words = status, words

    taken_at = ""

    def refusal(self) -> ScimResponse:
        """What is said instead of what the tidy vendor would say."""
        return refusal(self._status, self._words)


class NoSeatForAccount(NoSeat):
    """Every active account takes a seat, whatever groups it is in."""

    taken_at = "the account, when it is created or reactivated"
    collection = "Users"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if _makes_active(request):
            users = found(request, vendor, "/Users")
            active = {str(one["id"]) for one in users if one.get("active") is not False}
            if id_of(request) not in active and len(active) >= sum(vendor.portal.seats.values()):
                return self.refusal()
        return vendor.ask(request)


class NoSeatForMember(NoSeat):
    """A member of a set's group takes the seats of its products, as at the tidy vendor."""

    taken_at = "the group, when somebody joins it"
    collection = "Groups"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        answer = vendor.ask(request)
        return self.refusal() if answer.status == HTTPStatus.FORBIDDEN else answer


def _makes_active(request: ScimRequest) -> bool:
    sent = [one.get("value") for one in operations_of(request) if one.get("path") == "active"]
    if request.method in {"POST", "PUT"}:
        sent = [body_of(request).get("active", True)]
    return sent[-1:] == [True]


_COUSIN = "A cousin of the reported ones, in other words"
_SNAPOTTER = "SnapOtter issue 987"
_WSO2 = "wso2-extensions/identity-inbound-provisioning-scim2 issue 799"

SEATS: tuple[Callable[[], Habit], ...] = (
    partial(
        NoSeatForAccount,
        "no-seat-for-account-402",
        402,
        "Payment Required: upgrade your plan to add more members",
        "RFC 9110, section 15.5.3",
    ),
    partial(
        NoSeatForAccount,
        "no-seat-for-account-403",
        403,
        "User limit reached (3 at most)",
        _SNAPOTTER,
    ),
    partial(
        NoSeatForAccount,
        "no-seat-for-account-403-subscription",
        403,
        "Adding this user would exceed the maximum number of users of your subscription",
        _COUSIN,
    ),
    partial(
        NoSeatForAccount,
        "no-seat-for-account-400",
        400,
        "The maximum number of users is reached",
        _WSO2,
    ),
    partial(
        NoSeatForAccount,
        "no-seat-for-account-409",
        409,
        "No seats available on this plan",
        _COUSIN,
    ),
    partial(NoSeatForAccount, "no-seat-for-account-422", 422, "Purchased seats exhausted", _COUSIN),
    partial(
        NoSeatForAccount,
        "no-seat-for-account-500",
        500,
        "LicenseLimitExceeded: there are no licenses left",
        _COUSIN,
    ),
    partial(
        NoSeatForMember,
        "no-seat-for-member-402",
        402,
        "Payment Required: upgrade your plan to add more members",
        "RFC 9110, section 15.5.3",
    ),
    partial(
        NoSeatForMember,
        "no-seat-for-member-403",
        403,
        "You have reached the maximum number of users in your contract",
        _COUSIN,
    ),
    partial(
        NoSeatForMember,
        "no-seat-for-member-400",
        400,
        "The maximum number of members is reached",
        _WSO2,
    ),
    partial(
        NoSeatForMember,
        "no-seat-for-member-409",
        409,
        "No subscriptions left for this product",
        _COUSIN,
    ),
    partial(
        NoSeatForMember,
        "no-seat-for-member-422",
        422,
        "This product has been fully allocated",
        _COUSIN,
    ),
    partial(
        NoSeatForMember,
        "no-seat-for-member-500",
        500,
        "LicenseLimitExceeded: there are no licenses left",
        _COUSIN,
    ),
    partial(NoSeatForMember, "no-seat-for-member-503", 503, "license pool empty", _COUSIN),
)
