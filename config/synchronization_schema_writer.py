"""From the configuration to Entra's synchronization schema, for what Entra can be told."""

from collections.abc import Iterable, Iterator

from config.attribute_mapping import AttributeMapping
from config.attribute_mapping_row import MappingRow
from config.mapping_expressions.syntax_tree import AttributeExpression, Constant
from config.scoping_filter import Clause, ScopingFilter
from config.settings import Settings
from config.synchronization_schema import (
    USER,
    AttributeMappingEntry,
    AttributeMappingSource,
    Filter,
    FilterClause,
    FilterGroup,
    FilterOperand,
    ObjectMapping,
    SynchronizationRule,
    SynchronizationSchema,
)

_FLOW_TYPES = {"always": "Always", "on_create": "ObjectAddOnly"}


def export_schema(
    mapping: AttributeMapping, filters: Iterable[ScopingFilter], vendor: str
) -> SynchronizationSchema:
    """A schema with the one mapping of users; `vendor` is the name of the target directory."""
    # userName alone, as in Entra's default, stands for the default here.
    matching = mapping.matching if mapping.says_matching else ("userName",)
    priorities = {target: at for at, target in enumerate(("externalId", *matching), start=1)}
    users = ObjectMapping(
        name=f"Provision users of {vendor}",
        source_object_name=USER,
        target_object_name="urn:ietf:params:scim:schemas:core:2.0:User",
        attribute_mappings=tuple(
            _entry(target, row, priorities.get(target, 0)) for target, row in mapping.rows
        ),
        scope=_scope(tuple(filters)),
    )
    rule = SynchronizationRule(
        name="USER_OUTBOUND_USER",
        source_directory_name="Azure Active Directory",
        target_directory_name=vendor,
        object_mappings=(users,),
    )
    return SynchronizationSchema(synchronization_rules=(rule,))


def not_in_entra(settings: Settings) -> Iterator[str]:
    """What of the configuration the schema does not say, in sentences."""
    for target, row in settings.attribute_mapping.rows:
        if row.clear:
            yield f"{target} with `clear`: Entra sends no null value to a vendor"
        if row.matching == 2:
            yield "that both attributes with `matching` agree: Entra takes whom the first one finds"
    for item in settings.subscription_sets:
        if item.scoping_filters:
            yield f'the scoping filters of "{item.name}": Entra has none for single groups'
    if settings.policy.skip_out_of_scope_deletions:
        yield "policy.skip_out_of_scope_deletions: SkipOutOfScopeDeletions is among Entra's secrets"


def _entry(target: str, row: MappingRow, priority: int) -> AttributeMappingEntry:
    return AttributeMappingEntry(
        target_attribute_name=target,
        source=_source(row),
        default_value=row.default_if_null,
        flow_type=_FLOW_TYPES[row.apply],
        matching_priority=priority,
    )


def _source(row: MappingRow) -> AttributeMappingSource:
    text = str(row.expression)
    match row.expression:
        case AttributeExpression(name):
            return AttributeMappingSource(expression=text, name=name, type="Attribute")
        case Constant(value):
            return AttributeMappingSource(expression=text, name=value, type="Constant")
    return AttributeMappingSource(expression=text, name=text.partition("(")[0], type="Function")


def _scope(filters: tuple[ScopingFilter, ...]) -> Filter | None:
    if not filters:
        return None
    return Filter(
        groups=tuple(
            FilterGroup(name=one.name or None, clauses=tuple(map(_clause, one.clauses)))
            for one in filters
        )
    )


def _clause(clause: Clause) -> FilterClause:
    values = () if clause.value is None else (str(clause.value),)
    return FilterClause(
        source_operand_name=clause.attribute,
        operator_name=clause.operator,
        target_operand=FilterOperand(values=values),
    )
