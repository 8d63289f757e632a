"""A fork server: runs seatsync in forked processes, and in its own for a rehearsal.

Importing everything takes seconds, so it is done once here. What a command makes once and keeps
(compiled statements, models, parsers) is there for all later ones after a rehearsal.

Orders come as JSON, a line each, and each is answered by a line: `Run` by its process id, one that
asks for a process by its wait status.
"""

import gc
import json
import os
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import connectors
from jobs.cli.main import main

# What a run comes to only when it needs it.
LATE = (
    *(module.name for module in walk_packages(connectors.__path__, "connectors.")),
    *("jobs.unattended.watched_run", "jobs.report.results", "jobs.report.terminal"),
    *("anyio._backends._asyncio", "httpcore", "msal_extensions", "sqlalchemy.dialects.sqlite"),
    *("psycopg", "sqlalchemy.dialects.postgresql.psycopg"),
    "msgraph.generated.groups.item.members.graph_user.graph_user_request_builder",
)


def freeze() -> None:
    """A process that looks at all of it would have it copied first."""
    gc.collect()
    gc.freeze()


def answer(order: dict[str, Any]) -> int:
    if "wait" in order:
        return os.waitpid(order["wait"], os.WUNTRACED)[1]
    if order["rehearsal"]:
        with (
            Path(os.devnull).open("w") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            code = _run(order)
        freeze()
        return code
    if child := os.fork():
        return child
    _begin(order)
    code = _run(order)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _begin(order: dict[str, Any]) -> None:
    """In a process of its own: as if it had been started where the order comes from."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for stream, path in enumerate((order["output"], order["errors"]), start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND), stream)
    os.environ.clear()
    os.environ.update(order["environment"])
    if order["fault"]:
        module, function, *arguments = order["fault"]
        getattr(import_module(module), function)(*arguments)


def _run(order: dict[str, Any]) -> int:
    try:
        main(order["arguments"])
    except SystemExit as ended:
        return int(ended.code or 0)
    except BaseException:  # what a person would see as a traceback
        traceback.print_exc()
    return 99


for late in LATE:
    import_module(late)
freeze()
for line in sys.stdin:
    print(answer(json.loads(line)), flush=True)
