"""Bodies of PATCH requests (RFC 7644, section 3.5.2), in the forms that every server takes."""

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from scim2_models import Context, Group, PatchOp, PatchOperation, User

from connectors.scim.paths import Value, new_entry
from connectors.scim.transport import Json

AnyUser: TypeAlias = User[Any]


def replacement(attributes: Mapping[str, Value], absent: Collection[str] = ()) -> Json:
    """One operation per attribute; the `absent` entries, such as a first address, are added."""
    body = PatchOp[AnyUser](
        operations=[
            _addition(path, value)
            if path in absent
            else PatchOperation[AnyUser](op=PatchOperation.Op.replace_, path=path, value=value)
            for path, value in attributes.items()
        ]
    )
    return body.model_dump(scim_ctx=Context.RESOURCE_PATCH_REQUEST)


def joining(account_id: str) -> Json:
    """Adds one member to a group."""
    return _of_group(
        PatchOperation[Group](
            op=PatchOperation.Op.add, path="members", value=[{"value": account_id}]
        )
    )


def leaving(member: str) -> Json:
    """Removes one member by a filter path; with a value list some servers remove everybody."""
    return _of_group(
        PatchOperation[Group](
            op=PatchOperation.Op.remove, path=f'members[value eq "{quoted(member)}"]'
        )
    )


def quoted(value: str) -> str:
    """As a string in a SCIM filter (section 3.4.2.2: JSON strings)."""
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _addition(path: str, value: Value) -> PatchOperation[AnyUser]:
    attribute, entry = new_entry(path, value)
    return PatchOperation[AnyUser](op=PatchOperation.Op.add, path=attribute, value=[entry])


def _of_group(operation: PatchOperation[Group]) -> Json:
    body = PatchOp[Group](operations=[operation])
    return body.model_dump(scim_ctx=Context.RESOURCE_PATCH_REQUEST)
