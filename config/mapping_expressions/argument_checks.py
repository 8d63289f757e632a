"""Whether a function of Entra's mapping expressions can be called as it is written.

What is written in quotes or as a number is judged when the configuration is read, so that nobody
waits for a run to learn of a wrong interval, format or regular expression.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from config.mapping_expressions.dotnet_date_format import DateFormat
from config.mapping_expressions.dotnet_regex import DotNetRegex
from config.mapping_expressions.signatures import (
    INTERVALS,
    REFUSED,
    SIGNATURES,
    Signature,
    bare,
    is_optional,
)
from config.mapping_expressions.syntax_tree import (
    Constant,
    Expression,
    FunctionCall,
    Keyword,
    Number,
)
from config.suggest import unknown


def objection(call: FunctionCall) -> str:
    """What is wrong with a call, with the function's signature; empty if nothing is."""
    if call.name in REFUSED:
        return f"{call.name} is not supported here: {REFUSED[call.name]}"
    signature = SIGNATURES.get(call.name)
    if signature is None:
        return unknown(call.name, SIGNATURES)
    why = _wrong_number(signature, call) or _wrong_value(signature, call)
    return f"{why}; its form is {signature}" if why else ""


def _wrong_number(signature: Signature, call: FunctionCall) -> str:
    given = len(call.arguments)
    if given < signature.least or (given and signature.parameter(given - 1) is None):
        return f"got {given} argument{'' if given == 1 else 's'}"
    if signature.together and (given - signature.least) % signature.together:
        return f"got {given} arguments, and the last ones come in pairs"
    for at, argument in enumerate(call.arguments):
        parameter = signature.parameter(at) or ""
        if argument is None and not is_optional(parameter):
            return f"{bare(parameter)} may not be left blank"
    return ""


def _wrong_value(signature: Signature, call: FunctionCall) -> str:
    for at, argument in enumerate(call.arguments):
        name = bare(signature.parameter(at) or "")
        if argument is not None and (check := _CHECKS.get((call.name, name))):
            try:
                check(argument)
            except ValueError as error:
                return f"{name}: {error}"
    return _wrong_replace(call) if call.name == "Replace" else ""


_REPLACE_MODES = frozenset(
    map(
        frozenset,
        (
            ("oldValue", "replacementValue"),
            ("oldValue", "template"),
            ("regexPattern", "replacementValue"),
            ("regexPattern", "regexGroupName", "replacementValue"),
            ("regexPattern", "regexGroupName", "replacementAttributeName"),
        ),
    )
)


def _wrong_replace(call: FunctionCall) -> str:
    names = map(bare, SIGNATURES["Replace"].parameters)
    written = dict(zip(names, call.arguments, strict=False))
    given = {name: one for name, one in written.items() if one is not None and name != "source"}
    if frozenset(given) not in _REPLACE_MODES:
        return (
            "give oldValue with replacementValue or template, or regexPattern with "
            "replacementValue, or with regexGroupName and one of replacementValue and "
            "replacementAttributeName"
        )
    if given.get("oldValue") == Constant(""):
        return "oldValue may not be empty"
    return _wrong_regex_replace(given) if "regexPattern" in given else ""


def _wrong_regex_replace(given: Mapping[str, Expression]) -> str:
    try:
        regex = DotNetRegex.parse(_written(given["regexPattern"]))
        group = _written(given["regexGroupName"]) if "regexGroupName" in given else ""
        text = _written(given["replacementValue"]) if "replacementValue" in given else ""
        if not group:
            regex.replacement(text)
        elif "replacementValue" in given:
            regex.replacing_group(group, text)
        else:
            regex.check_group(group)
    except ValueError as error:
        return str(error)
    return ""


def _written(argument: Expression) -> str:
    """What has to be known when the configuration is read."""
    if not isinstance(argument, Constant):
        raise ValueError("has to be a text in double quotes")
    return argument.text


def _interval(argument: Expression) -> None:
    if (text := _written(argument)) not in INTERVALS:
        raise ValueError(unknown(text, INTERVALS))


def _output_format(argument: Expression) -> None:
    DateFormat.parse(_written(argument))


def _input_format(argument: Expression) -> None:
    if not DateFormat.parse(_written(argument)).has_year:
        raise ValueError("has to have a year, such as yyyy")


# All times are UTC here, as on Entra's servers, so that these come to the same.
_STYLES = (
    "None",
    "RoundtripKind",
    "AllowLeadingWhite",
    "AllowTrailingWhite",
    "AdjustToUniversal",
    "AssumeUniversal",
)


def _styles(argument: Expression) -> None:
    for style in _written(argument).split(","):
        name = style.strip().removeprefix("DateTimeStyles.")
        if name and name not in _STYLES:
            raise ValueError(unknown(name, _STYLES))


def _culture(argument: Expression) -> None:
    language, _, region = _written(argument).partition("-")
    if not (language.isalpha() and len(language) in (2, 3)) or (region and not region.isalnum()):
        raise ValueError("has to be the name of a culture, such as tr-TR")


def _compare_type(argument: Expression) -> None:
    if not isinstance(argument, Keyword) or not argument.name.startswith("vb"):
        raise ValueError("has to be vbBinaryCompare or vbTextCompare")


def _number(argument: Expression) -> None:
    if isinstance(argument, Constant) and not argument.text.lstrip("-").isdecimal():
        raise ValueError(f'"{argument.text}" is no whole number')


def _index(argument: Expression) -> None:
    _number(argument)
    if (isinstance(argument, Number) and int(argument.decimal) < 1) or argument == Constant("0"):
        raise ValueError("the first value has the index 1")


_CHECKS: Mapping[tuple[str, str], Callable[[Expression], object]] = MappingProxyType(
    {
        ("DateAdd", "interval"): _interval,
        ("DateAdd", "value"): _number,
        ("DateDiff", "interval"): _interval,
        ("FormatDateTime", "dateTimeStyles"): _styles,
        ("FormatDateTime", "inputFormat"): _input_format,
        ("FormatDateTime", "outputFormat"): _output_format,
        ("InStr", "start"): _number,
        ("InStr", "compareType"): _compare_type,
        ("Item", "index"): _index,
        ("Left", "numChars"): _number,
        ("Mid", "start"): _number,
        ("Mid", "length"): _number,
        ("ToLower", "culture"): _culture,
        ("ToUpper", "culture"): _culture,
        ("Word", "wordNumber"): _number,
    }
)
