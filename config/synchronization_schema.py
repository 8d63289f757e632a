"""The synchronization schema of an enterprise application, as far as it says who gets what.

The shapes are those of Microsoft Graph's resources synchronizationSchema, synchronizationRule,
objectMapping, attributeMapping, attributeMappingSource, and filter (v1.0); what is not named here
is passed over on reading. ``GET /servicePrincipals/{id}/synchronization/jobs/{jobId}/schema``
answers with one.
"""

from msgspec import Struct

USER = "User"


class Shape(Struct, frozen=True, kw_only=True, rename="camel"):
    """A JSON object with Graph's keys; null is as good as absent."""


class AttributeMappingSource(Shape, frozen=True, kw_only=True):
    """What a value is made of; `name` is that of an attribute or a function, or a constant."""

    expression: str | None = None
    name: str | None = None
    type: str | None = "Attribute"


class AttributeMappingEntry(Shape, frozen=True, kw_only=True):
    """Graph's attributeMapping; a `matching_priority` above 0 takes part in the initial match."""

    target_attribute_name: str = ""
    source: AttributeMappingSource | None = None
    default_value: str | None = None
    flow_type: str | None = "Always"
    matching_priority: int | None = 0


class FilterOperand(Shape, frozen=True, kw_only=True):
    """What an attribute is compared with."""

    values: tuple[str, ...] | None = None


class FilterClause(Shape, frozen=True, kw_only=True):
    """One condition on one attribute."""

    source_operand_name: str = ""
    operator_name: str = ""
    target_operand: FilterOperand | None = None


class FilterGroup(Shape, frozen=True, kw_only=True):
    """Clauses that all have to hold."""

    name: str | None = None
    clauses: tuple[FilterClause, ...] | None = None


class Filter(Shape, frozen=True, kw_only=True):
    """Groups of clauses, of which one has to hold; the latter two are experimental."""

    groups: tuple[FilterGroup, ...] | None = None
    input_filter_groups: tuple[FilterGroup, ...] | None = None
    category_filter_groups: tuple[FilterGroup, ...] | None = None


class ObjectMapping(Shape, frozen=True, kw_only=True):
    """How objects of one kind are provisioned; `flow_types` are some of Add, Update, Delete."""

    name: str | None = None
    enabled: bool | None = True
    flow_types: str | None = "Add, Update, Delete"
    source_object_name: str | None = None
    target_object_name: str | None = None
    attribute_mappings: tuple[AttributeMappingEntry, ...] | None = None
    scope: Filter | None = None


class SynchronizationRule(Shape, frozen=True, kw_only=True):
    """What is provisioned from one directory to another."""

    name: str | None = None
    source_directory_name: str | None = None
    target_directory_name: str | None = None
    object_mappings: tuple[ObjectMapping, ...] | None = None


class SynchronizationSchema(Shape, frozen=True, kw_only=True):
    """The whole document."""

    synchronization_rules: tuple[SynchronizationRule, ...] | None = None

    @property
    def object_mappings(self) -> tuple[ObjectMapping, ...]:
        """Those of all rules, in their order; an empty one says nothing."""
        return tuple(
            one
            for rule in self.synchronization_rules or ()
            for one in rule.object_mappings or ()
            if one != ObjectMapping()
        )
