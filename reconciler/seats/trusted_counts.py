"""Which numbers of seats in an inventory can be believed; none is ever guessed."""

import re
from datetime import date, timedelta

from reconciler.model.phrasing import Plural
from reconciler.model.seat_inventory import SeatCount

MOST_SEATS = 10**9
"""The most seats of one product. More is a typing error, and more than the store's columns hold."""

LONGEST_SHOWN = 20
"""Characters that a message shows of what should be a number."""


def purchased(count: SeatCount | None, max_age: timedelta, today: date) -> tuple[int | None, str]:
    """How many seats were bought, or why that is not known."""
    if count is None or count.purchased in (None, ""):
        return None, "the inventory gives no number"
    number, why = whole_number(count.purchased)
    if number is not None and count.as_of and today - count.as_of > max_age:
        return None, f"the count is {Plural((today - count.as_of).days):day|days} old"
    if not why and count.used not in (None, ""):
        why = whole_number(count.used)[1]
    return (None, why) if why else (number, "")


def whole_number(given: int | float | str | None) -> tuple[int | None, str]:
    """A number of seats as it may be written, such as 50 or 50.0, or why it is not one."""
    if given in (None, ""):
        return None, ""
    text = str(given)  # YAML's true is 1 to Python, and no number as text
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    number = re.fullmatch(r"(-?)([0-9]+)(?:\.([0-9]*))?", text)
    if not number:
        return None, f'"{shown}" is not a number in the digits 0 to 9'
    sign, digits, fraction = number.groups()
    if sign:
        return None, f"{shown} is negative"
    if fraction and fraction.strip("0"):
        return None, f"{shown} is not a whole number"
    if len(digits) > len(str(MOST_SEATS)) or int(digits) > MOST_SEATS:
        return None, f"{shown} is more than {MOST_SEATS:,}"
    return int(digits), ""
