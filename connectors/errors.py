"""How a counterpart can fail us. Texts are for administrators and never carry a secret."""

from config.held import without_secrets
from connectors.allowance import NotTaken


class CounterpartError(Exception):
    """Something outside did not work: `what` we wanted, and `why` it failed.

    `halfway`: of what takes several requests, an earlier one was accepted.
    """

    halfway = False

    def __init__(self, what: str, why: str) -> None:
        self.what = without_secrets(what)
        self.why = without_secrets(why)
        super().__init__(f"{self.what}: {self.why}")


class Unreachable(CounterpartError):
    """No usable answer: DNS, TLS, time-out, reset, 5xx, or a body that is not what it claims."""


class OutcomeUnknown(Unreachable):
    """A write was sent and no answer came: it may have been done. Only a read-back tells."""


class NotSent(CounterpartError):
    """A write that did not go out, because of what stood in its way: nothing came of it."""


class Refused(CounterpartError):
    """The counterpart understood and said no, with an HTTP `status`.

    `outdated`: the resource is not as it was last read, so it was left as it is.
    """

    outdated = False

    def __init__(self, what: str, status: int, why: str) -> None:
        super().__init__(what, f"{status} {why}".strip())
        self.status = status

    @property
    def throttled(self) -> bool:
        """Too many requests (RFC 6585, section 4): this one was not looked at."""
        return self.status == 429


_CAUSES = {
    "NameResolutionError": "the host name is not known",
    "Name or service not known": "the host name is not known",
    "name resolution": "the host name is not known",
    "Connection refused": "the connection was refused",
    "All connection attempts failed": "the connection was refused",
    "timed out": "no answer in time",
    "answer is too large": "the answer is too large",
}


def network_cause(error: Exception) -> str:
    """What an HTTP library's error comes down to, without the address and its decoration."""
    if isinstance(error, NotTaken):
        return str(error)
    said = (words for mark, words in _CAUSES.items() if mark in str(error))
    return next(said, type(error).__name__)


class Unauthorized(Refused):
    """401, or the token endpoint gave no token: the credential is wrong, expired or replaced."""


class NoCredential(Unauthorized):
    """The credential cannot be used and was not sent: its file, its password, or what is in it."""

    def __init__(self, what: str, why: str) -> None:
        CounterpartError.__init__(self, what, why)
        self.status = 401
