"""Who approves is the account that the operating system knows."""

import os
import pwd
from socket import gethostname

import pytest

from jobs.approval.os_user import whoami
from reconciler.model.approval import Identity


def test_it_is_the_account_of_the_process_and_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "USERNAME", "LNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "eva")
    assert whoami() == Identity(pwd.getpwuid(os.getuid()).pw_name, gethostname())


def test_an_account_without_a_name_is_known_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs under any uid."""
    monkeypatch.setattr("os.getuid", lambda: 54_321)
    assert whoami() == Identity("uid 54321", gethostname())
