"""The SDK is slow to import, so nobody pays for it who does not read a tenant."""

import subprocess
import sys


def test_nothing_else_imports_the_sdk() -> None:
    program = (
        "import sys\n"
        "import config.load, config.settings, connectors.errors, reconciler.reconcile\n"
        "import jobs.cli.main, connectors.entra_export.client\n"
        "import jobs.check.settings, jobs.reading.pull\n"
        "sdk = {'kiota_abstractions', 'kiota_http', 'msal', 'msgraph', 'msgraph_core'}\n"
        "sys.exit(','.join(sdk & set(sys.modules)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
