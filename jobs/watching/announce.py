"""Tells that seats are to be taken back, once a person asked for a plan that does so."""

from jobs.context import Context
from jobs.output.console import say
from jobs.watching.notifications import reclaim_announcements
from jobs.watching.tell import tell
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Plan


def announce_reclaim(context: Context, plan: Plan) -> None:
    """To each receiver of the event `reclaim`; where there is none, people have to do it."""
    announced = list(reclaim_announcements(plan))
    if not announced:
        return
    say(
        f"{Plural(len(announced)):user is|users are} to lose a seat that they do not use, and keep "
        "it for `policy.idle.grace` from when that was announced: `seatsync idle` has the days."
    )
    if any("reclaim" in receiver.events for receiver in context.settings.notifications):
        tell(context, announced)
    else:
        say(
            "Nobody is told by a message, for `notifications` has no receiver of the event "
            "reclaim: tell them yourself."
        )
