"""What a replay comes to, in sentences below its table."""

from collections.abc import Iterator

from jobs.report.replay_json import CapsDocument, ReplayDocument
from reconciler.model.phrasing import Plural


def replay_in_words(replay: ReplayDocument) -> Iterator[str]:
    """Whether plans came out as they were, what other settings would have held, and caps."""
    if replay.unreadable:
        yield f"What older plans were made of cannot be read any more: {replay.unreadable}."
    if replay.lost:
        yield f"This version cannot make these plans again: {', '.join(replay.lost)}."
    yield _reproduced(replay)
    then, now = (
        sum(value not in {"passes", "nothing to do", "not decided", ""} for value in values)
        for values in ([one.then for one in replay.plans], [one.now for one in replay.plans])
    )
    users = {user for one in replay.plans for user in one.only_now}
    lose = f"{Plural(len(users)):user|users} would have lost something who did not lose it then"
    yield f"Guards objected to {Plural(then):plan|plans}, and with these settings to {now}; {lose}."
    yield f"R9 as configured: {_caps(replay.configured)}"
    if replay.configured.wanted or replay.configured.purges:
        yield f"R9 as these plans propose: {_caps(replay.proposed)}"


def _reproduced(replay: ReplayDocument) -> str:
    others = [one.plan for one in replay.plans if not one.reproduced]
    count = f"{Plural(len(replay.plans)):plan was|plans were} made again with the settings of then"
    if not others:
        return f"{count}, and came out exactly as then."
    differ = f"{Plural(len(others)):differs from what it was|differ from what they were}"
    return f"{count}; {differ}, for seatsync was another version: {', '.join(others)}."


def _caps(caps: CapsDocument) -> str:
    policy = ", ".join(f"{name}: {value:g}" for name, value in caps.policy.items())
    return (
        f"{{{policy}}} holds {caps.purges_held} of {Plural(caps.purges):purge|purges}, and"
        f" {caps.false_holds} of {Plural(caps.wanted):plan|plans} that were carried out and take"
        " something."
    )
