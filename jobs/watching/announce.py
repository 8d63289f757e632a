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
    if any("reclaim" in receiver.events for receiver in context.settings.notifications):
        tell(context, announced)
        return
    users = f"{Plural(len(announced)):user|users}"
    say(
        f"Nobody told {users} that their seat is to be taken back: `notifications` has no receiver "
        "of the event reclaim. `seatsync idle` lists them, with the day; tell them."
    )
