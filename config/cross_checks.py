"""What no single value shows: whether the parts of a configuration agree with one another."""

from collections.abc import Iterator
from typing import Any

from config.suggest import unknown

Disagreement = tuple[tuple[str | int, ...], str]
"""Where in the file, and what is wrong."""


def disagreements(document: dict[Any, Any]) -> Iterator[Disagreement]:
    """Names that are used and not defined or are bound twice, sets that grant nothing, and prices
    that cannot be compared.

    Looks at what the file says, so that a mistake elsewhere hides none of these; what is of the
    wrong shape is passed over, since the models report that.
    """
    sets = [
        (("subscription_sets", at), entry)
        for at, entry in _entries(document, "subscription_sets")
        if isinstance(entry, dict)
    ]
    yield from _undefined(document, sets)
    yield from _bound_twice(sets)
    yield from _mapped_and_a_set(document)
    yield from _in_another_currency(document)
    for place, subscription_set in sets:
        if subscription_set.get("products") == [] and subscription_set.get("admin") is not True:
            yield (*place, "products"), "the set grants nothing: select at least one product"


Sets = list[tuple[tuple[str, int], dict[Any, Any]]]


def _undefined(document: dict[Any, Any], sets: Sets) -> Iterator[Disagreement]:
    products = [product for _, product in _texts(document, "products") if product]
    if not products:
        return
    sections: list[tuple[tuple[str | int, ...], dict[Any, Any]]] = [
        *sets,
        *((("bundles", name), bundle) for name, bundle in _sections(document, "bundles")),
    ]
    for place, section in sections:
        for index, product in _texts(section, "products"):
            if product not in products:
                yield (*place, "products", index), unknown(product, products)
    seats = document.get("seats")
    if isinstance(seats, dict) and list(seats) != ["file"]:
        for product in seats:
            if isinstance(product, str) and product not in products:
                yield ("seats", product), unknown(product, products)


def _bound_twice(sets: Sets) -> Iterator[Disagreement]:
    seen: set[tuple[str, str]] = set()
    for place, subscription_set in sets:
        for key in ("name", "group_id"):
            value = subscription_set.get(key)
            if not isinstance(value, str):
                continue
            # Ids are GUIDs, which know no case; names do.
            identity = key, value.lower() if key == "group_id" else value
            if identity in seen:
                yield (*place, key), f'"{value}" is bound to two sets; keep one'
            seen.add(identity)


def _mapped_and_a_set(document: dict[Any, Any]) -> Iterator[Disagreement]:
    mapping, kept = document.get("attribute_mapping"), _section(document, "vendor", "membership")
    attribute = kept.get("attribute")
    if isinstance(mapping, dict) and isinstance(attribute, str) and attribute in mapping:
        yield ("attribute_mapping", attribute), "vendor.membership keeps the set here"


def _in_another_currency(document: dict[Any, Any]) -> Iterator[Disagreement]:
    """An order's cost is one number: what is offered beside single seats is priced as they are."""
    if not _section(document, "bundles"):
        return
    prices = [
        ((key, name, "currency"), section["currency"])
        for key in ("seats", "bundles")
        for name, section in _sections(document, key)
        if isinstance(section.get("currency"), str)
    ]
    for place, currency in prices[1:]:
        (first, other), why = prices[0], "costs in two currencies cannot be compared"
        if currency != other:
            yield place, f"{currency} here and {other} at {first[0]}.{first[1]}: {why}"


def _sections(document: dict[Any, Any], key: str) -> Iterator[tuple[str, dict[Any, Any]]]:
    sections = _section(document, key).items()
    return ((n, it) for n, it in sections if isinstance(n, str) and isinstance(it, dict))


def _section(document: dict[Any, Any], *keys: str) -> dict[Any, Any]:
    for key in keys:
        inner = document.get(key)
        document = inner if isinstance(inner, dict) else {}
    return document


def _texts(section: dict[Any, Any], key: str) -> Iterator[tuple[int, str]]:
    return ((at, entry) for at, entry in _entries(section, key) if isinstance(entry, str))


def _entries(section: dict[Any, Any], key: str) -> Iterator[tuple[int, Any]]:
    entries = section.get(key)
    return enumerate(entries if isinstance(entries, list) else [])
