"""SCIM attribute paths (RFC 7644, section 3.5.2), in the one spelling in which they are known here.

Three forms are known: ``userName``, ``name.givenName`` and ``emails[type eq "work"].value``; each
may stand in an extension, after its URN and a colon.
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class ScimPath:
    """An attribute, of the extension `schema`; of several entries the one of this `type`."""

    attribute: str
    type: str | None = None
    sub: str | None = None
    schema: str | None = None

    def __str__(self) -> str:
        schema = f"{self.schema}:" if self.schema else ""
        entry = f'[type eq "{self.type}"]' if self.type else ""
        return f"{schema}{self.attribute}{entry}{f'.{self.sub}' if self.sub else ''}"

    @staticmethod
    def parse(text: str) -> "ScimPath":
        """From its text. Raises ValueError if it is none, or none that is known here."""
        path = parsed(text)
        if path is None:
            raise ValueError(f'"{text}" is not a path that is known here')
        return path


@cache
def parsed(text: str) -> ScimPath | None:
    """The path, None if it has another form, or another spelling of one."""
    # Imported here: the configurations of most commands name no path.
    from scim2_models import InvalidPathException, Path
    from scim2_models.path import AttrPath, CompareOperator, Comparison, ValuePath

    try:
        node = Path(text).ast
    except InvalidPathException:
        return None
    path = None
    match node:
        case AttrPath(attribute, sub, schema):
            path = ScimPath(attribute, None, sub, schema)
        case ValuePath(
            AttrPath(attribute, None, schema),
            Comparison(AttrPath("type", None, None), CompareOperator.eq, str(kind)),
            sub,
        ) if kind.replace("_", "").isalnum():
            path = ScimPath(attribute, kind, sub, schema)
    return path if str(path) == text else None
