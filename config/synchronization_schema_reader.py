"""From Entra's synchronization schema to what the configuration has for the same.

Whatever cannot be taken over as it is meant there is left out, and told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from config.mapping_expressions.syntax_tree import AttributeExpression, Expression
from config.scoping_filter import OF_NUMBERS, OPERATORS, ScopingFilter
from config.synchronization_schema import (
    USER,
    AttributeMappingEntry,
    FilterClause,
    FilterGroup,
    ObjectMapping,
    SynchronizationSchema,
)


def _text(expression: Expression) -> str:
    return expression.name if isinstance(expression, AttributeExpression) else str(expression)


_APPLY = {None: {}, "Always": {}, "ObjectAddOnly": {"apply": "on_create"}}
_GUIDE = {target: _text(row.expression) for target, row in GUIDE_MAPPING.rows}
_NEEDED = ("userName", "active", "externalId")

_OPERATORS = {name.replace("_", " ").casefold(): name for name in OPERATORS}


@dataclass
class Imported:
    """Values of the configuration's `attribute_mapping` and `scoping_filters`, and in sentences
    what was left out, or is otherwise than in the schema."""

    attribute_mapping: dict[str, Any] = field(default_factory=dict)
    scoping_filters: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def import_schema(schema: SynchronizationSchema) -> Imported:
    """What the mapping of users says. Raises ValueError if there is none."""
    mappings = schema.object_mappings
    of_users = [one for one in mappings if one.source_object_name == USER]
    if not of_users:
        raise ValueError("the schema has no object mapping whose sourceObjectName is User")
    users = next((one for one in of_users if one.enabled is not False), of_users[0])
    found = Imported()
    found.left_out += (
        f'the object mapping "{one.name or one.source_object_name}": groups follow '
        "`subscription_sets`, and users the first mapping of users that is enabled"
        for one in mappings
        if one is not users
    )
    found.left_out += _of_the_whole(users)
    for entry in users.attribute_mappings or ():
        if entry != AttributeMappingEntry():
            _import_row(entry, found)
    _import_matching(users.attribute_mappings or (), found)
    found.attribute_mapping = {
        target: _shortest(row) for target, row in found.attribute_mapping.items()
    }
    for target in _NEEDED:
        if target not in found.attribute_mapping:
            found.attribute_mapping[target] = _GUIDE[target]
            found.left_out.append(f"{target}: the guide's row was written, for one is needed")
    _import_scope(users, found)
    return found


def _of_the_whole(users: ObjectMapping) -> Iterator[str]:
    if users.enabled is False:
        yield "the mapping of users is not enabled in Entra, and is what this file says here"
    flows = {flow.strip() for flow in (users.flow_types or "").split(",")} - {""}
    if missing := [flow for flow in ("Add", "Update", "Delete") if flows and flow not in flows]:
        yield f"that {', '.join(missing)} is switched off: seatsync plans whatever has to be done"


def _import_row(entry: AttributeMappingEntry, found: Imported) -> None:
    target = entry.target_attribute_name
    if entry.flow_type not in _APPLY:
        found.left_out.append(f"{target}: its flow type {entry.flow_type} is not known here")
        return
    if target in found.attribute_mapping:
        found.left_out.append(f"{target}: it is mapped twice, and the first row was taken")
        return
    row = _row(entry)
    if not row:
        found.left_out.append(f"{target}: it has neither a source nor a default value")
        return
    why = _objection({target: row})
    if why and "default_if_null" in row:
        dropped = row.pop("default_if_null")
        if not _objection({target: row}):
            found.left_out.append(f'{target}: without its default value "{dropped}": {why}')
            why = ""
    if why:
        found.left_out.append(f"{target}: {why}")
        return
    found.attribute_mapping[target] = row


def _import_matching(entries: Iterable[AttributeMappingEntry], found: Imported) -> None:
    """What two attributes say of matching is taken over, if they can here; userName alone, as with
    Entra's default, is the default here, too.
    """
    priorities: dict[str, int] = {}
    for entry in entries:
        target, priority = entry.target_attribute_name, entry.matching_priority or 0
        if priority > 0 and target in found.attribute_mapping and target != "externalId":
            priorities.setdefault(target, priority)
    first, *others = sorted(priorities, key=lambda target: priorities[target]) or ["userName"]
    if [first, *others] == ["userName"]:
        return
    rows = {
        target: {**found.attribute_mapping[target], "matching": 1 if target == first else 2}
        for target in (first, *others)
    }
    if why := _objection(rows):
        found.left_out.append(f"matching by {', '.join(rows)}: {why}; the default stands")
    else:
        found.attribute_mapping |= rows


def _row(entry: AttributeMappingEntry) -> dict[str, Any]:
    source, default = entry.source, entry.default_value or None
    if source is None or not (source.expression or source.name):
        # Entra's mapping type "None": nothing but the default, which only a new account gets.
        return {"constant": default, "apply": "on_create"} if default else {}
    row: dict[str, Any] = {**_APPLY[entry.flow_type]}
    if default is not None:
        row["default_if_null"] = default
    if source.type == "Constant":
        return {"constant": source.name or "", **row}
    if source.type == "Function":
        return {"expression": source.expression or "", **row}
    return {"direct": source.name or (source.expression or "").strip("[]"), **row}


def _shortest(row: dict[str, Any]) -> Any:
    """Text, where the section would say no more."""
    (only, text), *more = row.items()
    return text if not more and only != "constant" else row


def _objection(rows: dict[str, Any]) -> str:
    """Why these rows cannot stand in a mapping that is in order otherwise; "" if they can."""
    try:
        AttributeMapping.parse({**_GUIDE, **rows})
    except ValidationError as error:
        return "; ".join(dict.fromkeys(map(_sentence, error.errors())))
    return ""


def _import_scope(users: ObjectMapping, found: Imported) -> None:
    """All of the filters or none: one clause less lets somebody pass, one filter less nobody."""
    scope = users.scope
    if scope is None:
        return
    if scope.input_filter_groups or scope.category_filter_groups:
        found.left_out.append("inputFilterGroups and categoryFilterGroups: Graph's experiments")
    filters = [_filter(one) for one in scope.groups or ()]
    problems = [why for one in filters for why in _refused(one)]
    if problems:
        why = "; ".join(problems)
        found.left_out.append(f"all scoping filters, so that everybody is in scope: {why}")
    else:
        found.scoping_filters = filters


def _filter(group: FilterGroup) -> dict[str, Any]:
    named = {"name": group.name} if group.name else {}
    return {**named, "clauses": [_clause(one) for one in group.clauses or ()]}


def _clause(clause: FilterClause) -> dict[str, Any]:
    said = clause.operator_name
    operator = _OPERATORS.get(said.replace("_", " ").casefold(), said)
    values = (clause.target_operand and clause.target_operand.values) or ()
    told: dict[str, Any] = {"attribute": clause.source_operand_name, "operator": operator}
    if len(values) > 1:
        return {**told, "value": list(values)}
    for value in values:
        number = operator in OF_NUMBERS and value.isascii() and value.isdigit()
        told["value"] = int(value) if number else value
    return told


def _refused(one: dict[str, Any]) -> Iterator[str]:
    try:
        ScopingFilter.model_validate(one)
    except ValidationError as error:
        yield from map(_sentence, error.errors())


def _sentence(problem: Any) -> str:
    given = problem.get("ctx", {}).get("error")
    return str(given or problem["msg"])
