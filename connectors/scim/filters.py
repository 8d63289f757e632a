"""Filters of SCIM (RFC 7644, section 3.4.2.2)."""


def equals(attribute: str, value: str) -> str:
    """The filter for resources with this value; the value is a JSON string."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{attribute} eq "{quoted}"'
