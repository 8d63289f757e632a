"""Approvals of a plan, and its use by a run."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps


@dataclass(frozen=True)
class Identity:
    """Who a person is: the operating system's name for them, and the host.

    `object_id` and `name` are the claims ``oid`` and ``preferred_username`` of an ID token, empty
    where nobody signed in.
    """

    account: str
    host: str
    object_id: str = ""
    name: str = ""

    def __str__(self) -> str:
        here = f"{self.account} on {self.host}" if self.host else self.account
        return f"{self.name or self.object_id} ({here})" if self.object_id else here


@dataclass(frozen=True)
class Approval:
    """Who approved the plan with this digest, and which guards' codes they overrode.

    `remark` is what the person says of themselves, and proves nothing. `id_token` is Entra ID's
    signed token as it was received. `weaker`: it was requested with a device code (RFC 8628), which
    another person may have entered.
    """

    plan_id: str
    digest: str
    by: Identity
    reason: str
    at: datetime
    overrides: tuple[str, ...] = ()
    remark: str = ""
    id_token: str = ""
    weaker: bool = False

    @property
    def nonce(self) -> str:
        """The ``nonce`` (OpenID Connect Core 1.0) of a sign-in for this and no other approval.

        It is a hash of the plan's digest and everything else in the approval, so that no part of it
        can be changed or used in another approval. Its time is left out: the token has its own.
        """
        who = (self.by.account, self.by.host, self.remark)
        said = dumps([self.digest, *who, self.reason, sorted(self.overrides)])
        return urlsafe_b64encode(sha256(said.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class SignIn:
    """What an approval's ID token proved when it was verified again, or why it proves nothing.

    `groups` are object ids of groups that the person is a member of.
    """

    object_id: str = ""
    groups: frozenset[str] = frozenset()
    fault: str = ""


@dataclass(frozen=True)
class Use:
    """The only run that a plan was used by, and when (UTC)."""

    run_id: str
    at: datetime
