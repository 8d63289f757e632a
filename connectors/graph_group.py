"""A group from Graph's JSON, which may come from an export: without the SDK."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from config.subscription_set import SubscriptionSet
from reconciler.model.group_read import Group

T = TypeVar("T")


def latest(deleted: Iterable[Group], item: SubscriptionSet) -> Group | None:
    """The pinned one, else the last deleted of exactly the set's name."""
    named = [group for group in deleted if group.name == item.name]
    pinned = [group for group in deleted if group.id == item.group_id]
    return max(pinned or named, key=lambda group: str(group.deleted_at), default=None)


def group_of(item: Mapping[str, object]) -> Group:
    """From a group's JSON; what is missing, or of another type than Graph's, is left out."""
    types = item.get("groupTypes")
    return Group(
        id=str(item["id"]),
        name=str(item.get("displayName") or ""),
        types=tuple(str(name) for name in types) if isinstance(types, list) else (),
        security_enabled=_told(item, "securityEnabled", bool),
        rule_processing=_told(item, "membershipRuleProcessingState", str),
        role_assignable=_told(item, "isAssignableToRole", bool),
        visibility=_told(item, "visibility", str),
        deleted_at=_moment(item.get("deletedDateTime")),
    )


def _told(item: Mapping[str, object], name: str, kind: type[T]) -> T | None:
    value = item.get(name)
    return value if isinstance(value, kind) else None


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
