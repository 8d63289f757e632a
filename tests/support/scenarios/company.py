"""The demo's company on loopback, and the command line at work on it."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import update

from config.load import load
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.store.database import open_database
from connectors.store.schema import identity
from jobs.cli.main import main
from jobs.demo.company import SEATS, SETS, last_week, today
from support.scenarios.moment import Moment


class Company:
    """`with company.sandbox` runs it; every command is given its configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "seatsync.yaml"
        self.sandbox = Sandbox(Tenant(last_week()), SETS, SEATS)

    def configure(self, **sections: Any) -> None:
        self.sandbox.write_config(self.config, **sections)

    def run(self, command: str, *arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(
            main, [*command.split(), *arguments, "--config", str(self.config)], input=stdin
        )

    def json(self, command: str, *arguments: str) -> Any:
        return json.loads(self.run(command, "--json", *arguments).stdout)

    def let_pass(self, *options: str) -> Result:
        """Approves the newest plan, by the id that was shown."""
        return self.run("approve", self.json("show")["id"], *options)

    def settle(self) -> None:
        """Everybody has a seat, as of last week; today's troubles wait to be found."""
        assert self.run("plan").exit_code == 2
        assert self.let_pass("--reason", "first").exit_code == 0
        assert self.run("apply latest").exit_code == 0
        self.sandbox.tenant.replace(today())

    def adopt(self) -> None:
        """The store has long known what is at the vendor; a new one takes nothing at first."""
        assert self.run("plan").exit_code in {0, 2, 3}
        self.age_the_store()

    def age_the_store(self) -> None:
        """It has long known what it knows."""
        store = open_database(load(self.config).store)
        with store.engine.begin() as connection:
            connection.execute(update(identity).values(began=None))
        store.close()

    def remember(self) -> None:
        """This moment, for `return_to_it`."""
        self._moment = Moment(self.sandbox, self.folder)

    def return_to_it(self) -> None:
        self._moment.put_back()

    @property
    def writes(self) -> int:
        return len(self.sandbox.vendor_ledger.writes)
