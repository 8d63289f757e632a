"""The functions of Entra's mapping expressions: how each is called, and which are refused.

Names and parameters are those of "Reference for writing expressions for attribute mappings in
Microsoft Entra"; AssertiveAppRoleAssignmentsComplex and IgnoreObjectFlow are in its neighbours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

KEYWORDS = ("IgnoreAttributeFlow", "vbBinaryCompare", "vbTextCompare")

INTERVALS = ("yyyy", "m", "d", "ww", "h", "n", "s")
"""Of DateAdd and DateDiff: year, month, day, week, hour, minute, second."""


@dataclass(frozen=True)
class Signature:
    """How a function is called. Parameters in brackets may be left blank, or out at the end; those
    with an ellipsis are repeated together."""

    name: str
    parameters: tuple[str, ...]

    @staticmethod
    def parse(text: str) -> "Signature":
        """Such as ``Switch(source, [defaultValue], key…, value…)``."""
        name, _, rest = text.removesuffix(")").partition("(")
        return Signature(name, tuple(rest.split(", ")) if rest else ())

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.parameters)})"

    def parameter(self, at: int) -> str | None:
        """The parameter for the argument at this place, None if there is none."""
        if at < len(self.parameters):
            return self.parameters[at]
        repeated = [one for one in self.parameters if one.endswith("…")]
        return repeated[(at - len(self.parameters)) % len(repeated)] if repeated else None

    @property
    def least(self) -> int:
        """As many arguments have to be written, blank or not."""
        size = len(self.parameters)
        while size and is_optional(self.parameters[size - 1]):
            size -= 1
        return size

    @property
    def together(self) -> int:
        """As many arguments at the end are repeated together; 0 if none are."""
        return sum(one.endswith("…") for one in self.parameters)


def is_optional(parameter: str) -> bool:
    """Whether an argument may be left blank."""
    return parameter.startswith("[")


def bare(parameter: str) -> str:
    """A parameter's name alone."""
    return parameter.strip("[]…")


_SIGNATURES = """
    Append(source, suffix)
    BitAnd(value1, value2)
    CBool(expression)
    CDate(expression)
    Coalesce(source…)
    ConvertToBase64(source)
    ConvertToUTF8Hex(source)
    Count(attribute)
    CStr(value)
    DateAdd(interval, value, dateTime)
    DateDiff(interval, date1, date2)
    DateFromNum(value)
    FormatDateTime(source, [dateTimeStyles], inputFormat, outputFormat)
    IgnoreFlowIfNullOrEmpty(expression)
    IIF(condition, valueIfTrue, valueIfFalse)
    InStr(value1, value2, [start], [compareType])
    IsNull(expression)
    IsNullOrEmpty(expression)
    IsPresent(expression)
    IsString(expression)
    Item(attribute, index)
    Join(separator, source…)
    Left(string, numChars)
    Mid(source, start, length)
    NormalizeDiacritics(source)
    Not(source)
    Now()
    NumFromDate(value)
    PCase(source, [wordSeparators])
    RemoveDuplicates(attribute)
    Replace(source, [oldValue], [regexPattern], [regexGroupName], [replacementValue], \
[replacementAttributeName], [template])
    Split(source, delimiter)
    StripSpaces(source)
    Switch(source, [defaultValue], key…, value…)
    ToLower(source, [culture])
    ToUpper(source, [culture])
    Word(string, wordNumber, delimiters)
"""

SIGNATURES: Mapping[str, Signature] = MappingProxyType(
    {
        signature.name: signature
        for signature in map(Signature.parse, map(str.strip, _SIGNATURES.strip().splitlines()))
    }
)

_ROLES = "it reads app role assignments of the enterprise application, and seats follow groups here"
_CHANCE = "it gives another value at every run, so that no plan would ever be the last one"

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "AppRoleAssignmentsComplex": _ROLES,
        "AssertiveAppRoleAssignmentsComplex": _ROLES,
        "SingleAppRoleAssignment": _ROLES,
        "Guid": _CHANCE,
        "RandomString": _CHANCE,
        "Redact": "it hides what is sent, and a plan is approved by somebody who sees what is sent",
        "SelectUniqueValue": "it asks the target for every candidate; Entra has it for "
        "provisioning to Active Directory alone, and not for SCIM",
        "IgnoreObjectFlow": "it leaves out the whole user; say in groups or scoping filters who is "
        "provisioned",
    }
)
"""Functions and words of Entra that have no meaning here, and why."""
