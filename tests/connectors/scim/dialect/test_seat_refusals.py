"""What vendors say when all seats are taken, and what only sounds like it."""

import pytest

from connectors.errors import NotSent, OutcomeUnknown
from connectors.scim.dialect.seat_refusals import no_seat
from connectors.scim.errors import ScimRefused

NAMES = ("Seat License Team", "max.quota@moor.example", "Max", "Limit reached")


@pytest.mark.parametrize(
    ("status", "said", "scim_type"),
    [
        (402, "", ""),
        (402, "Payment Required: upgrade your plan to add more members", ""),
        (403, "User limit reached (3 max)", ""),
        (403, "This would exceed the maximum number of users of your subscription", ""),
        (403, "You have reached the maximum number of users in your contract", ""),
        (400, "Maximum number of allowed users have been reached.", ""),
        (400, "Maximum number of members has been reached.", ""),
        (400, "the request was refused", "userLimitReached"),
        (409, "No seats available on this plan", ""),
        (409, "No subscriptions left for this product", ""),
        (409, "Max users exceeded for max.quota@moor.example", ""),
        (422, "Purchased seats exhausted", ""),
        (422, "This product has been fully allocated", ""),
        (403, "all licences are in use", ""),
        (403, "quota exceeded", ""),
        (503, "license pool empty", ""),
    ],
)
def test_it_is_about_seats(status: int, said: str, scim_type: str) -> None:
    assert no_seat(ScimRefused("asking", status, said, scim_type), NAMES)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (429, "the seat limit is reached"),
        (403, "rate limit exceeded"),
        (403, "Too many requests: your license allows 100 API calls per minute"),
        (403, "the quota of requests is used up"),
        (403, "not allowed"),
        (400, "userName exceeds the maximum length of user names (64 characters)"),
        (413, "the limit is reached: 50 members per request"),
        (404, "group Seat License Team has no such member"),
        (400, "max.quota@moor.example is not a valid address"),
        (400, "the title Limit reached is not allowed"),
        (503, "the server is at capacity"),
        (503, "quota exceeded"),
    ],
)
def test_it_only_sounds_like_it(status: int, said: str) -> None:
    assert not no_seat(ScimRefused("asking", status, said), NAMES)


def test_a_server_that_fails_with_such_words_is_believed_and_nothing_else_is() -> None:
    assert no_seat(OutcomeUnknown("asking", "500 LicenseLimitExceeded: no licenses left"), ())
    assert not no_seat(OutcomeUnknown("asking", "500 capacity"), ())
    assert not no_seat(NotSent("asking", "no seats left"), ())
    assert not no_seat(None, ())
