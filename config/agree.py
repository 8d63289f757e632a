"""What no single value can tell: whether the parts of a configuration agree with one another."""

from collections import Counter
from collections.abc import Iterator

from config.settings import SeatFile, Settings
from config.suggest import unknown

Disagreement = tuple[tuple[str | int, ...], str]
"""Where in the file, and what is wrong."""


def disagreements(settings: Settings) -> Iterator[Disagreement]:
    """Names that are used and not defined, and names that are there twice."""
    yield from _twice(settings)
    for at, subscription_set in enumerate(settings.subscription_sets):
        for index, product in enumerate(subscription_set.products):
            if product not in settings.products:
                yield (
                    ("subscription_sets", at, "products", index),
                    unknown(product, settings.products),
                )
        if not subscription_set.products and not subscription_set.admin:
            place = ("subscription_sets", at, "products")
            yield place, "the set grants nothing: select at least one product"
    if not isinstance(settings.seats, SeatFile):
        for product in settings.seats:
            if product not in settings.products:
                yield ("seats", product), unknown(product, settings.products)


def _twice(settings: Settings) -> Iterator[Disagreement]:
    for product, count in Counter(settings.products).items():
        if count > 1:
            yield ("products",), f'"{product}" is there twice'
    seen: set[str] = set()
    for at, subscription_set in enumerate(settings.subscription_sets):
        for key, value in (
            ("name", subscription_set.name),
            ("group_id", subscription_set.group_id),
        ):
            if value in seen:
                place = ("subscription_sets", at, key)
                yield place, f'"{value}" is bound to two sets; keep one'
            if value is not None:
                seen.add(value)
