"""Groups are found by words of their names, also those that Graph's index does not have yet."""

import pytest
from werkzeug.wrappers import Request, Response

from connectors.entra.client import Entra
from support.counterparts.small_tenant import SmallTenant


def found(small_tenant: SmallTenant, words: str) -> list[str]:
    return [group.name for group in Entra(small_tenant.settings.directory).search_groups(words)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("sales", ["Sales Team"]),
        ("te", ["Sales Team"]),
        ("desk night", ["Night Desk"]),
        ("eam", []),
        ('quo"te\\', []),
        ("it's", []),
    ],
)
def test_by_the_beginnings_of_words(
    small_tenant: SmallTenant, words: str, names: list[str]
) -> None:
    assert found(small_tenant, words) == names


def test_by_the_beginning_of_the_name_where_there_is_no_search(small_tenant: SmallTenant) -> None:
    """As in a tenant of Azure AD B2C, and for a group that was made a minute ago."""

    def unsupported(request: Request) -> Response | None:
        return Response("{}", status=400) if "$search" in request.args else None

    small_tenant.fail(unsupported)
    assert found(small_tenant, "night d") == ["Night Desk"]
    assert found(small_tenant, "desk") == []
