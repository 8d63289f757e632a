"""Reads the vendor: every account, and who holds the sets or is in its other groups."""

from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from connectors.scim.listing import Listing
from connectors.scim.membership import Membership
from connectors.scim.paths import Resource, external_id, is_active, pick
from reconciler.model import frames
from reconciler.model.snapshot import Target


def read_target(
    users: Listing,
    membership: Membership,
    base_url: str,
    sets: Collection[str],
    paths: Sequence[str],
) -> Target:
    """The vendor's accounts and holdings; `complete` only if every promised resource came.

    Raises:
        Unauthorized, ScimRefused, Unreachable: the sets cannot be listed.
    """
    held = membership.held(users.resources, sets)
    because = users.because or held.because
    return Target(
        base_url=base_url,
        groups=held.groups,
        accounts=_accounts(users.resources, paths),
        holdings=_holdings(held.holdings),
        others=_holdings(held.others),
        unread=held.unread,
        complete=not because,
        because=because,
    )


def _holdings(pairs: Iterable[tuple[str, str]]) -> pd.DataFrame:
    return frames.frame(frames.HOLDINGS, ({"set": name, "account": at} for name, at in pairs))


def _accounts(users: Sequence[Resource], paths: Sequence[str]) -> pd.DataFrame:
    columns = dict.fromkeys(["userName", "externalId", *(p for p in paths if p != "active")])
    return pd.DataFrame(
        {
            "account": frames.column((str(user["id"]) for user in users), frames.TEXT),
            **{
                path: frames.column([_said(user, path) for user in users], frames.TEXT)
                for path in columns
            },
            "active": frames.column(map(is_active, users), frames.FLAG),
        }
    )


def _said(user: Resource, path: str) -> str | None:
    return external_id(user) if path == "externalId" else pick(user, path)
