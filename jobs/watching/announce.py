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
    lose = f"{Plural(len(announced)):user|users} will lose a seat that nobody uses"
    listed = "`seatsync idle` lists them, with the day"
    if any("reclaim" in receiver.events for receiver in context.settings.notifications):
        say(f"{lose}: the receivers of `reclaim` are told, once a week. {listed}.")
        tell(context, context.settings.notifications, announced)
    else:
        say(
            f"{lose}, and nobody is told by a message: `notifications` has no receiver of the "
            f"event reclaim. {listed}; tell them."
        )
