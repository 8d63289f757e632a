"""Bodies of PATCH requests (RFC 7644, section 3.5.2), in the forms that every server takes."""

from collections.abc import Collection, Mapping
from typing import TypeAlias, cast

from scim2_models import Context, EnterpriseUser, Group, PatchOp, PatchOperation, User

from connectors.scim.attribute_paths import Value, new_entries, whole
from connectors.scim.transport import Json

AnyUser: TypeAlias = User[EnterpriseUser]


def replacement(attributes: Mapping[str, object], absent: Collection[str] = ()) -> Json:
    """One operation per attribute; the `absent` entries, such as a first address, are added, and
    what has no value is removed.
    """
    changed = {path: value for path, value in attributes.items() if path not in absent}
    added = {path: cast("Value", attributes[path]) for path in attributes if path in absent}
    operations = [_change(path, value) for path, value in changed.items()]
    body = PatchOp[AnyUser](operations=[*operations, *_additions(added)])
    return body.model_dump(scim_ctx=Context.RESOURCE_PATCH_REQUEST)


def without_path(attributes: Mapping[str, object]) -> Json:
    """One operation whose value has all the attributes (RFC 7644, section 3.5.2.3)."""
    operation = PatchOperation[AnyUser](op=PatchOperation.Op.replace_, value=dict(attributes))
    return PatchOp[AnyUser](operations=[operation]).model_dump(
        scim_ctx=Context.RESOURCE_PATCH_REQUEST
    )


def removal(path: str) -> Json:
    """Removes an attribute's value from a user."""
    body = PatchOp[AnyUser](operations=[_removal(path)])
    return body.model_dump(scim_ctx=Context.RESOURCE_PATCH_REQUEST)


def joining(*account_ids: str, at: str = "") -> Json:
    """Adds members to a group; `at` is the address of users, for servers that want a ``$ref``."""
    members = [
        {"value": account_id, **({"$ref": f"{at}{account_id}"} if at else {})}
        for account_id in account_ids
    ]
    return _of_group(PatchOperation[Group](op=PatchOperation.Op.add, path="members", value=members))


def joining_bare(*account_ids: str) -> Json:
    """`joining` without a path (RFC 7644, section 3.5.2.1)."""
    members = [{"value": account_id} for account_id in account_ids]
    return _of_group(PatchOperation[Group](op=PatchOperation.Op.add, value={"members": members}))


def leaving(*members: str) -> Json:
    """Removes members, each by a filter path; with a value list some servers remove everybody."""
    return _of_group(
        *(
            PatchOperation[Group](
                op=PatchOperation.Op.remove, path=f'members[value eq "{quoted(member)}"]'
            )
            for member in members
        )
    )


def leaving_by_list(*members: str) -> Json:
    """Removes members by a value list: not in the RFC, but Entra and others send it."""
    values = [{"value": member} for member in members]
    operation = {"op": "remove", "path": "members", "value": values}
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}


def equals(attribute: str, value: str) -> str:
    """The filter for resources with this value (RFC 7644, section 3.4.2.2)."""
    return f'{attribute} eq "{quoted(value)}"'


def quoted(value: str) -> str:
    """The text as a string in a SCIM filter: a JSON string (RFC 7644, section 3.4.2.2)."""
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _change(path: str, value: object) -> PatchOperation[AnyUser]:
    if value is None:
        return _removal(whole(path))
    return PatchOperation[AnyUser](op=PatchOperation.Op.replace_, path=path, value=value)


def _removal(path: str) -> PatchOperation[AnyUser]:
    return PatchOperation[AnyUser](op=PatchOperation.Op.remove, path=path)


def _additions(attributes: Mapping[str, Value]) -> list[PatchOperation[AnyUser]]:
    return [
        PatchOperation[AnyUser](op=PatchOperation.Op.add, path=attribute, value=[entry])
        for attribute, entry in new_entries(attributes)
    ]


def _of_group(*operations: PatchOperation[Group]) -> Json:
    body = PatchOp[Group](operations=list(operations))
    return body.model_dump(scim_ctx=Context.RESOURCE_PATCH_REQUEST)
