"""The part of check about who is told: whether they can be, and with `--tell` that they are."""

from collections.abc import Iterator

from config.settings import Settings
from connectors.errors import CounterpartError
from connectors.watching.messages import known, send
from jobs.check.result import Check, fault, fine, unproven


def check_notifications(settings: Settings, *, tell: bool) -> Iterator[Check]:
    """One check per receiver; `tell` sends each of them a message."""
    for receiver in settings.notifications:
        try:
            if tell:
                events = ", ".join(receiver.events)
                text = f"`seatsync check --tell` sends this. You are told of: {events}."
                send(receiver.to, f"seatsync, {settings.vendor.name}: a test", text)
                yield fine(f"notifications: {receiver.to} was told")
            else:
                known(receiver.to)
                yield unproven(f"notifications: {receiver.to} holds an address; --tell tries it")
        except CounterpartError as error:
            yield fault(f"notifications: {error}")
