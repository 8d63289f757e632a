"""Who is told of runs that nobody looks at, and what notices that none came."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from config.field_types import Address
from config.secret_reference import SecretReference
from config.section import FilePath, Section

Event = Literal[
    "waiting",  # a plan waits for review
    "held",  # a guard objects to it
    "partial",  # it was applied in part
    "failed",  # there is no plan, or nothing could be applied
    "recovered",  # the first run after failures that is none
    "dead",  # no run has gone well for a week
    "seats",  # somebody waits for a seat
    "reclaim",  # a seat that nobody uses is to be taken back, and its user should know
    "token",  # the vendor's token expires in 30, 14, 7, 1 days
    "credential",  # that of the Entra app expires
    "quarantine",  # runs of the timetable are put off, or no longer
    "missed",  # a run of the timetable is caught up
    "stopped",  # nothing is applied for any tenant of a fleet
    "configuration",  # the timetable cannot be kept by it
]
"""What can be told of a run."""

EVENTS: tuple[Event, ...] = get_args(Event)


class Receiver(Section):
    """Who is told, once a day of each event, by mail, Teams, Slack, or whatever Apprise knows."""

    to: SecretReference
    """By reference, for there may be a password in it: an address of Apprise, such as
    mailtos://user:password@smtp.example?to=team@example, workflows://…, slack://… or jsons://…."""

    events: Annotated[tuple[Event, ...], Field(min_length=1)] = EVENTS
    """Of what they are told; by default of everything."""


class Health(Section):
    """A dead-man's switch: it raises the alarm where a run does not come at all."""

    ping: Address
    """Told of the start, success (exit codes 0, 2, 3) and failure of each run, as Healthchecks has
    it: at this address, and at /start and /fail below it."""

    ca_file: FilePath | None = None
    """PEM: the authorities that its TLS certificate is believed by, and no others."""
