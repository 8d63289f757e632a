"""Which attributes of a SCIM user can be mapped (RFC 7643, sections 4.1 and 4.3)."""

from config.scim_attribute_path import ScimPath, parsed

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OF_ENTERPRISE = frozenset(
    {"employeeNumber", "costCenter", "organization", "division", "department"}
)
"""Its attributes that are text."""

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
_PARTS_OF_ADDRESS = frozenset(
    {"formatted", "streetAddress", "locality", "region", "postalCode", "country"}
)

# Of what there may be several of: the types of entries, and the parts of one.
_TYPES = frozenset({"work", "home", "mobile", "other"})
_ENTRIES = {
    "emails": (_TYPES, {"value"}),
    "phoneNumbers": (_TYPES | {"fax", "pager"}, {"value"}),
    "addresses": ({"work", "home", "other"}, _PARTS_OF_ADDRESS),
}


def can_be_mapped(path: str) -> bool:
    """Whether this SCIM path is one of these attributes."""
    match parsed(path):
        case ScimPath(attribute, None, None, None):
            return attribute in _ATTRIBUTES
        case ScimPath(attribute, None, None, schema) if schema == ENTERPRISE:
            return attribute in OF_ENTERPRISE
        case ScimPath("name", None, str(part), None):
            return part in _PARTS_OF_NAME
        case ScimPath(attribute, str(entry), str(part), None) if attribute in _ENTRIES:
            types, parts = _ENTRIES[attribute]
            return entry in types and part in parts
    return False
