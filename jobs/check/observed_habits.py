"""The part of check that reports what earlier runs have seen of the vendor's server."""

from collections.abc import Iterator, Mapping

from config.settings import Settings
from connectors.scim.dialect.attribute_habits import Habits
from connectors.store.store import Store
from jobs.check.result import Check, fault, fine
from jobs.check.store import asked_of_the_store
from jobs.clock import utc_now
from reconciler.model.attribute_habits import IN_WORDS
from reconciler.model.capabilities import Capabilities, Feature, believed

LACKING = {
    Feature.FILTER: "its filters are not used",
    Feature.PATCH: "it is changed by PUT",
    Feature.REMOVE: "attributes are emptied, not removed",
    Feature.BATCH: "members are changed one by one",
    Feature.MEMBERS: "groups do not show all who are in them",
    Feature.LEAVING: "nobody can be removed from a group",
    Feature.EMPTY_GROUPS: "groups are made with a member",
    Feature.EXTERNAL_ID: "accounts do not show their externalId",
}
"""What it means that the server was seen to lack a feature."""


def check_habits(settings: Settings) -> Iterator[Check]:
    """One line; a fault where none of the changes that were tried is known to the server."""
    known = Capabilities(known_habits(settings))
    name = settings.vendor.name
    if not known.may(Feature.CHANGES):
        yield fault(
            f"{name}: its server knows neither PATCH nor PUT for what earlier runs asked, so "
            "nobody can join or leave a set over SCIM. Ask the vendor to switch on one of them; it "
            "is tried again with the next plan that is applied."
        )
    seen = [words for feature, words in LACKING.items() if not known.may(feature)]
    for path, ways in sorted(Habits(known).known.items()):
        seen.append(f"it keeps {path} {' and '.join(sorted(IN_WORDS[way] for way in ways))}")
    seen += [f"it makes no account without {path}" for path in sorted(Habits(known).required)]
    if known.surely(Feature.INVITES):
        seen.append("it invites new users")
    if seen:
        yield fine(f"{name}: seen in earlier runs: {'; '.join(seen)}")


def known_habits(settings: Settings) -> Mapping[str, bool]:
    """What is still believed of the server."""

    def ask(store: Store) -> Mapping[str, bool]:
        with store.transaction() as tx:
            return believed(tx.capabilities.of(settings.vendor.base_url), utc_now())

    return asked_of_the_store(settings, ask, {})
