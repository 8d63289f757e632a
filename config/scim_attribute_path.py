"""SCIM attribute paths (RFC 7644, section 3.5.2), in the one spelling in which they are known here.

Three forms are known: ``userName``, ``name.givenName`` and ``emails[type eq "work"].value``; each
may stand in an extension, after its URN and a colon.
"""

import re
from dataclasses import dataclass
from functools import cache

# As in RFC 7643, section 2.1, and RFC 7644, section 3.5.2. Written here, for every plan reads such
# paths, and a library of SCIM's models would be a third of all that it loads.
_NAME = r"[A-Za-z$][A-Za-z0-9$_-]*"
_PATH = re.compile(
    rf"(?:(?P<schema>urn:[A-Za-z0-9][A-Za-z0-9-]+:[A-Za-z0-9:._-]+):)?(?P<attribute>{_NAME})"
    rf'(?:\[type eq "(?P<type>_*[^\W_]\w*)"\])?(?:\.(?P<sub>{_NAME}))?'
)


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
    found = _PATH.fullmatch(text)
    return ScimPath(**found.groupdict()) if found else None
