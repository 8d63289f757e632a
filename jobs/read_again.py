"""What a plan rests on, read once more before anything is sent: its groups and its accounts."""

from connectors.scim.client import Scim
from jobs.context import Context
from jobs.progress import progress
from jobs.source import source_of
from reconciler.applying.admission import Reading
from reconciler.applying.source_drift import receivers
from reconciler.model.plan import Plan
from reconciler.model.snapshot import Directory


def read_directory_again(context: Context, plan: Plan) -> Directory:
    """The groups of the sets that the plan grants or takes away, whole; not the others.

    For an undo, which goes against the groups, the people to whom it gives something back.
    """
    settings = context.settings
    if plan.undoes:
        people = source_of(settings.directory).look_up(receivers(plan), (), lambda _: None)
        return Directory(settings.directory.tenant_id, people=people)
    touched = {name for operation in plan.operations for name in operation.touched}
    sets = [item for item in settings.subscription_sets if item.name in touched]
    if not sets:
        return Directory(settings.directory.tenant_id)
    with progress("Reading Entra ID again") as advance:
        return source_of(settings.directory).read_sets(sets, (), advance)


def read_vendor_again(
    context: Context, vendor: Scim, plan: Plan
) -> tuple[dict[str, str], dict[int, Reading]]:
    """Sets' groups, and per operation the account that it starts from, if it is there yet."""
    names = {item.name for item in context.settings.subscription_sets}
    names |= {name for operation in plan.operations for name in operation.touched}
    groups = {name: ids[0] for name, ids in vendor.groups(names).items() if len(ids) == 1}
    accounts = vendor.accounts()
    held = vendor.members_of(list(groups.values()))
    members = {name: held[group] for name, group in groups.items()}
    linked = {account.attributes.get("externalId"): account for account in accounts.values()}
    named = {_folded(account.attributes.get("userName")): account for account in accounts.values()}
    readings = {}
    for operation in plan.operations:
        wished = operation.after.attributes
        if operation.account is not None:
            account = accounts.get(operation.account)
        elif wished is not None:
            account = linked.get(str(wished["externalId"])) or named.get(
                _folded(wished["userName"])
            )
        else:
            account = None
        readings[operation.index] = Reading(
            account.attributes if account else None,
            account.active if account else None,
            frozenset(name for name, ids in members.items() if account and account.id in ids),
        )
    return groups, readings


def _folded(name: str | bool | None) -> str:
    return str(name or "").casefold()
