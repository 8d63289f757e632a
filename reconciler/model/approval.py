"""What a person or a run has done with a plan."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps


@dataclass(frozen=True)
class Identity:
    """Whom the operating system says somebody is, and on which host.

    `object_id` and `name` are those of an ID token (its claims ``oid`` and ``preferred_username``),
    empty where nobody signed in.
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
    """Who let a plan pass, and which guards' codes that person overrode. Bound to the digest.

    `remark` is what the person says of themselves, and proves nothing. `id_token` is the signed one
    of Entra ID, as it came; `weaker`, where it was asked for by device code, which another person
    may have answered.
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

        It is made of the plan's digest and all that is said with it, so that nothing of an approval
        can be changed or taken over into another one. The time is the token's own.
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
    """A plan is used once: by which run, and when."""

    run_id: str
    at: datetime
