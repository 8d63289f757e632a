"""The attribute mapping: what each SCIM attribute of an account is made from (guide, step 1)."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from config.expression import Attribute, Expression, attributes, parse

# Attributes of a SCIM User (RFC 7643, section 4.1) that an administrator may set.
_TARGET = re.compile(
    r"userName|active|externalId|displayName|nickName|title|userType|preferredLanguage|locale"
    r"|timezone|name\.(formatted|familyName|givenName|middleName|honorificPrefix|honorificSuffix)"
    r'|(emails|phoneNumbers)\[type eq "(work|home|mobile|other)"\]\.value'
)

# Computed or renamed by us, hence not to be asked of Graph under these names.
_NOT_SELECTED = {"objectId", "IsSoftDeleted"}


@dataclass(frozen=True)
class AttributeMapping:
    """Rows of a SCIM path and the expression it is made from, in the file's order."""

    rows: tuple[tuple[str, Expression], ...]

    @classmethod
    def parse(cls, texts: object) -> "AttributeMapping":
        """From a mapping of SCIM path to expression text; ValueError says what is wrong."""
        if isinstance(texts, cls):
            return texts
        if not isinstance(texts, dict):
            raise ValueError("expected rows of a SCIM attribute and its expression")
        rows = []
        for target, text in texts.items():
            if not _TARGET.fullmatch(str(target)):
                raise ValueError(f'"{target}" is not an attribute of a SCIM user that can be set')
            try:
                rows.append((target, parse(str(text))))
            except ValueError as error:
                raise ValueError(f"{target}: {error}") from None
        mapping = dict(rows)
        if "userName" not in mapping:
            raise ValueError("userName is needed: every account has one")
        if mapping.get("externalId") != Attribute("objectId"):
            raise ValueError(
                "externalId must be objectId: it ties an account to its user when names change"
            )
        return cls(tuple(rows))

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The SCIM paths."""
        return tuple(target for target, _ in self.rows)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The Graph attributes that the expressions read, to be selected beside ``id``."""
        read = {name for _, expression in self.rows for name in attributes(expression)}
        return tuple(sorted(read - _NOT_SELECTED))

    def __repr__(self) -> str:
        return f"AttributeMapping({dict(self.rows)})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(repr)
        )


GUIDE_MAPPING = AttributeMapping.parse(
    {
        "userName": "userPrincipalName",
        "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
        'emails[type eq "work"].value': "mail",
        "name.givenName": "givenName",
        "name.familyName": "surname",
        "externalId": "objectId",
    }
)
