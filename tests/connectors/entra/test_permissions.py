"""What the app may do: each thing is asked for by itself, and an answer is never invented."""

from datetime import UTC, date, datetime, timedelta

import pytest
from werkzeug.wrappers import Response

from config.directory import DirectorySettings
from connectors.entra.client import Entra
from connectors.entra.permissions import Access
from connectors.errors import Unauthorized, Unreachable
from support.counterparts.app_credentials import Identity, private
from support.counterparts.small_tenant import SmallTenant

MOMENT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def access(small_tenant: SmallTenant, **directory: object) -> Access:
    section = {**small_tenant.settings.directory.model_dump(), **directory}
    return Entra(DirectorySettings.model_validate(section)).check()


def test_permissions_are_told(small_tenant: SmallTenant) -> None:
    roles = {"GroupMember.Read.All", "User.Read.All", "Application.Read.All"}
    assert access(small_tenant).roles == roles


def test_one_missing_permission_hides_no_other_answer(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.roles = ("User.Read.All",)
    found = access(small_tenant, enterprise_app="ZoomInfo")
    assert found == Access(frozenset({"User.Read.All"}), None, None)


def test_single_sign_on_of_the_enterprise_application_is_told(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.tenant.service_principals = [
        {"id": "1", "displayName": "ZoomInfo", "preferredSingleSignOnMode": "saml"},
        {"id": "2", "displayName": "Other", "preferredSingleSignOnMode": None},
        {"id": "3", "displayName": "Never", "preferredSingleSignOnMode": "notSupported"},
    ]
    assert access(small_tenant, enterprise_app="ZoomInfo").single_sign_on == ("saml",)
    assert access(small_tenant, enterprise_app="Other").single_sign_on == ("",)
    assert access(small_tenant, enterprise_app="Never").single_sign_on == ("",)
    assert access(small_tenant, enterprise_app="Nowhere").single_sign_on == ()


def test_the_day_on_which_the_secret_expires_is_told(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.app.secret_expires = MOMENT
    assert access(small_tenant).expires == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("secrets", "day"),
    [
        ([], None),
        ([{"hint": "oth", "endDateTime": "2027-01-01T00:00:00Z"}], None),
        ([{"hint": "the", "endDateTime": "2020-01-01T00:00:00Z"}], None),
        ([{"hint": "the", "endDateTime": "soon"}], None),
        (
            [
                {"hint": "the", "endDateTime": "2099-01-01T00:00:00.1234567Z"},
                {"hint": "the", "endDateTime": "2098-12-31T00:00:00Z"},
            ],
            date(2098, 12, 31),
        ),
    ],
)
def test_of_several_secrets_the_one_in_use_is_told(
    small_tenant: SmallTenant,
    secrets: list[dict[str, str]],
    day: date | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        type(small_tenant.sandbox.app),
        "resource",
        lambda app: {"id": "1", "appId": app.client_id, "passwordCredentials": secrets},
    )
    assert access(small_tenant).expires == day


def test_a_certificate_tells_its_own_end_without_any_permission(small_tenant: SmallTenant) -> None:
    identity = Identity(days=12)
    small_tenant.sandbox.app.certificates.append(identity.certificate)
    small_tenant.sandbox.graph.roles = ()
    file = private(small_tenant.folder / "app.pem", identity.pem())
    found = access(small_tenant, credential={"certificate": file})
    assert found.expires == (datetime.now(UTC) + timedelta(days=12)).date()
    asked = [path for _, path in small_tenant.sandbox.graph_ledger.requests]
    assert "/v1.0/applications" not in asked


def test_a_refused_token_is_not_a_missing_permission(small_tenant: SmallTenant) -> None:
    small_tenant.fail(
        lambda request: Response("{}", status=401) if "servicePrincipals" in request.path else None
    )
    with pytest.raises(Unauthorized):
        access(small_tenant, enterprise_app="ZoomInfo")


def test_an_error_is_not_a_missing_permission(small_tenant: SmallTenant) -> None:
    small_tenant.fail(
        lambda request: Response("{}", status=500) if "applications" in request.path else None
    )
    with pytest.raises(Unreachable):
        access(small_tenant)
