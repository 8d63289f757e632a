"""The sign-ins behind approvals: asked for when somebody approves, verified whenever they count.

What is in the store proves nothing here: of every token the signature is verified by the keys that
Entra ID publishes at that moment, and who is in which group is asked of Graph.
"""

from collections.abc import Iterable
from dataclasses import replace

from config.directory import DirectorySettings
from config.field_types import is_guid
from config.policy import Policy
from connectors.entra.auth.id_token import Expected, NotVerified, SignedIn, verified
from connectors.entra.auth.openid_configuration import Authority, authority_of
from connectors.entra.auth.sign_in import Tell, in_browser, with_device_code
from connectors.entra.client import Entra
from connectors.errors import CounterpartError
from jobs.context import Context
from reconciler.applying.approvers import SignIns
from reconciler.model.approval import Approval, SignIn
from reconciler.model.plan import Plan

NOWHERE = (
    "there is no app to sign in to: with an export nobody can, and a managed identity needs "
    "directory.sign_in_client_id beside it"
)


def signed(
    context: Context, plan: Plan, approval: Approval, device_code: bool, tell: Tell
) -> Approval:
    """The approval with the ID token of whoever signs in for it now, and their name from it.

    Raises:
        CounterpartError: nobody signed in, or the token is not what it should be.
    """
    directory, app = _app(context)
    authority = authority_of(directory)
    token = (
        with_device_code(directory, app, authority, tell)
        if device_code
        else in_browser(directory, app, authority, approval.nonce, tell)
    )
    approval = replace(approval, id_token=token, weaker=device_code)
    try:
        person = verified(token, authority, _expected(context, plan, approval))
    except NotVerified as error:
        raise CounterpartError("signing in to Entra ID", f"the ID token: {error}") from None
    return replace(approval, by=replace(approval.by, object_id=person.object_id, name=person.name))


def sign_ins(context: Context, plan: Plan, approvals: Iterable[Approval]) -> SignIns:
    """What each approval's token proves now, where it has one.

    Raises:
        CounterpartError: it has to be asked and does not answer.
    """
    directory, _ = _app(context)
    authority, entra = authority_of(directory), Entra(directory)
    return {
        one: _sign_in(context, plan, one, authority, entra) if one.id_token else None
        for one in approvals
    }


def _sign_in(
    context: Context, plan: Plan, approval: Approval, authority: Authority, entra: Entra
) -> SignIn:
    try:
        person = verified(approval.id_token, authority, _expected(context, plan, approval))
    except NotVerified as error:
        return SignIn(fault=f"its ID token is not valid: {error}")
    if person != SignedIn(approval.by.object_id, approval.by.name):
        return SignIn(fault="its ID token is somebody else's")
    listed = _ids(context.settings.policy)
    if not listed or person.object_id in listed:
        return SignIn(person.object_id)
    return SignIn(person.object_id, entra.groups_of(person.object_id, listed))


def _ids(policy: Policy) -> frozenset[str]:
    """Of users and groups; which of both an id is, is not known here."""
    return frozenset(one.lower() for one in policy.approvers if is_guid(one))


def _expected(context: Context, plan: Plan, approval: Approval) -> Expected:
    directory, app = _app(context)
    return Expected(
        directory.tenant_id,
        app,
        None if approval.weaker else approval.nonce,
        plan.basis.planned_at,
        min(plan.basis.expires_at, context.clock()),
    )


def _app(context: Context) -> tuple[DirectorySettings, str]:
    directory = context.settings.directory
    app = directory.sign_in_app if isinstance(directory, DirectorySettings) else None
    if not isinstance(directory, DirectorySettings) or not app:
        raise CounterpartError("signing in to Entra ID", NOWHERE)
    return directory, app
