"""What may enter as an id; `store/test_memory.py` sees that the stores can keep it."""

import pytest

from connectors.id_validation import is_object_id, is_resource_id

NONE = [None, "", "a\0", "\n", "\x7f", "\x9f", "\ud800"]


@pytest.mark.parametrize("given", [*NONE, 7, "a b", "\u00e9", "x" * 37])
def test_no_group_or_user_of_entra_has_such_an_id(given: object) -> None:
    assert not is_object_id(given)


def test_guids_are_ids_of_entra_in_any_case() -> None:
    assert is_object_id("6f1ad8d4-6a5e-4b0e-9c38-8d1a52f3c0ab")
    assert is_object_id("6F1AD8D4-6A5E-4B0E-9C38-8D1A52F3C0AB")


@pytest.mark.parametrize("given", [*NONE, "x" * 256])
def test_no_account_or_group_of_a_vendor_has_such_an_id(given: object) -> None:
    assert not is_resource_id(given)


@pytest.mark.parametrize("given", [0, 7, "a b/c@d", "\u00e9\U0001f600", "x" * 255])
def test_vendors_take_numbers_and_any_text_for_ids(given: object) -> None:
    assert is_resource_id(given)
