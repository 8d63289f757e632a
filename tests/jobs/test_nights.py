"""Night after night `seatsync run` takes a little: no more than one night might, in seven days."""

from pathlib import Path

import pytest

from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from support.counterparts.small_tenant import group, user
from support.scenarios.company import Company

NIGHTS = 6
PEOPLE = [f"user{at}" for at in range(40)]
SETS = {"Both": ["Sales", "Marketing"], "Sales Team": ["Sales"], "Portal": ["Sales"]}


class Harbour(Company):
    """`groups` says who is in which; everybody else is in the tenant all the same."""

    def __init__(self, folder: Path, **groups: list[str]) -> None:
        self.folder = folder
        self.config = folder / "seatsync.yaml"
        self.sandbox = Sandbox(
            Tenant(self._tenant(groups)),
            [
                {"name": name, "products": products, "admin": name == "Portal"}
                for name, products in SETS.items()
            ],
            {"Sales": 100, "Marketing": 100},
        )

    def becomes(self, **groups: list[str]) -> None:
        self.sandbox.tenant.replace(self._tenant(groups))

    def _tenant(self, groups: dict[str, list[str]]) -> dict[str, object]:
        members = {name: groups.get(name.replace(" ", "_"), []) for name in SETS}
        return {
            "users": [user(name) for name in PEOPLE],
            "groups": [group(name, *some) for name, some in members.items()],
        }


@pytest.fixture
def policy() -> dict[str, object]:
    """Only the limits of a set, of a product and of admins are left."""
    return {"auto_apply": True, "max_revoke_percent": 100, "max_week_revoke_percent": 100}


def test_r9_a_set_does_not_drain_by_three_a_night(
    tmp_path: Path, policy: dict[str, object]
) -> None:
    """They move to a set with fewer products; a quarter of 40 may lose one in seven days."""
    harbour = Harbour(tmp_path, Both=PEOPLE)
    with harbour.sandbox:
        harbour.configure(policy=policy)
        assert harbour.run("run").exit_code == 0
        codes = []
        for night in range(1, NIGHTS + 1):
            gone = 3 * night
            harbour.becomes(Both=PEOPLE[gone:], Sales_Team=PEOPLE[:gone])
            codes.append(harbour.run("run").exit_code)
        assert codes == [0, 0, 0, *[3] * (NIGHTS - 3)]
        assert "R9" in harbour.run("show").stdout
        assert len(harbour.sandbox.portal.members("Both")) == 31
