"""The nonce of an approval: one for this approval, whatever of it would be changed another one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reconciler.model.approval import Approval, Identity
from support.worlds.world import NOW

ONE = Approval("1a2b", "sha256:1", Identity("ana", "build7"), "meant", NOW, ("R9",), "on call")


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "sha256:2"},
        {"by": Identity("root", "build7")},
        {"by": Identity("ana", "elsewhere")},
        {"reason": "meant so"},
        {"reason": "on call", "remark": "meant"},
        {"remark": ""},
        {"overrides": ()},
        {"overrides": ("R9", "R10")},
    ],
)
def test_it_is_another_one_for_anything_else_that_is_said(change: dict[str, Any]) -> None:
    assert replace(ONE, **change).nonce != ONE.nonce


def test_it_is_the_same_once_somebody_has_signed_in() -> None:
    signed = replace(ONE.by, object_id="0a-ana", name="ana@harbour.example")
    later = NOW + timedelta(minutes=1)
    assert replace(ONE, by=signed, id_token="a.b.c", at=later).nonce == ONE.nonce
    assert replace(ONE, overrides=("R9",)).nonce == ONE.nonce


def test_it_is_text_for_an_address_and_can_be_made_of_whatever_was_typed() -> None:
    """RFC 4648 section 5, without padding; half characters come from the command line."""
    nonce = replace(ONE, reason="\udcff\U0001f600").nonce
    assert len(nonce) == 43
    assert nonce.replace("-", "").replace("_", "").isalnum()
