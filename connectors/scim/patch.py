"""Bodies of PATCH requests (RFC 7644, section 3.5.2), in the forms that every server takes."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from connectors.scim.attribute_paths import Value, new_entries, whole
from connectors.scim.filters import equals
from connectors.scim.transport import Json

if TYPE_CHECKING:
    from scim2_models import PatchOp


def replacement(attributes: Mapping[str, object], absent: Collection[str] = ()) -> Json:
    """One operation per attribute; the `absent` entries, such as a first address, are added, and
    what has no value is removed.
    """
    changed = {path: value for path, value in attributes.items() if path not in absent}
    added = {path: cast("Value", attributes[path]) for path in attributes if path in absent}
    return _of_user(*(_change(path, value) for path, value in changed.items()), *_additions(added))


def without_path(attributes: Mapping[str, object]) -> Json:
    """One operation whose value has all the attributes (RFC 7644, section 3.5.2.3)."""
    return _of_user({"op": "replace", "value": dict(attributes)})


def removal(path: str) -> Json:
    """Removes an attribute's value from a user."""
    return _of_user(_removal(path))


def joining(*account_ids: str, at: str = "") -> Json:
    """Adds members to a group; `at` is the address of users, for servers that want a ``$ref``."""
    members = [
        {"value": account_id, **({"$ref": f"{at}{account_id}"} if at else {})}
        for account_id in account_ids
    ]
    return _of_group({"op": "add", "path": "members", "value": members})


def joining_bare(*account_ids: str) -> Json:
    """`joining` without a path (RFC 7644, section 3.5.2.1)."""
    members = [{"value": account_id} for account_id in account_ids]
    return _of_group({"op": "add", "value": {"members": members}})


def leaving(*members: str) -> Json:
    """Removes members, each by a filter path; with a value list some servers remove everybody."""
    return _of_group(*(_removal(f"members[{equals('value', member)}]") for member in members))


def leaving_by_list(*members: str) -> Json:
    """Removes members by a value list: not in the RFC, but Entra and others send it."""
    values = [{"value": member} for member in members]
    operation = {"op": "remove", "path": "members", "value": values}
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}


def _change(path: str, value: object) -> Json:
    if value is None:
        return _removal(whole(path))
    return {"op": "replace", "path": path, "value": value}


def _removal(path: str) -> Json:
    return {"op": "remove", "path": path}


def _additions(attributes: Mapping[str, Value]) -> list[Json]:
    return [
        {"op": "add", "path": attribute, "value": [entry]}
        for attribute, entry in new_entries(attributes)
    ]


# The models are loaded with the first body: a plan, which changes nothing, needs none.


def _of_user(*operations: Json) -> Json:
    from scim2_models import EnterpriseUser, PatchOp, User

    return _body(PatchOp[User[EnterpriseUser]], operations)


def _of_group(*operations: Json) -> Json:
    from scim2_models import Group, PatchOp

    return _body(PatchOp[Group], operations)


def _body(model: "type[PatchOp[Any]]", operations: Sequence[Json]) -> Json:
    from scim2_models import Context

    body = model.model_validate({"Operations": list(operations)})
    return body.model_dump(scim_ctx=Context.RESOURCE_PATCH_REQUEST)
