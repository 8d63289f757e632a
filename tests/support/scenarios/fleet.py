"""A fleet of two tenants, contoso and fabrikam, of the demo's directory and vendor."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner, Result

from jobs.cli.main import main
from support.counterparts.databases import postgresql
from support.scenarios.company import Company

TENANTS = ("contoso", "fabrikam")


@contextmanager
def fleet_around(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Beside the company's own configuration; no tenant is added yet."""
    with postgresql() as url:
        monkeypatch.setenv("STORE", url)
        fleet_file(company).write_text("store: env:STORE\n")
        folder = company.folder / "tenants"
        folder.mkdir()
        company.sandbox.write_config(folder / "contoso.yaml", fleet="../fleet.yaml")
        copy(folder / "contoso.yaml", folder / "fabrikam.yaml")
        yield


def fleet_file(company: Company) -> Path:
    return company.folder / "fleet.yaml"


def fleet(company: Company, command: str, stdin: str = "") -> Result:
    arguments = ["fleet", *command.split(), "--fleet", str(fleet_file(company))]
    return CliRunner().invoke(main, arguments, input=stdin)


def tenant(company: Company, name: str) -> Company:
    """The same company, by the tenant's configuration."""
    of_tenant = Company(company.folder)
    of_tenant.sandbox = company.sandbox
    of_tenant.config = company.folder / "tenants" / f"{name}.yaml"
    return of_tenant
