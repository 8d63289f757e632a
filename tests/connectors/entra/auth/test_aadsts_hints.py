"""What an administrator is told to do about a refused sign-in, by the code that Entra gave."""

import pytest

from connectors.entra.auth.aadsts_hints import codes, meaning, meaning_to_people


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (7000112, "The app is disabled."),
        (7000229, "Give admin consent"),
        (53003, "Conditional Access"),
        (500014, "Microsoft Graph is disabled in this tenant"),
        (500011, "Compare `cloud`"),
        (900432, "in another cloud"),
        (500021, "A proxy on the way"),
        (700211, "No federated credential"),
        (50013, "was not signed by the issuer"),
        (500133, "too old or from the future"),
        (7000218, "public client"),
        (50196, "wait an hour"),
    ],
)
def test_each_code_has_its_own_advice(code: int, advice: str) -> None:
    assert advice in meaning(f"AADSTS{code}: Whatever it is called. Trace ID: 1")


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (7000218, "Mobile and desktop applications"),
        (700016, "`sign_in_client_id`"),
        (50105, "not assigned"),
        (53003, "device codes"),
        (90002, "no such tenant"),
    ],
)
def test_people_are_refused_for_reasons_of_their_own(code: int, advice: str) -> None:
    assert advice in meaning_to_people(f"AADSTS{code}: Whatever it is called.")


@pytest.mark.parametrize("code", [5001, 500139, 70002159, 900023])
def test_a_code_is_matched_whole(code: int) -> None:
    assert meaning(f"AADSTS{code}: Something else.") == ""


def test_an_expired_certificate_has_the_code_of_one_that_is_not_known() -> None:
    said = "AADSTS700027: Client assertion failed. [Reason - The key used is expired.]"
    assert "The certificate has expired" in meaning(said)


def test_the_first_code_that_is_known_counts() -> None:
    said = "AADSTS1: No. AADSTS7000222: The secret has expired."
    assert codes(said) == [1, 7000222]
    assert "The client secret has expired" in meaning(said)
