"""The vendor as jobs use it: what can be read, and the operations of a plan."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from config.vendor import InAttribute, VendorSettings
from connectors.id_validation import is_resource_id
from connectors.scim.attribute_changes import Updates
from connectors.scim.attribute_paths import Resource, Value, build, external_id, is_active, pick
from connectors.scim.dialect.attribute_habits import Habits
from connectors.scim.dialect.seat_refusals import no_seat
from connectors.scim.errors import Changed, ScimRefused
from connectors.scim.filters import equals
from connectors.scim.membership.groups import GroupMembership
from connectors.scim.membership.member_changes import PRECONDITION_REQUIRED
from connectors.scim.membership.protocol import Membership
from connectors.scim.membership.user_attribute import AttributeMembership
from connectors.scim.reading.account_columns import AccountColumns
from connectors.scim.reading.account_index import AccountIndex
from connectors.scim.reading.listing import count_all, read_all, read_if_there, whole
from connectors.scim.reading.paging import resources_of
from connectors.scim.reading.previously_seen import NOTHING_KNOWN, Known
from connectors.scim.service_provider_config import claimed_features
from connectors.scim.transport import Json, ScimTransport, SharedRate, resource_path
from connectors.scim.vendor_state import read_target
from connectors.scim.versions import Versions
from reconciler.model.account import Account, Members
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.snapshot import Target

PRECONDITION_FAILED = 412  # RFC 9110, section 15.5.13

TIME_BUDGET = 3600.0
"""Seconds for everything that one run asks of the vendor."""


@dataclass(frozen=True)
class Probe:
    """What a first contact showed: how many users and groups the vendor claims to have.

    `groups` is None where sets are not groups.
    """

    users: int
    groups: int | None


class Scim:
    """A SCIM 2.0 client for one vendor; `paths` are the attribute mapping's targets.

    `time_budget` is in seconds, for all requests together. `can` is what is known of the server
    from earlier runs, and learns from this one, as `habits` do. `objection` is asked directly
    before every write: why it must not be sent, or "". With a `shared_rate` the vendor's limit is
    kept together with whoever else uses the same token. Every method may raise
    `connectors.errors.Unreachable`, `Unauthorized` and `ScimRefused`; writes may raise `NotSent`
    and `OutcomeUnknown`, after which only reading shows what happened.
    """

    def __init__(
        self,
        vendor: VendorSettings,
        paths: Sequence[str],
        time_budget: float = TIME_BUDGET,
        can: Capabilities | None = None,
        objection: Callable[[], str] = lambda: "",
        shared_rate: SharedRate | None = None,
    ) -> None:
        self.can = can or Capabilities()
        self._transport = ScimTransport(vendor, time_budget, objection, shared_rate)
        self._base_url = vendor.base_url
        self._paths = tuple(paths)
        self._index: AccountIndex | None = None
        self._versions = Versions()
        self.habits = Habits(self.can)
        self._updates = Updates(self.can, self.habits, self._read_user, self._write)
        self._sets: Membership = (
            AttributeMembership(
                self._transport,
                self.can,
                self.habits,
                vendor.membership.attribute,
                self.update_account,
            )
            if isinstance(vendor.membership, InAttribute)
            else GroupMembership(self._transport, self.can, self._everybody)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    @property
    def time_left(self) -> float:
        """Seconds in which it may be asked."""
        return self._transport.time.left

    def finish_within(self, seconds: float) -> None:
        """What is under way ends by then, answered or not; afterwards nothing is sent."""
        self._transport.time.end_within(seconds)

    @property
    def requests_sent(self) -> int:
        """How many requests were sent, repeated ones included."""
        return self._transport.requests_sent

    def probe(self) -> Probe:
        """One user and one group, to see that address and token work."""
        groups = self.has_groups
        return Probe(
            count_all(self._transport, self.can, "Users"),
            count_all(self._transport, self.can, "Groups") if groups else None,
        )

    def claims(self) -> tuple[str, ...]:
        """What /ServiceProviderConfig calls supported (RFC 7643, section 5: patch, filter, bulk,
        …), for information only: servers claim too much and too little.
        """
        return claimed_features(self._transport) or ()

    def read(
        self, sets: Collection[str], advance: Callable[[int], None], known: Known = NOTHING_KNOWN
    ) -> Target:
        """Every account, and who holds the sets with these names.

        What is `known` and missing from the lists is asked for by its id.
        """
        users = read_all(self._transport, self.can, "Users", self._columns, advance)
        self._index = AccountIndex(users.kept)
        target = read_target(
            self._transport,
            self.can,
            self._sets,
            users,
            self._base_url,
            sets,
            self._paths,
            known,
        )
        target = replace(
            target,
            ways=self.habits.known,
            required=self.habits.required,
            empty_groups=self.can.may(Feature.EMPTY_GROUPS),
            invites=self.can.surely(Feature.INVITES),
        )
        self._try_filter(target)
        self._versions.list(users.kept)
        return target

    def account(self, account_id: str) -> Account | None:
        """One account, None if there is none."""
        user = read_if_there(self._transport, "Users", account_id)
        return self._account(user) if user else None

    def find(self, external_id: str, user_name: str) -> tuple[Account, ...]:
        """Accounts with this externalId (exactly) or userName (in any case).

        Every hit is compared, since servers ignore filters or compare in their own way. If the
        server finds nobody, or does not know filters, all accounts are listed once, and what is
        found in that list is read again before it is returned.
        """

        def fits(account: Account) -> bool:
            name = account.attributes.get("userName") or ""
            linked = account.attributes.get("externalId") == external_id
            return linked or name.casefold() == user_name.casefold()

        if self.can.may(Feature.FILTER):
            for attribute, value in (("externalId", external_id), ("userName", user_name)):
                hits = self._search(equals(attribute, value))
                if hits is None or not all(map(fits, hits)):  # it was refused, or ignored
                    self.can.learn(Feature.FILTER, works=False)
                    break
                if hits:
                    self.can.learn(Feature.FILTER, works=True)
                    return tuple(hits)
        candidates = sorted(self._everybody().matching(external_id, user_name))
        return tuple(filter(fits, filter(None, map(self.account, candidates))))

    def create_account(self, attributes: Mapping[str, Value]) -> str | None:
        """POST /Users (RFC 7644, section 3.3); the id in the answer, None if it has none.

        Only reading shows whether there is an account now, and whom it belongs to.
        """
        names = str(attributes["externalId"]), str(attributes["userName"])
        try:
            created = self._transport.send("POST", "/Users", build(attributes))
        except ScimRefused as error:
            self.habits.not_created(attributes, error)
            raise
        self.habits.created(attributes)
        if isinstance(created, dict) and is_resource_id(created.get("id")):
            account_id = str(created["id"])
            if self._index:
                self._index.note(account_id, *names)
            return account_id
        self._index = None  # it lacks this account, whose id is not known
        return None

    def update_account(self, account_id: str, attributes: Mapping[str, Value]) -> bool:
        """Changes exactly these attributes; see `Updates`.

        True if the account was read afterwards and is as asked; False if that is not known yet.

        Raises:
            Changed: the account is no longer as this client last read it; nothing was done.
        """
        verified = self._updates.change(account_id, attributes)
        if self._index and "userName" in attributes:
            self._index.note(account_id, None, str(attributes["userName"]))
        return verified

    def create_set_group(self, name: str, members: Sequence[str] = ()) -> str | None:
        """POST /Groups with the set's exact name; the id in the answer, None if it has none.

        Some servers create none without `members`, the ids of accounts.
        """
        return self._sets.create(name, members)

    def group_name(self, group_id: str) -> str | None:
        """What the vendor calls a group, None if it is not there."""
        return self._sets.name_of(group_id)

    def groups_named(self, name: str) -> tuple[str, ...]:
        """The ids of the groups with exactly this displayName."""
        return self.groups([name]).get(name, ())

    def groups(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Per name the ids of the groups with exactly this displayName."""
        return self._sets.named(names)

    def members(self, group_id: str) -> Members:
        """The accounts in a group: per id what the server calls the member."""
        return self.members_of([group_id])[group_id]

    def members_of(
        self, group_ids: Collection[str], accounts: Collection[str] | None = None
    ) -> dict[str, Members]:
        """Who is in each of these groups: everybody, or of these `accounts` at least."""
        return self._sets.members(group_ids, accounts)

    @property
    def has_groups(self) -> bool:
        """Whether its sets are groups, and not an attribute of the user."""
        return isinstance(self._sets, GroupMembership)

    def hides(self, members: Members) -> bool:
        """Whether others may be in a group that shows these members."""
        return self._sets.hides(members)

    def learn_from_absence(self, group_id: str, members: Members, account: str) -> None:
        """Notes that a group does not show an accepted account; see `Membership`."""
        self._sets.learn_from_absence(group_id, members, account)

    @property
    def moves_many(self) -> bool:
        """Whether `move` may be asked for several accounts at once."""
        return self._sets.batches

    def move(
        self, accounts: Sequence[str], lost: Mapping[str, Members], gained: Mapping[str, Members]
    ) -> bool:
        """Takes accounts out of the `lost` groups, then puts them into the `gained` ones.

        Both map groups' ids to the members as they have just been read. True if all the groups were
        read afterwards and are as asked; False if that is not known yet.
        """
        try:
            return self._sets.move(accounts, lost, gained)
        finally:
            for account in accounts:  # its sets are a part of it at some servers
                self._versions.forget(account)

    def add_member(self, group_id: str, account_id: str) -> None:
        """Adds one member if it is not there yet: some servers would store it twice."""
        self.move([account_id], {}, self.members_of([group_id], [account_id]))

    def says_no_seat(self, answer: Exception | None, names: Iterable[str]) -> bool:
        """Whether this answer says that there is no seat; see `seat_refusals.no_seat`."""
        return no_seat(answer, names)

    def _try_filter(self, target: Target) -> None:
        """Learns once whether filters work: whether one finds an account that certainly exists."""
        accounts = target.accounts
        linked = accounts["externalId"].first_valid_index()
        if Feature.FILTER in self.can.known or linked is None:
            return
        owner = str(accounts.at[linked, "externalId"])
        hits = self._search(equals("externalId", owner)) or ()
        works = [hit.id for hit in hits] == [accounts.at[linked, "account"]]
        self.can.learn(Feature.FILTER, works=works)

    def _write(self, method: str, account_id: str, body: Json) -> None:
        """PATCH or PUT of the version that was read last (RFC 7644, section 3.14)."""
        path = resource_path("Users", account_id)
        version = self._versions.forget(account_id) if self.can.may(Feature.VERSION) else None
        try:
            self._transport.send(method, path, body, version=version)
        except ScimRefused as error:
            if error.status == PRECONDITION_REQUIRED and not version:
                self.account(account_id)
                version = self._versions.forget(account_id) or "*"
                self._transport.send(method, path, body, version=version)
                return
            if not version or error.status != PRECONDITION_FAILED:
                raise
            self.account(account_id)
            if self._versions.of(account_id) != version:
                raise Changed(error.what, error.status, "it changed after it was read") from None
            self.can.learn(Feature.VERSION, works=False)  # it refuses its own current version
            self._transport.send(method, path, body)

    def _read_user(self, account_id: str) -> Resource | None:
        user = read_if_there(self._transport, "Users", account_id)
        if user:
            self._versions.note(user)
        return user

    def _search(self, scim_filter: str) -> list[Account] | None:
        """The hits of a filter; None if the server does not know filters."""
        try:
            page = self._transport.get("/Users", {"filter": scim_filter})
        except ScimRefused:
            return None
        return [self._account(user) for user in resources_of(page, "Users")]

    def _everybody(self) -> AccountIndex:
        if self._index is None:
            listed = whole(self._transport, self.can, "Users", self._columns)
            self._index = AccountIndex(listed)
        return self._index

    def _columns(self) -> AccountColumns:
        return AccountColumns((*self._paths, *self._sets.paths))

    def _account(self, user: Resource) -> Account:
        self._versions.note(user)
        paths = dict.fromkeys(["userName", "externalId", *self._paths])
        said = {path: pick(user, path) for path in paths} | {"externalId": external_id(user)}
        return Account(str(user.get("id")), said, is_active(user))
