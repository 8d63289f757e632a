"""Starting points for administrators."""

from pathlib import Path

STARTING_FILE = Path(__file__).parent / "seatsync.yaml"
