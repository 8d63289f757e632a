"""What evaluating an attribute mapping costs, against the same by hand: `make benchmarks`.

ours     the guide's six rows, and a mail address made of both names, for a million users
by hand  the column expressions of pandas that whoever knows these seven rows would write

Seconds are the processor's, of all threads. One name in ten has a letter that is not ASCII.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import goals
import numpy as np
import pandas as pd

from config.attribute_mapping import AttributeMapping
from reconciler.columns.frames import TEXT
from reconciler.facts.wanted_attributes import wanted_attributes
from support.worlds.world import NOW

USERS = 1_000_000
ROUNDS = 5
ROWS = {
    "userName": "userPrincipalName",
    "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    'emails[type eq "work"].value': "mail",
    "name.givenName": "givenName",
    "name.familyName": "surname",
    "externalId": "objectId",
    "nickName": 'ToLower(Join("@", NormalizeDiacritics(StripSpaces(Join(".", [givenName], '
    '[surname]))), "contoso.com"))',
}


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else USERS
    people, gone = company(size)
    mapping = AttributeMapping.parse(ROWS)
    ours, hand = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: wanted_attributes(mapping, people, gone, NOW)))
        hand.append(seconds(lambda: by_hand(people, gone)))
    same = wanted_attributes(mapping, people, gone, NOW).texts["nickName"]
    assert same.equals(by_hand(people, gone)["nickName"])
    goals.note(f"{size:,} users: mapping {median(ours):.2f} s, by hand {median(hand):.2f} s")
    goals.at_most(
        3,
        median(ours) / median(hand),
        "times",
        f"attribute mapping of {size:,} users, CPU, against pandas by hand",
    )


def company(size: int) -> tuple[pd.DataFrame, np.ndarray]:
    given = [f"Zoë {at}" if at % 10 == 0 else f"Ana Maria {at}" for at in range(size)]
    surname = [f"Smith {at % 1000}" for at in range(size)]
    names = {"givenName": given, "surname": surname}
    ids = [f"{at:08x}-0000-4000-8000-000000000000" for at in range(size)]
    mail = [f"user.{at}@contoso.com" for at in range(size)]
    columns = {"id": ids, "userPrincipalName": mail, "mail": mail, **names}
    people = pd.DataFrame({name: pd.array(told, dtype=TEXT) for name, told in columns.items()})
    return people, np.arange(size) % 50 == 0


def by_hand(people: pd.DataFrame, gone: np.ndarray) -> dict[str, Any]:
    joined = people["givenName"].str.cat(people["surname"], sep=".").str.replace(" ", "")
    plain = joined.str.normalize("NFD").str.replace("[\u0300-\u036f]+", "", regex=True)
    return {
        "userName": people["userPrincipalName"],
        "active": pd.Series(np.where(gone, "False", "True"), dtype=TEXT),
        'emails[type eq "work"].value': people["mail"],
        "name.givenName": people["givenName"],
        "name.familyName": people["surname"],
        "externalId": people["id"],
        "nickName": (plain + "@contoso.com").str.lower(),
    }


def seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


if __name__ == "__main__":
    main()
