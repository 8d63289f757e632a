"""Whether what was read for one configuration is what another one would have read."""

from collections.abc import Iterator

from config.settings import Settings
from config.vendor import VendorSettings
from reconciler.model.plan_input import PlanInput


def read_differently(plan_input: PlanInput, settings: Settings) -> str:
    """What these settings would have read otherwise, or beside it; "" where they read the same."""
    return "; ".join(_differences(plan_input, settings))


def _differences(plan_input: PlanInput, settings: Settings) -> Iterator[str]:
    then, snapshot = plan_input.settings, plan_input.snapshot
    if settings.directory.tenant_id != then.directory.tenant_id:
        yield "another tenant"
    if _vendor(settings.vendor) != _vendor(then.vendor):
        yield "another vendor, or another way to know who is in a set"
    sets = {item.name: (item.group_id, item.nested) for item in then.subscription_sets}
    for item in settings.subscription_sets:
        if sets.get(item.name) != (item.group_id, item.nested):
            yield f'the group of set "{item.name}"'
    for name in settings.directory_attributes:
        if name not in snapshot.directory.people:
            yield f'the attribute "{name}" of Entra ID'
    for path in settings.attribute_mapping.targets:
        if path not in snapshot.target.accounts and path != "externalId":
            yield f'the attribute "{path}" of the vendor'


def _vendor(vendor: VendorSettings) -> tuple[object, ...]:
    return vendor.base_url, vendor.membership, vendor.shows_members
