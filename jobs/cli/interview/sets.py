"""The questions about products, seats and the groups that give them."""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from config.subscription_set import SubscriptionSet
from connectors.entra.client import Entra
from connectors.errors import CounterpartError
from jobs.cli.interview.questions import agreed, ask, ask_for, heading
from jobs.output.console import print_line
from reconciler.model.group_names import fault
from reconciler.model.group_read import Group

PRODUCTS = "Sales, Marketing, Talent"
MOST_SHOWN = 30


def ask_products() -> dict[str, int]:
    """Seats that were bought, per product."""
    heading("What you bought: the portal shows products and seats under Subscriptions")
    products = ask("Products, with commas between them", _products, PRODUCTS)
    return {product: ask(f"Seats of {product}", _count) for product in products}


def ask_sets(entra: Entra | None, products: Sequence[str]) -> list[dict[str, Any]]:
    """A set per group, at least one; without a tenant the names are typed."""
    heading("The groups: each gives a set of exactly its name; nobody may be in two of them")
    sets: dict[str, dict[str, Any]] = {}
    while not sets or agreed("More groups?", default=False):
        for name, pin in _found(entra) if entra else [(ask("Group's name", _set_name), {})]:
            sets[name] = _asked(name, products) | pin
    return list(sets.values())


def ask_protected() -> list[str]:
    """Users whom no plan touches."""
    heading("Whom nothing is ever given to or taken from, whatever the groups say")
    return ask("User principal names, with commas between them; nothing: nobody", _names, "")


def _found(entra: Entra) -> list[tuple[str, dict[str, str]]]:
    """The names of groups that somebody chose; with the id of one that shares its name."""
    while True:
        words = ask("Search groups by the beginning of a word", str)
        try:
            groups = entra.search_groups(words)
        except CounterpartError as error:
            print_line(error)
            continue
        for line in _listed(groups):
            print_line(line)
        if groups:
            question = "Which of them give seats (1 3, 2-4, or nothing to search again)"
            chosen = ask(question, partial(_chosen, groups[:MOST_SHOWN]), "")
            if chosen:
                return [
                    (group.name, {"group_id": group.id} if _shared(group, groups) else {})
                    for group in chosen
                ]


def _shared(group: Group, groups: Sequence[Group]) -> bool:
    """Whether another one has the same name."""
    return [other.name for other in groups].count(group.name) > 1


def _listed(groups: Sequence[Group]) -> Iterable[str]:
    for number, group in enumerate(groups[:MOST_SHOWN], start=1):
        why = fault(group.name)
        told = f" (the portal would not take it: {why})" if why else ""
        yield f"{number} {group.name}{f' ({group.id})' if _shared(group, groups) else ''}{told}"
    if len(groups) > MOST_SHOWN:
        yield f"and {len(groups) - MOST_SHOWN} more: search for more words"
    if not groups:
        yield "no group; one that was just made is found by the beginning of its name at first"


def _chosen(groups: Sequence[Group], text: str) -> list[Group]:
    """The groups of these numbers, whose names the portal takes."""
    chosen = [groups[number - 1] for number in _numbers(text, len(groups))]
    for group in chosen:
        if why := fault(group.name):
            raise ValueError(f'"{group.name}" can be no set: {why}. Rename the group in Entra ID')
        if sum(other.name == group.name for other in chosen) > 1:
            raise ValueError(f'"{group.name}" is there twice; choose one, or rename the other')
    return chosen


def _numbers(text: str, last: int) -> list[int]:
    numbers: dict[int, None] = {}
    for part in re.split(r"[\s,]+", text):
        match = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", part)
        first, end = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if part and not 1 <= first <= end <= last:
            raise ValueError(f"expected numbers from 1 to {last}, such as 1 3 or 2-4")
        numbers |= dict.fromkeys(range(first, end + 1) if part else ())
    return list(numbers)


def _asked(name: str, products: Sequence[str]) -> dict[str, Any]:
    """The set, and what it gives; proposed is what its name tells."""
    told = [product for product in products if product.casefold() in name.casefold()]
    usual = ", ".join(told or products[:1])
    chosen = ask(f'Products of "{name}"', partial(_some_of, products), usual)
    admins = agreed("Are its users admins there?", default="admin" in name.casefold())
    description = ask_for(SubscriptionSet, "description", "Its description in the portal", "")
    return {
        "name": name,
        **({"description": description} if description else {}),
        "products": chosen,
        **({"admin": True} if admins else {}),
    }


def _names(text: str) -> list[str]:
    return [name for name in map(str.strip, text.split(",")) if name]


def _products(text: str) -> list[str]:
    names = _names(text)
    if not names or len(set(names)) < len(names):
        raise ValueError(f"expected each name once, such as {PRODUCTS}")
    return names


def _some_of(products: Sequence[str], text: str) -> list[str]:
    names = _products(text)
    if unknown := [name for name in names if name not in products]:
        raise ValueError(
            f"there is no {', '.join(unknown)}; expected some of {', '.join(products)}"
        )
    return names


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError("expected a whole number")
    return int(text)


def _set_name(text: str) -> str:
    if why := fault(text):
        raise ValueError(f"the portal would not take it: {why}")
    return text
