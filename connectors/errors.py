"""How a counterpart can fail us. Texts are for administrators and never carry a secret."""


class ConnectorError(Exception):
    """Something outside did not work: `what` we wanted, and `why` it failed."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")
        self.what = what
        self.why = why


class Unreachable(ConnectorError):
    """No usable answer: DNS, TLS, time-out, reset, 5xx, or a body that is not what it claims."""


class Refused(ConnectorError):
    """The counterpart understood and said no, with an HTTP `status`."""

    def __init__(self, what: str, status: int, why: str) -> None:
        super().__init__(what, f"{status} {why}".strip())
        self.status = status


class Unauthorized(Refused):
    """401, or the token endpoint gave no token: the credential is wrong, expired or replaced."""
