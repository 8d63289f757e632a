"""Who runs this program, as the operating system knows it: no variable can say otherwise."""

import os
import pwd
from socket import gethostname

from reconciler.applying.approvers import UNATTENDED
from reconciler.model.approval import Identity


def whoami() -> Identity:
    """The account that started this program; in a container it may have a number and no name."""
    user = os.getuid()
    try:
        account = pwd.getpwuid(user).pw_name
    except KeyError:
        account = f"uid {user}"
    return Identity(account, gethostname())


def unattended() -> Identity:
    """What approves where `policy.auto_apply` lets a plan pass that no guard objects to."""
    return Identity(UNATTENDED, gethostname())
