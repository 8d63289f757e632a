"""Prints what CHANGELOG.md tells of one version: `python -m support.release_notes 0.2.0`."""

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def release_notes(changelog: str, version: str) -> str:
    """The section of that version, below its heading; "" if there is none (Keep a Changelog)."""
    heading = rf"^## \[?{re.escape(version)}\]? - \d{{4}}-\d\d-\d\d$"
    found = re.search(rf"{heading}\n(.*?)(?=^## |^\[[^\]]+\]: |\Z)", changelog, re.M | re.S)
    return f"{found[1].strip()}\n" if found else ""


if __name__ == "__main__":
    (wanted,) = sys.argv[1:]
    told = release_notes(CHANGELOG.read_text(encoding="utf-8"), wanted)
    if not told:
        sys.exit(f"CHANGELOG.md has no section `## {wanted} - DATE`, or nothing in it.")
    print(told, end="")
