"""Who is who at the vendor, where the server itself cannot be asked."""

from collections import defaultdict
from collections.abc import Iterable

from connectors.scim.paths import Resource, pick


class Roster:
    """The ids of accounts by externalId (exactly) and by userName (in any case)."""

    def __init__(self, users: Iterable[Resource]) -> None:
        self._ids: set[str] = set()
        self._linked: defaultdict[str, set[str]] = defaultdict(set)
        self._named: defaultdict[str, set[str]] = defaultdict(set)
        for user in users:
            self.note(str(user["id"]), pick(user, "externalId"), pick(user, "userName"))

    def note(self, account_id: str, external_id: str | None, user_name: str | None) -> None:
        """Adds an account, or another name of one."""
        self._ids.add(account_id)
        if external_id:
            self._linked[external_id].add(account_id)
        if user_name:
            self._named[user_name.casefold()].add(account_id)

    def matching(self, external_id: str, user_name: str) -> set[str]:
        """Every account with this externalId or this userName."""
        return self._linked.get(external_id, set()) | self._named.get(user_name.casefold(), set())

    def id_of(self, member: str) -> str:
        """The account that a group's member means; some servers put the userName there."""
        named = self._named.get(member.casefold(), set())
        return member if member in self._ids or len(named) != 1 else next(iter(named))
