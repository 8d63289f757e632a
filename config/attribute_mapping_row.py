"""One row of the attribute mapping, with the options of Entra's page "Edit attribute"."""

from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.mapping_expressions.parser import parse
from config.mapping_expressions.syntax_tree import AttributeExpression, Constant, Expression
from config.section import Section

Apply = Literal["always", "on_create"]
Precedence = Literal[1, 2]


@dataclass(frozen=True)
class MappingRow:
    """What a SCIM attribute is made from, and when it is sent.

    apply            on_create: only an account that is created gets it
    default_if_null  what an account that is created gets where the expression has no value
    clear            where it has no value, that of an account is removed
    matching         its precedence among the two that an account is found by; None: not by it, or
                     by default (`AttributeMapping.matching`)
    """

    expression: Expression
    apply: Apply = "always"
    default_if_null: str | None = None
    clear: bool = False
    matching: Precedence | None = field(default=None, repr=False)


class MappedAttribute(Section):
    """One attribute with options: exactly one of `direct`, `constant` and `expression`, and when it
    is sent. Text in the place of this section is a directory attribute's name or an expression."""

    direct: str | None = None
    """A directory attribute, such as department."""

    constant: str | None = None
    """The same text for everybody."""

    expression: str | None = None
    """As Entra writes it."""

    apply: Apply = "always"
    """`on_create` is Entra's "Only during object creation": accounts get it when they are created,
    and are not changed later."""

    default_if_null: Annotated[str | None, Field(min_length=1)] = None
    """What an account that is created gets where there is no value. As with Entra, one that exists
    does not get it."""

    clear: bool = False
    """Where there is no value, the vendor's is removed. Entra sends no null value to a vendor, so
    that an account keeps what it has; and so it does here without this."""

    matching: Precedence | None = None
    """Entra's "Matching precedence", said by two rows: 1 and 2. An account that is linked to nobody
    becomes a user's if both attributes agree; by the first it is looked for first. One of the two
    is userName. Where no row says it, userName is 1 and the mail address 2."""

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if len({"direct", "constant", "expression"} & self.model_fields_set) != 1:
            raise ValueError("give one of `direct`, `constant` and `expression`")
        if self.clear and (self.apply == "on_create" or self.default_if_null is not None):
            raise ValueError("`clear` is for accounts that exist: no `on_create`, no default")
        return self

    @property
    def row(self) -> MappingRow:
        """What it means. Raises ValueError if the expression is none."""
        return MappingRow(
            self._value(), self.apply, self.default_if_null, self.clear, self.matching
        )

    def _value(self) -> Expression:
        if self.constant is not None:
            return Constant(self.constant)
        value = parse(self.expression or self.direct or "")
        if self.direct is not None and not isinstance(value, AttributeExpression):
            raise ValueError("`direct` takes an attribute's name; give this as `expression`")
        return value
