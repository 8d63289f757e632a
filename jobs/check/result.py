"""One thing that was looked at, and whether it will do."""

from dataclasses import dataclass

from reconciler.model.plan import Finding, Severity

MARKS = {Severity.INFORMATION: "ok  ", Severity.WARNING: "warn", Severity.ERROR: "FAIL"}
UNPROVEN = "?   "


@dataclass(frozen=True)
class Check:
    """Information, a warning or an error, in a sentence for whoever sets this up.

    Not `proven`: it may be as it should be, and nothing here shows it.
    """

    severity: Severity
    text: str
    proven: bool = True

    @property
    def passed(self) -> bool:
        return self.severity is not Severity.ERROR

    def __str__(self) -> str:
        return f"{MARKS[self.severity] if self.proven else UNPROVEN} {self.text}"


def in_full(found: Finding) -> str:
    """A situation with its code, and what to do about it."""
    return f"{found.code} {found.message} {found.advice}"


def fine(text: str) -> Check:
    """As it should be."""
    return Check(Severity.INFORMATION, text)


def unproven(text: str) -> Check:
    """Nothing is known to be wrong with it, nor was it tried."""
    return Check(Severity.INFORMATION, text, proven=False)


def warning(text: str) -> Check:
    """It works, and somebody should look."""
    return Check(Severity.WARNING, text)


def fault(text: str) -> Check:
    """A run would fail, or leave somebody out."""
    return Check(Severity.ERROR, text)
