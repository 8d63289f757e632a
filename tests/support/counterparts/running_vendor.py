"""A running sandbox whose tenant is empty: for tests that need the vendor alone."""

from collections.abc import Sequence
from pathlib import Path

from config.load import load
from config.settings import Settings
from connectors.sandbox.habits.habit import Habit
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant


def running_vendor(
    sets: dict[str, list[str]], seats: int = 10, habits: Sequence[Habit] = ()
) -> Sandbox:
    products = sorted({product for bundle in sets.values() for product in bundle})
    return Sandbox(
        Tenant({"groups": [], "users": []}),
        [{"name": name, "products": bundle} for name, bundle in sets.items()],
        dict.fromkeys(products, seats),
        habits=habits,
    )


def settings_of(sandbox: Sandbox, folder: Path) -> Settings:
    sandbox.write_config(folder / "seatsync.yaml")
    return load(folder / "seatsync.yaml")
