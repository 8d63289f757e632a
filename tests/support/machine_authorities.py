"""The certificate authorities that this machine names for its own programs.

They are hundreds, which each command would load; only what installs packages needs them.
"""

import os

from connectors.http.network_route import CA_VARIABLES

_ASIDE = "SEATSYNC_TESTS_{}"


def put_aside() -> None:
    """No program of the tests sees them; processes that these start know them still."""
    for name in CA_VARIABLES:
        if name in os.environ:
            os.environ[_ASIDE.format(name)] = os.environ.pop(name)


def environment_with_them() -> dict[str, str]:
    """This process's environment as it was before."""
    aside = {name: os.environ.get(_ASIDE.format(name)) for name in CA_VARIABLES}
    return os.environ | {name: path for name, path in aside.items() if path}
