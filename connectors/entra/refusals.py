"""What Entra's refusal of a credential means for whoever set it up.

Codes: Microsoft identity platform, "Microsoft Entra authentication and authorization error codes".
They are looked at for these words alone, and nothing is decided by them.
"""

_MEANINGS = (
    (
        "AADSTS7000215",
        "The client secret is wrong. Store the secret's Value, which is shown once when it is "
        "created, and not its Secret ID",
    ),
    (
        "AADSTS7000222",
        "The client secret has expired. Create a new one under App registrations > your app > "
        "Certificates & secrets, and store its Value",
    ),
    (
        "key used is expired",
        "The certificate has expired. Upload the public part of a new one under App registrations "
        "> your app > Certificates & secrets, and set `certificate` to its file",
    ),
    (
        "AADSTS700027",
        "The app registration does not have this certificate. Upload its public part under App "
        "registrations > your app > Certificates & secrets",
    ),
    (
        "AADSTS700024",
        "The signed statement is too old or from the future. Set this machine's clock, or let the "
        "platform write a fresh token file",
    ),
    (
        "AADSTS700016",
        "The tenant has no app of this id. Compare `client_id` with the Application (client) ID of "
        "the app registration, and `tenant_id` with its tenant",
    ),
    (
        "AADSTS90002",
        "There is no such tenant in this cloud. Compare `tenant_id` with Entra admin center > "
        "Overview, and `cloud` with the cloud it is in",
    ),
    (
        "AADSTS50013",
        "The token file was not signed by the issuer that the federated credential names. See App "
        "registrations > your app > Certificates & secrets > Federated credentials",
    ),
    (
        "AADSTS70021",  # and 700211 (issuer), 700212 (audience), 700213 (subject)
        "No federated credential of the app fits the token file: issuer, subject and audience must "
        "be equal. See App registrations > your app > Certificates & secrets > Federated "
        "credentials",
    ),
)


def meaning(said: str) -> str:
    """A sentence with what to do next, or nothing if Entra's own words must do."""
    return next((f" {words}." for mark, words in _MEANINGS if mark in said), "")
