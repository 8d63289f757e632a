"""The tenants of a fleet: which there are, and whether each can be worked on."""

from collections.abc import Iterator
from pathlib import Path

from config.fleet import Fleet
from config.load import ConfigError, Problem, load
from config.settings import Settings
from connectors.store.tenants import open_tenants
from jobs.check.result import Check, fault, fine, warning
from jobs.output.rows.fleet import TenantRow


def tenant_rows(fleet: Fleet) -> list[TenantRow]:
    """By name: those that the database has.

    Raises:
        ConfigError: the folder of the tenants cannot be read.
    """
    files = tenant_files(fleet)
    with open_tenants(fleet.store) as tenants:
        return [
            TenantRow(
                tenant=tenant.name,
                configured=tenant.name in files,
                vendor=tenant.vendor,
                directory=tenant.tenant_id,
                newest_run=tenant.run,
                kind=tenant.kind,
                started=tenant.started,
                exit=tenant.exit_code,
                paused=tenant.paused,
            )
            for tenant in tenants.all()
        ]


def checks(fleet: Fleet) -> Iterator[Check]:
    """Of the database, and of each tenant that there is a file or a store of; nobody else is asked.

    Raises:
        ConfigError: the folder of the tenants cannot be read.
    """
    files = tenant_files(fleet)
    with open_tenants(fleet.store) as tenants:
        known, apart = tenants.names(), tenants.kept_apart()
    if apart:
        yield fine("store: the database keeps the tenants' rows apart")
    else:
        yield warning(
            "store: its user is a superuser or has BYPASSRLS, so that the database does not keep "
            "the tenants' rows apart. Give seatsync a user of its own, who owns the database."
        )
    for name in sorted({*files, *known}):
        yield _check(name, files.get(name), added=name in known)


def settings_of(fleet: Fleet, name: str) -> Settings:
    """The configuration of a tenant.

    Raises:
        ConfigError: it is not usable, or there is none.
    """
    return load(tenant_files(fleet).get(name, fleet.tenants / f"{name}.yaml"))


def tenant_files(fleet: Fleet) -> dict[str, Path]:
    """The configuration of each tenant, by name.

    Raises:
        UnusablePath: their folder cannot be read.
    """
    try:
        return fleet.files
    except OSError as error:
        why = f"the folder of the tenants cannot be read: {error.strerror}"
        raise ConfigError([Problem(fleet.tenants, None, "", why)]) from None


def _check(name: str, file: Path | None, *, added: bool) -> Check:
    if file is None:
        return warning(
            f"{name}: it has a store and no configuration. "
            f"`seatsync fleet remove {name}` removes what is known of it."
        )
    try:
        settings = load(file)
    except ConfigError as error:
        return fault(f"{name}: {'; '.join(str(problem) for problem in error.problems)}")
    if settings.tenant != name:
        return fault(f"{name}: {file} is of no fleet. It needs the line `fleet: ../fleet.yaml`.")
    if not added:
        return warning(f"{name}: it has no store yet. Run: seatsync fleet add {name}")
    return fine(f"{name}: the configuration can be read")
