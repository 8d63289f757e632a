"""The situation that explains why an operation failed, by the vendor's answer and habits."""

from dataclasses import dataclass

from reconciler.model.plan import Finding, Kind, Operation
from reconciler.situations import RUN, finding
from reconciler.situations.seats import SEAT_REFUSED
from reconciler.situations.vendor import (
    ATTRIBUTE_FIXED,
    ATTRIBUTE_REQUIRED,
    CHANGE_IGNORED,
    GROUP_NEEDS_MEMBER,
    LAST_MEMBER_STAYS,
    NOT_SHOWN,
)


@dataclass(frozen=True)
class Failure:
    """What is known of an operation that was sent and is not done.

    accepted     the vendor answered that it was done
    refused      it refused this very operation
    conflicts    it answered that there is such a resource already
    no_seat      its words that there is no seat; None: it did not say so
    detail       all that was answered and read back
    empty_groups whether it creates groups without members
    products     the products whose seats the operation is about
    lacking      SCIM paths of attributes that it requires, and that were not sent
    fixed        SCIM paths of attributes that were sent, and that it keeps as they are
    alone_in     a set that the account is to leave and that nobody else is in, or ""
    stays        the account is still in a set that it was to leave
    """

    operation: Operation
    accepted: bool = False
    refused: bool = False
    conflicts: bool = False
    no_seat: str | None = None
    detail: str = ""
    empty_groups: bool = True
    products: tuple[str, ...] = ()
    lacking: frozenset[str] = frozenset()
    fixed: tuple[str, ...] = ()
    alone_in: str = ""
    stays: bool = False


def failure_cause(failed: Failure) -> Finding | None:
    """The first of V4, V21, S8, V20, V13, V17, V10 that applies, or None."""
    operation, subject = failed.operation, failed.operation.subject
    kind, products = operation.kind, ", ".join(failed.products)
    if kind is Kind.CREATE_SET_GROUP and failed.conflicts:
        return finding(NOT_SHOWN, subject)
    if kind is Kind.CREATE_SET_GROUP and not failed.empty_groups:
        return finding(GROUP_NEEDS_MEMBER, subject, sets=f'"{subject.name}"')
    if failed.no_seat is not None:
        products = products or "what the account holds"
        return finding(SEAT_REFUSED, subject, products=products, why=failed.no_seat)
    if kind is Kind.CREATE_ACCOUNT and failed.refused and failed.lacking:
        return finding(ATTRIBUTE_REQUIRED, subject, path=", ".join(sorted(failed.lacking)))
    if kind is Kind.UPDATE_ACCOUNT and failed.fixed:
        path = ", ".join(failed.fixed)
        return finding(ATTRIBUTE_FIXED, RUN, path=path, who="seen in this run")
    if kind is Kind.REVOKE and failed.alone_in:
        why = failed.detail.rstrip(".")
        return finding(LAST_MEMBER_STAYS, subject, set=failed.alone_in, why=why)
    return _ignored(failed, products) if failed.accepted else None


def _ignored(failed: Failure, products: str) -> Finding:
    ends = bool(products) and not failed.stays
    others = f", and nobody else was granted {products} in this run" if ends else ""
    what = str(failed.operation.kind).replace("_", " ")
    return finding(CHANGE_IGNORED, failed.operation.subject, what=what, others=others)
