"""The root of what can go wrong in a way that a person can do something about."""

from config.secret_redaction import without_secrets


class SeatsyncError(Exception):
    """`what` was wanted, and `why` it failed: for administrators, and never with a secret.

    `connectors.errors` prints the whole tree. Whatever else is raised is a defect of seatsync, or
    is caught where it arises.
    """

    def __init__(self, what: str, why: str = "") -> None:
        self.what = without_secrets(what)
        self.why = without_secrets(why)
        super().__init__(": ".join(filter(None, (self.what, self.why))))
