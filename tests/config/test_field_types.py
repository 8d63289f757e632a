"""The small values of a configuration: durations, secrets, the mapping."""

from datetime import timedelta

import pytest

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from config.duration import duration
from config.secret_reference import SecretReference


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("40m", timedelta(minutes=40)),
        ("24h", timedelta(days=1)),
        ("90d", timedelta(days=90)),
        ("1y", timedelta(days=365)),
        ("90 days", timedelta(days=90)),
        ("180 days", timedelta(days=180)),
        ("1 year", timedelta(days=365)),
    ],
)
def test_durations(text: str, meant: timedelta) -> None:
    assert duration(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", "d", "90", "-1d", "1.5h", "90 d", "1w", 90, None, "\u0663d", "9" * 99 + "d", "11y"),
        *("90 months", "90days", "90  days", "days", "1\u00a0year", "1 year "),
    ],
)
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="such as 40m"):
        duration(text)


FOREIGN = ["keyring:noservice", "keyring:/user", "keyvault:https://vault.azure.net.evil/secrets/x"]
FOREIGN += ["keyvault:http://seats.vault.azure.net/secrets/x", "vault:x", "vault:/x#y", "vault:x#"]


@pytest.mark.parametrize(
    "text",
    ["canary", "env:", "env:NOT A NAME", "file:", 7, "cred:", "cred:..", "cred:a/b", *FOREIGN],
)
def test_a_secret_itself_is_no_reference_and_is_not_repeated(text: object) -> None:
    with pytest.raises(ValueError, match="env:NAME, file:PATH, cred:NAME") as caught:
        SecretReference.parse(text)
    assert "canary" not in str(caught.value)


def test_the_guides_mapping() -> None:
    assert GUIDE_MAPPING.targets == (
        "userName",
        "active",
        'emails[type eq "work"].value',
        "name.givenName",
        "name.familyName",
        "externalId",
    )
    assert (
        AttributeMapping.parse(
            {
                "userName": "userPrincipalName",
                "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
                'emails[type eq "work"].value': "mail",
                "name.givenName": "givenName",
                "name.familyName": "surname",
                "externalId": "objectId",
            }
        )
        == GUIDE_MAPPING
    )
    assert GUIDE_MAPPING.sources == ("givenName", "mail", "surname", "userPrincipalName")


NEEDED = {
    "userName": "mail",
    "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    "externalId": "objectId",
}


def without(row: str) -> dict[str, str]:
    return {path: text for path, text in NEEDED.items() if path != row}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (without("userName"), "userName is needed"),
        (without("active"), "active is needed"),
        (without("externalId"), "externalId must be objectId"),
        ({**NEEDED, "externalId": "mailNickname"}, "externalId must be objectId"),
        ({**NEEDED, "password": "mail"}, '"password" is not an attribute'),
        ({**NEEDED, "title": "Upper([x])"}, '"Upper" is not known'),
        ({**NEEDED, "title": None}, "expected an attribute"),
        ("userName", "valid dictionary"),
    ],
)
def test_a_mapping_that_would_lose_the_identity_is_refused(rows: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        AttributeMapping.parse(rows)


SETTABLE = [
    "title",
    "name.formatted",
    'emails[type eq "work"].value',
    'phoneNumbers[type eq "mobile"].value',
    'phoneNumbers[type eq "fax"].value',
    'addresses[type eq "work"].streetAddress',
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
]

UNSETTABLE = [
    "name",
    "name.title",
    "title.formatted",
    'emails[type eq "fax"].value',
    'emails[type eq "work"].display',
    'emails[type eq "work"]',
    'roles[type eq "work"].value',
    'addresses[type eq "mobile"].locality',
    'addresses[type eq "work"].value',
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
    "urn:ietf:params:scim:schemas:core:2.0:User:title",
    "Title",
    " title",
]


@pytest.mark.parametrize("path", SETTABLE)
def test_these_attributes_can_be_set(path: str) -> None:
    assert path in AttributeMapping.parse({**NEEDED, path: "mail"}).targets


@pytest.mark.parametrize("path", UNSETTABLE)
def test_those_cannot(path: str) -> None:
    with pytest.raises(ValueError, match="is not an attribute of a SCIM user that can be set"):
        AttributeMapping.parse({**NEEDED, path: "mail"})


def test_a_mapping_tells_all_that_is_wrong_with_it() -> None:
    with pytest.raises(ValueError, match=r"(?s)userName is needed.*externalId must.*active is"):
        AttributeMapping.parse({"title": "jobTitle"})
