"""What a command loads before it does anything: nobody waits for what it does not need."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from config.examples import STARTING_FILE
from connectors.store.database import open_database
from support.scenarios.company import Company

PROGRAM = """
import json, sys
from jobs.cli.main import main
loaded = {}
for command in json.loads(sys.argv[1]):
    try:
        code = main(command.split())
    except SystemExit as ended:
        code = ended.code
    loaded[command] = [code, [name for name in sys.modules if "." not in name]]
print(json.dumps(loaded), file=sys.stderr)
"""

COLUMNS = {"numpy", "pandas", "pyarrow"}
NETWORK = {"httpx", "msal", "msgraph", "requests", "urllib3"}
STORE = {"alembic", "sqlalchemy"}
REQUEST_BODIES = {"scim2_models"}
CERTIFICATES = {"cryptography"}
VALIDATION = {"pydantic", "ruamel"}

ISSUED = "token_issued: 2026-09-01"
TODAY = f"token_issued: {datetime.now(UTC).date()}"

NOT_NEEDED = {
    "--help": (0, COLUMNS | NETWORK | STORE | VALIDATION | {"msgspec", "rich"}),
    "explain U1": (0, COLUMNS | NETWORK | STORE | VALIDATION | {"rich"}),
    "check --config nowhere.yaml": (78, COLUMNS | NETWORK | STORE),
    "check": (1, COLUMNS | NETWORK | STORE),  # a template that was not filled in
    "history": (0, COLUMNS | NETWORK | {"alembic"} | REQUEST_BODIES),
    "plan --config company.yaml": (2, {"alembic"} | REQUEST_BODIES | CERTIFICATES),
}
"""Per command its exit code, and what it does without. One process runs them in this order."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, list[str]]]:
    folder = tmp_path_factory.mktemp("start")
    (folder / "seatsync.yaml").write_text(STARTING_FILE.read_text().replace(ISSUED, TODAY))
    open_database(f"sqlite:///{folder / 'seatsync.db'}").close()
    company = Company(folder)
    with company.sandbox:
        company.sandbox.write_config(folder / "company.yaml")
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM, json.dumps(list(NOT_NEEDED))],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    found: dict[str, tuple[int, list[str]]] = json.loads(ran.stderr.splitlines()[-1])
    return found


@pytest.mark.parametrize("command", NOT_NEEDED)
def test_a_command_loads_only_what_it_needs(
    command: str, loaded: dict[str, tuple[int, list[str]]]
) -> None:
    code, modules = loaded[command]
    expected, heavy = NOT_NEEDED[command]
    assert code == expected
    assert heavy.intersection(modules) == set()
