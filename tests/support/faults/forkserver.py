"""A fork server: runs seatsync once per line of standard input, each time in a forked process.

Importing everything takes seconds, so it is done once here. A line is JSON: the arguments, a file
for what it prints, and a fault for `fault_points`.
"""

import gc
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import connectors
from jobs.cli.main import main
from support.faults.fault_points import arm

# What a run comes to only when it needs it.
LATE = (
    *(module.name for module in walk_packages(connectors.__path__, "connectors.")),
    *("jobs.watching.watched_run", "jobs.report.results", "jobs.report.terminal"),
    *("anyio._backends._asyncio", "httpcore", "msal_extensions", "sqlalchemy.dialects.sqlite"),
    "msgraph.generated.groups.item.members.graph_user.graph_user_request_builder",
)

for late in LATE:
    import_module(late)


def run(order: dict[str, Any]) -> int:
    with (
        Path(order["output"]).open("w") as output,
        redirect_stdout(output),
        redirect_stderr(output),
    ):
        arm(order["fault"], order["at"], Path(order["passed"]))
        try:
            main(order["arguments"])
        except SystemExit as ended:
            return int(ended.code or 0)
        except BaseException:  # what a person would see as a traceback
            import traceback

            traceback.print_exc()
            return 99
    return 99


gc.collect()
gc.freeze()  # a process that looks at all of it would have it copied first
for line in sys.stdin:
    child = os.fork()
    if not child:
        os._exit(run(json.loads(line)))
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
