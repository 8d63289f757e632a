"""What to do about Entra's refusal of a credential or of a person, by its AADSTS code.

Codes: Microsoft identity platform, "Microsoft Entra authentication and authorization error codes".
Listed are those that an app can meet that signs in as itself, or has people sign in to it. Only
`PASSING` decides something: that the app may ask once more.
"""

import re
from collections.abc import Mapping

PASSING = frozenset({50033, 90006, 90012, 90024, 90033, 90055})
"""Codes of temporary faults of the service, though their status is 400."""

_SECRETS = "App registrations > your app > Certificates & secrets"
_FEDERATED = f"{_SECRETS} > Federated credentials"
_ENTERPRISE_APP = "Enterprise applications > your app > Properties"

_EXPIRED = "key used is expired"
"""Entra's own words beside a code that has other meanings as well."""

_MEANINGS: tuple[tuple[tuple[int, ...], str], ...] = (
    (
        (7000215, 70002),
        "The client secret is wrong. Store the secret's Value, which is shown once when it is "
        "created, and not its Secret ID",
    ),
    (
        (7000222,),
        f"The client secret has expired. Create a new one under {_SECRETS}, and store its Value",
    ),
    (
        (700027, 50012, 700030),
        "The app registration does not have this certificate. Upload its public part under "
        f"{_SECRETS}",
    ),
    (
        (700024, 500133),
        "The signed statement is too old or from the future. Set this machine's clock, or let the "
        "platform write a fresh token file",
    ),
    (
        (700016, 700011),
        "The tenant has no app of this id. Compare `client_id` with the Application (client) ID of "
        "the app registration, and `tenant_id` with its tenant",
    ),
    (
        (7000229,),
        "The app is registered, but this tenant has no enterprise application (service principal) "
        "of it. Give admin consent under App registrations > your app > API permissions",
    ),
    (
        (7000112, 70001),
        f"The app is disabled. Set `Enabled for users to sign-in` to Yes under {_ENTERPRISE_APP}",
    ),
    (
        (500014, 50001),
        "Microsoft Graph is disabled in this tenant. Enable its enterprise application (app id "
        "00000003-0000-0000-c000-000000000000)",
    ),
    (
        (500011, 650052),
        "The tenant does not know Microsoft Graph at this address. Compare `cloud` with the cloud "
        "that the tenant is in",
    ),
    (
        (53003,),
        "A Conditional Access policy for workload identities keeps the app out. See Entra admin "
        "center > Sign-in logs > Service principal sign-ins, and let this machine's address in",
    ),
    (
        (90002,),
        "There is no such tenant in this cloud. Compare `tenant_id` with Entra admin center > "
        "Overview, and `cloud` with the cloud it is in",
    ),
    (
        (90038, 900432, 90051),
        "The tenant is in another cloud. Set `cloud` to the one it is in",
    ),
    (
        (500021, 500022, 50002),
        "A proxy on the way restricts sign-ins to other tenants (tenant restrictions). Have this "
        "tenant allowed there",
    ),
    (
        (50013, 50027, 900384),
        "The token file was not signed by the issuer that the federated credential names. See "
        f"{_FEDERATED}",
    ),
    (
        (70021, 700211, 700212, 700213),  # any, issuer, audience, subject
        "No federated credential of the app fits the token file: issuer, subject and audience must "
        f"be equal. See {_FEDERATED}",
    ),
    (
        (700025, 7000218),
        "The app is a public client, or no credential reached Entra. Switch `Allow public client "
        "flows` off under App registrations > your app > Authentication",
    ),
    (
        (50196,),
        "The app asked for too many tokens in a short time. Let nothing sign it in over and over, "
        "and wait an hour",
    ),
)

_AUTHENTICATION = "App registrations > your app > Authentication"

_TO_PEOPLE: tuple[tuple[tuple[int, ...], str], ...] = (
    (
        (7000218,),
        "The app wants a secret of whoever signs in. Register http://localhost under "
        f"{_AUTHENTICATION} > Mobile and desktop applications; for a device code, switch `Allow "
        "public client flows` on there",
    ),
    (
        (700016,),
        "The tenant has no app of this id. Compare `sign_in_client_id`, or `client_id` where that "
        "is not set, with the Application (client) ID of the app registration",
    ),
    (
        (50105,),
        "The user is not assigned to the app. Assign them under Enterprise applications > your app "
        "> Users and groups",
    ),
    (
        (65001, 90094),
        "Nobody has let the app know who signs in. Give admin consent under App registrations > "
        "your app > API permissions",
    ),
    ((65004,), "The user did not let the app know who they are"),
    (
        (53003,),
        "A Conditional Access policy keeps this sign-in out, as many do with device codes. See "
        "Entra admin center > Sign-in logs > User sign-ins",
    ),
    ((50020,), "The account is not one of this tenant"),
)

_MEANING_OF = {code: words for codes, words in _MEANINGS for code in codes}
_MEANING_TO_PEOPLE = _MEANING_OF | {code: words for codes, words in _TO_PEOPLE for code in codes}


def meaning(said: str) -> str:
    """A sentence with what to do next; "" for other codes."""
    if _EXPIRED in said:
        return (
            f" The certificate has expired. Upload the public part of a new one under {_SECRETS}, "
            "and set `certificate` to its file."
        )
    return _first(said, _MEANING_OF)


def meaning_to_people(said: str) -> str:
    """`meaning`, where Entra refused a person."""
    return _first(said, _MEANING_TO_PEOPLE)


def _first(said: str, meanings: Mapping[int, str]) -> str:
    words = (meanings.get(code) for code in codes(said))
    return next((f" {known}." for known in words if known), "")


def codes(said: str) -> list[int]:
    """The AADSTS codes in a text, whole."""
    return [int(code) for code in re.findall(r"AADSTS(\d+)", said)]
