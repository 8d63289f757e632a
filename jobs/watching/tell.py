"""Tells each receiver what is new, in one message with what could not be told the last time."""

from collections.abc import Iterable, Sequence

from config.watching import Receiver
from connectors.watching.messages import send
from jobs.context import Context
from jobs.output.console import say
from jobs.output.failures import in_plain_words
from jobs.watching.notifications import Notice, worth_telling
from reconciler.model.phrasing import Plural

TRIES = 2
"""So often a notice is sent: after its own run, and after the next one."""

_TITLES = {
    "waiting": "a plan waits for review",
    "held": "a guard objects to a plan",
    "partial": "a plan was applied in part",
    "failed": "a run failed",
    "recovered": "runs are well again",
    "dead": "nothing is kept in step",
    "seats": "seats have run out",
    "reclaim": "seats that nobody uses are to be taken back",
    "token": "the API token expires",
    "credential": "the Entra app's credential expires",
    "quarantine": "runs that keep failing",
    "missed": "a run was missed",
    "stopped": "applies of the fleet are stopped",
    "outage": "a server fails the runs of several tenants",
    "configuration": "the configuration cannot be used",
}


def tell(context: Context, receivers: Iterable[Receiver], found: Sequence[Notice]) -> None:
    """Nothing that fails here changes what a run came to."""
    for receiver in receivers:
        try:
            _tell(context, receiver, found)
        except Exception as error:
            say(f"{in_plain_words(error)}. It is told after the next run, or not at all.")


def _tell(context: Context, receiver: Receiver, found: Sequence[Notice]) -> None:
    to, now = str(receiver.to), context.clock()
    mine = (notice for notice in found if notice.event in receiver.events)
    with context.store.transaction() as tx:
        new = worth_telling(mine, tx.notices.written(to), now)
        tx.notices.write(to, {notice.key: notice.text for notice in new}, now)
        texts = tx.notices.undelivered(to, TRIES)
    if not texts:
        return
    delivered = False
    try:
        send(receiver.to, title(context.settings.vendor.name, texts), "\n\n".join(texts.values()))
        delivered = True
    finally:
        with context.store.transaction() as tx:
            tx.notices.sent(to, list(texts), delivered=delivered)


def title(vendor: str, keys: Iterable[str]) -> str:
    """The first event, with which each key begins, and how many others there are."""
    first, *others = dict.fromkeys(_TITLES[key.partition(" ")[0]] for key in keys)
    more = f", and {Plural(len(others)):more thing|more things}" if others else ""
    return f"seatsync, {vendor}: {first}{more}"
