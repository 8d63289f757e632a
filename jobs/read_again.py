"""What a plan rests on, read once more before anything is sent: its groups and its accounts."""

from connectors.entra.client import Entra
from connectors.scim.client import Scim
from jobs.context import Context
from jobs.progress import progress
from reconciler.admission import Reading
from reconciler.model.plan import Operation, Plan
from reconciler.model.snapshot import Directory


def read_directory_again(context: Context, plan: Plan) -> Directory:
    """The groups of the sets that the plan grants or takes away, whole; not the others."""
    settings = context.settings
    touched = {name for operation in plan.operations for name in operation.touched}
    sets = [item for item in settings.subscription_sets if item.name in touched]
    if not sets:
        return Directory(settings.directory.tenant_id)
    with progress("Reading Entra ID again") as advance:
        return Entra(settings.directory).read_sets(sets, (), advance)


def read_vendor_again(
    context: Context, vendor: Scim, plan: Plan
) -> tuple[dict[str, str], dict[int, Reading]]:
    """Sets' groups, and per operation the account that it starts from, if it is there yet."""
    names = [item.name for item in context.settings.subscription_sets]
    groups = {name: ids[0] for name, ids in vendor.groups(names).items() if len(ids) == 1}
    members = {name: vendor.members(group) for name, group in groups.items()}
    readings: dict[int, Reading] = {}
    states: dict[str, Reading] = {}
    for operation in plan.operations:
        if operation.account is None:
            readings[operation.index] = _reading_of_nobody(vendor, operation)
            continue
        if operation.account not in states:
            account = vendor.account(operation.account)
            states[operation.account] = Reading(
                account.attributes if account else None,
                account.active if account else None,
                frozenset(name for name, ids in members.items() if operation.account in ids),
            )
        readings[operation.index] = states[operation.account]
    return groups, readings


def _reading_of_nobody(vendor: Scim, operation: Operation) -> Reading:
    attributes = operation.after.attributes
    if attributes is None:
        return Reading(None, None, frozenset())
    found = vendor.find(str(attributes["externalId"]), str(attributes["userName"]))
    return Reading(found[0].attributes if found else None, None, frozenset())
