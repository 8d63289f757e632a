"""The versions of accounts that changes are meant for (RFC 7644, section 3.14)."""

from connectors.scim.attribute_paths import Resource, pick
from connectors.scim.reading.account_columns import VERSION, AccountColumns


class Versions:
    """The version in which each account was read last, where the server tells it."""

    def __init__(self) -> None:
        self._listed: AccountColumns | None = None
        self._latest: dict[str, str] = {}

    def list(self, accounts: AccountColumns) -> None:
        """Everything was read anew. Only who writes looks at these versions, so they stay columns
        until then.
        """
        self._listed, self._latest = accounts, {}

    def note(self, user: Resource) -> None:
        """One account was read."""
        version = pick(user, VERSION)
        if version and _fits_a_header(version):
            self._latest[str(user.get("id"))] = version

    def of(self, account_id: str) -> str | None:
        """The version that was read last, None if it is not known."""
        return self._known().get(account_id)

    def forget(self, account_id: str) -> str | None:
        """As `of`; it is not known any more, for the account is being changed."""
        return self._known().pop(account_id, None)

    def _known(self) -> dict[str, str]:
        if self._listed:
            listed, self._listed = self._listed.versions(), None
            fitting = {at: version for at, version in listed.items() if _fits_a_header(version)}
            self._latest = fitting | self._latest
        return self._latest


def _fits_a_header(version: str) -> bool:
    """Whether it can be sent: an entity tag is visible ASCII (RFC 9110, section 8.8.3)."""
    return version.isascii() and version.isprintable() and version == version.strip()
