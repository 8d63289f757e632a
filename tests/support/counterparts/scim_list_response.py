"""Answers of SCIM servers to whoever lists."""

from collections.abc import Sequence
from typing import Any

Resource = dict[str, Any]


def listed(resources: Sequence[Resource]) -> Resource:
    """All of them on one page, which is sent whatever is asked for."""
    return {"totalResults": len(resources), "Resources": list(resources)}
