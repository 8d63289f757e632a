"""What vendors' servers were seen to do, so that a later run need not find it out again."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, delete, insert, or_, select

from connectors.store.schema import capabilities
from reconciler.model.capabilities import Seen


def known_capabilities(engine: Engine, base_url: str) -> tuple[Seen, ...]:
    """What the server at this address was seen to have or to lack; nothing of any other address."""
    query = select(*(capabilities.c[name] for name in Seen._fields))
    with engine.begin() as connection:
        rows = connection.execute(query.where(capabilities.c.base_url == base_url))
        return tuple(map(Seen._make, rows))


def keep_capabilities(
    engine: Engine, base_url: str, learned: Mapping[str, bool], now: datetime
) -> None:
    """What was learned of this server takes the place of what was known; of others, nothing is."""
    here = capabilities.c.base_url == base_url
    rows = [
        {"base_url": base_url, "feature": feature, "works": works, "since": now}
        for feature, works in learned.items()
    ]
    with engine.begin() as connection:
        connection.execute(
            delete(capabilities).where(~here | capabilities.c.feature.in_(list(learned)))
        )
        if rows:
            connection.execute(insert(capabilities), rows)


def forget_refusals(engine: Engine) -> int:
    """What the vendor refused may be asked for again; returns how many such things there were."""
    feature = capabilities.c.feature
    refused = or_(*(feature.like(f"{way}%") for way in ("refused ", "missed:", "required:")))
    with engine.begin() as connection:
        return connection.execute(delete(capabilities).where(refused)).rowcount
