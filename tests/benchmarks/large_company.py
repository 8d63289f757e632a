"""An invented company of any size, made in columns: a directory, a vendor that lags, few seats."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from config.settings import Settings
from reconciler.columns import frames
from reconciler.model.group_read import Group, GroupRead
from reconciler.model.seat_inventory import SeatCount
from reconciler.model.snapshot import Directory, Memory, PlanContext, Snapshot, Target

Codes = NDArray[np.int64]

SETS = [f"Team {at:03}" for at in range(200)]
PRODUCTS = [f"Product {at:02}" for at in range(12)]
SHORT = 3
"""Of the first products everything that was bought is in use."""

# What share of the people is not simply settled. The first five are the drift, 5 % together;
# whoever waits and the guests have no account, as before.
JOINS, LEAVES, MOVES, RENAMED, DISABLED, WAITS, GUESTS, SETTLED = range(8)
SHARES = {
    JOINS: 2,
    LEAVES: 1,
    MOVES: 1,
    RENAMED: 0.5,
    DISABLED: 0.5,
    WAITS: 2,
    GUESTS: 1,
}  # percent
PER_MILLE_UNLINKED = 1
RUN = 100
TENANT, VENDOR = "11111111-1111-1111-1111-111111111111", "https://vendor.example/scim/v2"

GIVEN = pa.array(["Ana", "Bob", "Chloé", "Dmitri", "Eva", "Fatima", "Grace", "Hiro", "Inés", "Jan"])
ASCII_GIVEN = pa.array([name.replace("é", "e") for name in GIVEN.to_pylist()])  # for addresses
SURNAMES = pa.array(["Abel", "Bauer", "Costa", "Diaz", "Evans", "Fischer", "Garcia", "Hughes"])


@dataclass(frozen=True)
class Company:
    """The arguments of `reconcile()`."""

    settings: Settings
    snapshot: Snapshot
    plan_context: PlanContext


def large_company(size: int) -> Company:
    """A company of `size` people, 95 % as many accounts, and 200 sets; always the same one."""
    chance = np.random.default_rng(size)
    bundles = [chance.choice(len(PRODUCTS), at % 3 + 1, replace=False) for at in range(len(SETS))]
    wanting_short = np.flatnonzero([bundle.min() < SHORT for bundle in bundles])

    roles = _roles(size, chance)
    wanted = (len(SETS) * chance.random(size) ** 2).astype(np.int64)  # few large, many small sets
    wanted[roles == WAITS] = chance.choice(wanting_short, int((roles == WAITS).sum()))
    other = (wanted + chance.integers(1, len(SETS), size)) % len(SETS)
    held = np.where(roles == MOVES, other, wanted)
    has_account = np.isin(roles, (JOINS, WAITS, GUESTS), invert=True)
    linked = chance.random(size) >= PER_MILLE_UNLINKED / 1000

    ids = _guids(size, chance)
    given, surname = (chance.integers(0, len(names), size) for names in (GIVEN, SURNAMES))
    new_surname = np.where(roles == RENAMED, (surname + 1) % len(SURNAMES), surname)
    in_a_set = np.flatnonzero(roles != LEAVES)
    people = _people(ids, given, new_surname, roles, chance)
    accounts = _accounts(ids, given, surname, linked, np.flatnonzero(has_account), chance)
    holders = accounts.pop("person").to_numpy()
    waiting = np.flatnonzero(roles == WAITS)
    return Company(
        _settings(bundles),
        Snapshot(
            Directory(
                TENANT,
                tuple(GroupRead(name, (Group(name, name),)) for name in SETS),
                _frame(
                    set=pa.array(SETS).take(pa.array(wanted[in_a_set])),
                    id=ids.take(pa.array(in_a_set)),
                    kind=_constant("user", len(in_a_set)),
                ),
                people,
            ),
            Target(
                VENDOR,
                {name: (name,) for name in SETS},
                accounts,
                pd.DataFrame(
                    {
                        "set": _text(pa.array(SETS).take(pa.array(held[holders]))),
                        "account": accounts["account"],
                    }
                ),
            ),
            _inventory(bundles, held[holders], size),
            Memory(
                tenant_id=TENANT,
                vendor=VENDOR,
                run=RUN,
                links=_links(accounts),
                waits=_frame(
                    id=ids.take(pa.array(waiting)),
                    set=pa.array(SETS).take(pa.array(wanted[waiting])),
                ).assign(since_run=RUN - 1 - chance.integers(0, 5, len(waiting))),
            ),
        ),
        PlanContext("8f2c41d7", datetime(2026, 11, 24, 3, 0, tzinfo=UTC), "0.1.0"),
    )


def _links(accounts: pd.DataFrame) -> pd.DataFrame:
    """Every account that carries an object id is ours."""
    ours = accounts.dropna(subset=["externalId"]).reset_index(drop=True)
    return pd.DataFrame({"id": ours["externalId"], "account": ours["account"]})


def _roles(size: int, chance: np.random.Generator) -> Codes:
    roles = np.full(size, SETTLED)
    counts = [round(size * share / 100) for share in SHARES.values()]
    roles[: sum(counts)] = np.repeat(list(SHARES), counts)
    chance.shuffle(roles)
    return roles


def _people(
    ids: pa.Array, given: Codes, surname: Codes, roles: Codes, chance: np.random.Generator
) -> pd.DataFrame:
    """Of those who left, half are still in the directory and half in its recycle bin."""
    address = _addresses(given, surname)
    first, last = GIVEN.take(pa.array(given)), SURNAMES.take(pa.array(surname))
    deleted = (roles == LEAVES) & (chance.random(len(ids)) < 0.5)
    return _frame(
        id=ids,
        userPrincipalName=address,
        mail=address,
        displayName=pc.binary_join_element_wise(first, last, " "),
        givenName=first,
        surname=last,
        mailNickname=pc.replace_substring(address, "@contoso.example", ""),
        userType=pc.if_else(pa.array(roles == GUESTS), "Guest", "Member"),
        presence=pc.if_else(pa.array(deleted), "deleted", "present"),
    ).assign(accountEnabled=pd.array(roles != DISABLED, dtype="boolean"))


def _accounts(
    ids: pa.Array,
    given: Codes,
    surname: Codes,
    linked: NDArray[np.bool_],
    persons: Codes,
    chance: np.random.Generator,
) -> pd.DataFrame:
    """In an order of their own; `person` is the position of whose it is."""
    chance.shuffle(persons)
    taken = pa.array(persons)
    address = _addresses(given, surname).take(taken)
    return _frame(
        account=_guids(len(persons), chance),
        userName=address,
        externalId=pc.if_else(pa.array(linked), ids, None).take(taken),
        **{
            'emails[type eq "work"].value': address,
            "name.givenName": GIVEN.take(pa.array(given)).take(taken),
            "name.familyName": SURNAMES.take(pa.array(surname)).take(taken),
        },
    ).assign(active=pd.array(np.ones(len(persons), bool), dtype="boolean"), person=persons)


def _addresses(given: Codes, surname: Codes) -> pa.Array:
    """As ``Ana.Abel.17@contoso.example``: the number tells namesakes apart."""
    number = pc.cast(pa.array(np.arange(len(given))), pa.string())
    local = pc.binary_join_element_wise(
        ASCII_GIVEN.take(pa.array(given)), SURNAMES.take(pa.array(surname)), number, "."
    )
    return pc.binary_join_element_wise(local, "contoso.example", "@")


def _guids(size: int, chance: np.random.Generator) -> pa.Array:
    digits = np.frombuffer(chance.bytes(16 * size).hex().encode(), np.uint8).reshape(size, 32)
    text = np.insert(digits, (8, 12, 16, 20), ord("-"), axis=1)
    offsets = np.arange(0, 36 * size + 1, 36, dtype=np.int64)
    return pa.LargeStringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(text))


def _inventory(bundles: list[Codes], holdings: Codes, size: int) -> tuple[SeatCount, ...]:
    used = np.bincount(np.concatenate([np.repeat(bundles[at], n) for at, n in _counts(holdings)]))
    spare = [0] * SHORT + [size] * (len(PRODUCTS) - SHORT)
    return tuple(
        SeatCount(product, int(count) + more)
        for product, count, more in zip(PRODUCTS, used, spare, strict=True)
    )


def _counts(holdings: Codes) -> list[tuple[int, int]]:
    return list(enumerate(np.bincount(holdings, minlength=len(SETS)).tolist()))


def _settings(bundles: list[Codes]) -> Settings:
    secret = "env:SECRET"
    return Settings.model_validate(
        {
            "directory": {
                "tenant_id": TENANT,
                "client_id": "22222222-2222-2222-2222-222222222222",
                "credential": {"secret": secret},
            },
            "vendor": {
                "name": "ZoomInfo",
                "base_url": VENDOR,
                "token": secret,
                "token_issued": "2026-09-01",
                "token_lifetime": "180d",
                "managed_through_idp": True,
            },
            "products": PRODUCTS,
            "subscription_sets": [
                {
                    "name": name,
                    "products": [PRODUCTS[at] for at in bundle],
                    "admin": name == SETS[-1],
                }
                for name, bundle in zip(SETS, bundles, strict=True)
            ],
            "seats": {},
            "policy": {"protected": ["break.glass@contoso.example"]},
        }
    )


def _frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({name: _text(values) for name, values in columns.items()})


def _text(values: pa.Array) -> Any:
    return pd.array(values.cast(pa.large_string()), dtype=frames.TEXT)


def _constant(text: str, size: int) -> pa.Array:
    return pa.repeat(text, size)
