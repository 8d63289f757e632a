"""Who is who: each person's account by externalId, then userName, then mail; never a guess."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOWHERE = -1


def locate(values: pd.Series, among: pd.Series) -> tuple[Positions, Positions]:
    """For each value its first position in `among` (-1: none), and how often it stands there."""
    codes, uniques = pd.factorize(pd.concat([among, values], ignore_index=True))
    there, asked = codes[: len(among)], codes[len(among) :]
    first = np.full(len(uniques) + 1, NOWHERE)  # the last slot answers for absent values
    first[there[::-1]] = np.arange(len(among))[::-1]
    first[-1] = NOWHERE
    count = np.bincount(there[there >= 0], minlength=len(uniques) + 1)
    return first[asked], count[asked]


def match(
    people: pd.DataFrame, wished: pd.DataFrame, seeking: Flags, accounts: pd.DataFrame, mail: str
) -> pd.DataFrame:
    """One row per person: her account, and what speaks against it.

    `wished` holds the mapped attributes, `mail` names the path of the mail address in them.
    Only people who are `seeking` a seat are looked for by name and mail; the others are known
    by their link alone. Columns:

    account   position in `accounts`, -1 for none
    linked    found by externalId
    hits      accounts that match equally well
    nicknamed the account carries her mailNickname as externalId, Entra's default mapping
    sure      linked, or user name and mail address agree on one account that is nobody's
    foreign   the account carries another externalId
    contested somebody else has a claim on this account too
    living    the other claim is by a person who exists in Entra
    """
    by_id, id_hits = locate(people["id"], accounts["externalId"])
    by_name, name_hits = locate(_folded(wished["userName"]), _folded(accounts["userName"]))
    by_mail, mail_hits = (
        locate(_folded(wished[mail]), _folded(accounts[mail]))
        if mail in accounts.columns
        else (np.full(len(people), NOWHERE), np.zeros(len(people), dtype=np.int64))
    )
    linked = by_id >= 0
    by_name = np.where(seeking, by_name, NOWHERE)
    by_mail = np.where(seeking & ~linked, by_mail, NOWHERE)
    account = np.where(linked, by_id, np.where(by_name >= 0, by_name, by_mail))
    hits = np.where(linked, id_hits, np.where(by_name >= 0, name_hits, mail_hits))
    rival = np.where((by_name >= 0) & (by_name != account), by_name, NOWHERE)

    owner, _ = locate(accounts["externalId"], people["id"])
    exists = np.append(people["presence"].eq("present").to_numpy(dtype=bool), False)
    owned_by_living = np.append(exists[owner], False)
    external_id = accounts["externalId"].fillna("")
    unlinked = np.append(external_id.eq("").to_numpy(dtype=bool), False)
    nicknamed = ~linked & (account >= 0) & _nicknamed(people, external_id, account)
    claims = np.bincount(
        np.concatenate([account, rival])[np.concatenate([account, rival]) >= 0],
        minlength=len(accounts) + 1,
    )
    return pd.DataFrame(
        {
            "account": account,
            "linked": linked,
            "hits": np.where(account >= 0, hits, 0),
            "nicknamed": nicknamed,
            "sure": linked
            | ((by_name >= 0) & (by_name == by_mail) & (unlinked[account] | nicknamed)),
            "foreign": ~linked & (account >= 0) & ~unlinked[account] & ~nicknamed,
            "contested": (claims[account] > 1) | (rival >= 0),
            "living": owned_by_living[account] | owned_by_living[rival],
        },
        index=people.index,
    )


def _nicknamed(people: pd.DataFrame, external_id: pd.Series, account: Positions) -> Flags:
    if not len(external_id):
        return np.zeros(len(people), dtype=bool)
    theirs = external_id.take(np.maximum(account, 0)).reset_index(drop=True)
    same = _folded(theirs) == _folded(people["mailNickname"])
    alike: Flags = same.fillna(False).to_numpy(dtype=bool)
    return alike


def _folded(values: pd.Series) -> pd.Series:
    return values.str.casefold()
