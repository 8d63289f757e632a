"""Who runs this program, as the operating system knows it: no variable can say otherwise."""

from socket import gethostname

from config.operating_system import account_name
from reconciler.applying.approvers import UNATTENDED
from reconciler.model.approval import Identity


def whoami() -> Identity:
    """The account that started this program."""
    return Identity(account_name(), gethostname())


def unattended() -> Identity:
    """What approves where `policy.auto_apply` lets a plan pass that no guard objects to."""
    return Identity(UNATTENDED, gethostname())
