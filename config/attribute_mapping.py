"""The attribute mapping: what each SCIM attribute of an account is made from (guide, step 1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, InitErrorDetails, core_schema

from config.expression_syntax import (
    AttributeExpression,
    Constant,
    Expression,
    Outcomes,
    SwitchExpression,
    attributes,
    outcomes,
    parse,
)
from config.scim_attribute_path import ScimPath, parsed

# What an administrator may set of a SCIM User (RFC 7643, section 4.1): attributes, parts of them,
# and of what there may be several of, the value of the one entry that has this type.
_ATTRIBUTES = frozenset(
    {
        "userName",
        "active",
        "externalId",
        "displayName",
        "nickName",
        "title",
        "userType",
        "preferredLanguage",
        "locale",
        "timezone",
    }
)
_PARTS_OF_NAME = frozenset(
    {
        "formatted",
        "familyName",
        "givenName",
        "middleName",
        "honorificPrefix",
        "honorificSuffix",
    }
)
_ENTRIES = frozenset({"emails", "phoneNumbers"})
_TYPES = frozenset({"work", "home", "mobile", "other"})

_ACTIVE_IN_THE_GUIDE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'

# Entra's own in mapping expressions: computed, or called differently by Graph.
COMPUTED = frozenset({"objectId", "IsSoftDeleted"})


@dataclass(frozen=True)
class AttributeMapping:
    """Rows of a SCIM path and the expression it is made from, in the file's order."""

    rows: tuple[tuple[str, Expression], ...]

    @classmethod
    def parse(cls, texts: object) -> "AttributeMapping":
        """From a mapping of SCIM path to expression text.

        Raises:
            pydantic.ValidationError: a ValueError; every row that is wrong, or is needed.
        """
        return TypeAdapter(cls).validate_python(texts)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The SCIM paths."""
        return tuple(target for target, _ in self.rows)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The Graph attributes that the expressions read, to be selected beside ``id``."""
        read = {name for _, expression in self.rows for name in attributes(expression)}
        return tuple(sorted(read - COMPUTED))

    def __getitem__(self, target: str) -> Expression | None:
        """What a SCIM path is made from, if it is mapped."""
        return dict(self.rows).get(target)

    def __repr__(self) -> str:
        return f"AttributeMapping({dict(self.rows)})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        rows = core_schema.dict_schema(
            core_schema.no_info_plain_validator_function(_target),
            core_schema.no_info_plain_validator_function(_expression),
        )
        return core_schema.no_info_wrap_validator_function(
            lambda given, read: given if isinstance(given, cls) else _mapping(read(given)),
            rows,
            serialization=core_schema.plain_serializer_function_ser_schema(repr),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "string"}}


# What parsing the guide's own six expressions gives; written out, it costs no parser at start-up.
GUIDE_MAPPING = AttributeMapping(
    (
        ("userName", AttributeExpression("userPrincipalName")),
        (
            "active",
            SwitchExpression(
                AttributeExpression("IsSoftDeleted"),
                None,
                (
                    (Constant("False"), Constant("True")),
                    (Constant("True"), Constant("False")),
                ),
            ),
        ),
        ('emails[type eq "work"].value', AttributeExpression("mail")),
        ("name.givenName", AttributeExpression("givenName")),
        ("name.familyName", AttributeExpression("surname")),
        ("externalId", AttributeExpression("objectId")),
    )
)


def _target(path: object) -> str:
    if not isinstance(path, str) or not _can_be_set(path):
        raise ValueError(f'"{path}" is not an attribute of a SCIM user that can be set')
    return path


def _can_be_set(path: str) -> bool:
    match parsed(path):
        case ScimPath(attribute, None, None, None):
            return attribute in _ATTRIBUTES
        case ScimPath("name", None, str(part), None):
            return part in _PARTS_OF_NAME
        case ScimPath(attribute, str(entry), "value", None):
            return attribute in _ENTRIES and entry in _TYPES
    return False


def _expression(text: object) -> Expression:
    if not isinstance(text, str):
        raise ValueError("expected an attribute's name or an expression")
    return parse(text)


def _mapping(rows: dict[str, Expression]) -> AttributeMapping:
    problems = [
        InitErrorDetails(
            type="value_error",
            loc=(row,) if row in rows else (),
            input=None,
            ctx={"error": ValueError(why)},
        )
        for row, why in _problems(rows)
    ]
    if problems:
        raise ValidationError.from_exception_data("attribute_mapping", problems)
    return AttributeMapping(tuple(rows.items()))


def _problems(rows: dict[str, Expression]) -> Iterator[tuple[str, str]]:
    """Rows by which accounts would be lost, or kept by whoever must not have one, and why."""
    if "userName" not in rows:
        yield "userName", "userName is needed: every account has one"
    if rows.get("externalId") != AttributeExpression("objectId"):
        yield (
            "externalId",
            "externalId must be objectId: it ties an account to its user when names change",
        )
    if "active" not in rows:
        yield (
            "active",
            "active is needed: without it whoever leaves, or is disabled or deleted, can still "
            f"sign in; the guide's row is {_ACTIVE_IN_THE_GUIDE}",
        )
        return
    for soft_deleted, active in (("True", "False"), ("False", "True")):
        found = outcomes(rows["active"], {"IsSoftDeleted": soft_deleted})
        if found != {Constant(active)}:
            yield (
                "active",
                f'where IsSoftDeleted is "{soft_deleted}" this gives {_listed(found)}, and it has '
                f'to give "{active}" for everybody; the guide\'s row is {_ACTIVE_IN_THE_GUIDE}',
            )


def _listed(found: Outcomes) -> str:
    """Such as ``"True" or whatever mail says or nothing``."""
    texts = [f'"{outcome.text}"' for outcome in found if isinstance(outcome, Constant)]
    texts += [
        f"whatever {outcome.name} says"
        for outcome in found
        if isinstance(outcome, AttributeExpression)
    ]
    return " or ".join([*sorted(texts), *(["nothing"] if None in found else [])])
