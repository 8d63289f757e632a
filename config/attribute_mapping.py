"""The attribute mapping: what each SCIM attribute of an account is made from (guide, step 1)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, InitErrorDetails, core_schema

from config.attribute_mapping_row import MappedAttribute, MappingRow
from config.attribute_mapping_targets import can_be_mapped
from config.graph_user import IS_SOFT_DELETED, graph_property
from config.mapping_expressions.parser import parse
from config.mapping_expressions.possible_outcomes import Outcomes, outcomes
from config.mapping_expressions.syntax_tree import (
    AttributeExpression,
    Constant,
    Expression,
    FunctionCall,
    attributes,
    calls,
)

_ALWAYS = frozenset({"externalId", "active"})

_ACTIVE_IN_THE_GUIDE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


@dataclass(frozen=True)
class AttributeMapping:
    """Rows of a SCIM path and what it is made from, in the file's order."""

    rows: tuple[tuple[str, MappingRow], ...]

    @classmethod
    def parse(cls, texts: object) -> "AttributeMapping":
        """From a mapping of SCIM path to expression text, or to the keys of `MappedAttribute`.

        Raises:
            pydantic.ValidationError: a ValueError; every row that is wrong, or is needed.
        """
        return TypeAdapter(cls).validate_python(texts)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The SCIM paths."""
        return tuple(target for target, _ in self.rows)

    @cached_property
    def kept_in_step(self) -> frozenset[str]:
        """The SCIM paths that follow the directory at accounts that exist."""
        return frozenset(target for target, row in self.rows if row.apply == "always")

    @cached_property
    def cleared(self) -> frozenset[str]:
        """The SCIM paths whose value is removed from an account where there is none."""
        return frozenset(target for target, row in self.rows if row.clear)

    @cached_property
    def mail_path(self) -> str:
        """The SCIM path of the mail address, the first of several; "" where none is mapped."""
        return next((target for target in self.targets if target.startswith("emails")), "")

    @cached_property
    def says_matching(self) -> bool:
        """Whether rows say what accounts are matched by; else it is the default."""
        return any(row.matching for _, row in self.rows)

    @cached_property
    def matching(self) -> tuple[str, ...]:
        """The two SCIM paths by which an account that is linked to nobody is found to be a user's,
        in their precedence; both have to agree. One alone, where no mail address is mapped and no
        row says otherwise, is never enough.
        """
        if self.says_matching:
            said = {row.matching: target for target, row in self.rows}
            return said[1], said[2]
        return ("userName", self.mail_path) if self.mail_path else ("userName",)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The properties of Graph's users that are read, to be selected beside ``id``."""
        read = {name for _, row in self.rows for name in attributes(row.expression)}
        return tuple(sorted({graph_property(name) for name in read - {IS_SOFT_DELETED}} - {"id"}))

    def __getitem__(self, target: str) -> MappingRow | None:
        """What a SCIM path is made from, if it is mapped."""
        return dict(self.rows).get(target)

    def __repr__(self) -> str:
        """Of this the configuration's digest is made: it tells all that decides."""
        said = f", matching={self.matching}" if self.says_matching else ""
        return f"AttributeMapping({dict(self.rows)}{said})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        rows = core_schema.dict_schema(
            core_schema.no_info_after_validator_function(_target, core_schema.str_schema()),
            core_schema.no_info_wrap_validator_function(_row, handler(MappedAttribute)),
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
        rows = handler(schema)
        return {
            **rows,
            "additionalProperties": {"anyOf": [{"type": "string"}, rows["additionalProperties"]]},
        }


# What parsing the guide's own six expressions gives; written out, it costs no parser at start-up.
GUIDE_MAPPING = AttributeMapping(
    (
        ("userName", MappingRow(AttributeExpression("userPrincipalName"))),
        (
            "active",
            MappingRow(
                FunctionCall(
                    "Switch",
                    (
                        AttributeExpression(IS_SOFT_DELETED),
                        None,
                        *map(Constant, ("False", "True", "True", "False")),
                    ),
                )
            ),
        ),
        ('emails[type eq "work"].value', MappingRow(AttributeExpression("mail"))),
        ("name.givenName", MappingRow(AttributeExpression("givenName"))),
        ("name.familyName", MappingRow(AttributeExpression("surname"))),
        ("externalId", MappingRow(AttributeExpression("objectId"))),
    )
)


def _target(path: str) -> str:
    if not can_be_mapped(path):
        raise ValueError(f'"{path}" is not an attribute of a SCIM user that can be set')
    return path


def _row(given: object, read: Callable[[object], MappedAttribute]) -> MappingRow:
    """Text is a direct mapping or an expression."""
    if isinstance(given, str):
        return MappingRow(parse(given))
    if not isinstance(given, dict):
        raise ValueError("expected an attribute's name or an expression")
    return read(given).row


def _mapping(rows: dict[str, MappingRow]) -> AttributeMapping:
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


def _problems(rows: dict[str, MappingRow]) -> Iterator[tuple[str, str]]:
    """Rows by which accounts would be lost, or kept by whoever must not have one, and why."""
    if "userName" not in rows:
        yield "userName", "userName is needed: every account has one"
    elif any(call.name == "Now" for call in calls(rows["userName"].expression)):
        yield "userName", "Now has no place here: a user name does not change with the time"
    yield from _external_id(rows.get("externalId"))
    yield from _active(rows.get("active"))
    yield from _matching({target: row for target, row in rows.items() if row.matching})
    for target in rows:
        row = rows[target]
        if row.apply == "on_create" and target in _ALWAYS:
            yield target, f"{target} has to follow the directory: take out `apply: on_create`"
        if row.default_if_null is not None and _identifies(target, row):
            yield target, f"{target} is of one user alone, so there is no default for it"
        if row.clear and _identifies(target, row):
            yield target, f"an account is found by its {target}: take out `clear`"


def _external_id(row: MappingRow | None) -> Iterator[tuple[str, str]]:
    source = row and row.expression
    if source == AttributeExpression("objectId"):
        return
    why = "externalId must be objectId: it ties an account to its user when names change"
    if source == AttributeExpression("mailNickname"):
        why += (
            ". mailNickname is Microsoft's default, which the guide's step 1 changes; an account "
            "that has it is linked by what else agrees, once you approve that (A6)"
        )
    yield "externalId", why


def _active(row: MappingRow | None) -> Iterator[tuple[str, str]]:
    if row is None:
        yield (
            "active",
            "active is needed: without it whoever leaves, or is disabled or deleted, can still "
            f"sign in; the guide's row is {_ACTIVE_IN_THE_GUIDE}",
        )
        return
    for soft_deleted, active in (("True", "False"), ("False", "True")):
        found = outcomes(row.expression, {IS_SOFT_DELETED: soft_deleted})
        if found != {Constant(active)}:
            yield (
                "active",
                f'where IsSoftDeleted is "{soft_deleted}" this gives {_listed(found)}, and it has '
                f'to give "{active}" for everybody; the guide\'s row is {_ACTIVE_IN_THE_GUIDE}',
            )


def _matching(rows: dict[str, MappingRow]) -> Iterator[tuple[str, str]]:
    """Of the rows with `matching`. With `apply: on_create` one may have it: an account is compared
    before it is linked, and afterwards its externalId decides, whatever becomes of the value.
    """
    for target, row in rows.items():
        if target == "externalId":
            yield target, "externalId always comes first: take out `matching`"
        elif target == "active":
            yield target, "active tells nobody apart: take out `matching`"
        elif shared := _shared(row.expression):
            yield target, f"this gives {shared} for several users, so nobody is found by it"
    if rows and (
        sorted(filter(None, (row.matching for row in rows.values()))) != [1, 2]
        or "userName" not in rows
    ):
        yield (
            [*rows][-1],
            "`matching` is said by two rows, 1 by one and 2 by the other, and one of them is "
            "userName, by which alone a vendor tells all accounts apart",
        )


def _shared(expression: Expression) -> str:
    """What several users may be given by it, as far as that can be said; "" for nothing."""
    fixed = frozenset(one for one in outcomes(expression, {}) if isinstance(one, Constant))
    if fixed or any(attributes(expression)):
        return _listed(fixed)
    return "the same"


def _identifies(target: str, row: MappingRow) -> bool:
    """Whether an account is found by it, or by it alone is in use."""
    found_by = target in {"userName", "externalId"} or target.startswith("emails") or row.matching
    return bool(found_by) or target == "active"


def _listed(found: Outcomes) -> str:
    """Such as ``"True" or whatever mail says or nothing``."""
    texts = sorted(_told(outcome) for outcome in found if outcome is not None)
    return " or ".join([*texts, *(["nothing"] if None in found else [])])


def _told(outcome: Expression) -> str:
    if isinstance(outcome, Constant):
        return f'"{outcome.text}"'
    if isinstance(outcome, AttributeExpression):
        return f"whatever {outcome.name} says"
    return f"whatever {outcome} gives"
