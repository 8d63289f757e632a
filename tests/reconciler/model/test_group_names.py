import pytest

from reconciler.model.group_names import describe_difference, fault, first_difference, fold


@pytest.mark.parametrize(
    "other",
    [
        "ZoomInfo Admins",
        "zoominfo-admins",
        "ZoomInfo_Admins",
        "ZoomInfo.Admins",
        "ZoomInfo  Admins ",
        "\uff3aoomInfo-Admins",  # a full-width Z
        " ZoomInfo  Admins",
        "ZoomInfo\u00a0Admins",
        "ZoomInfo\u2013Admins",  # an en dash
        "ZoomInfo\u2011Admins",  # a hyphen that does not break
        "ZoomInfo\u2212Admins",  # a minus sign
        "ZoomInfo/Admins",
        "ZoomInfo+Admins",
        "ZoomInfo & Admins",
        "Zoom\u200bInfo\ufeff Admins",
        "Zoom\u00adInfo Admins",
        "Zo\u043emInfo Admins",  # a Cyrillic o
        "Z\u03bf\u03bfmInfo \u0410dmins",  # Greek and Cyrillic
        "\u0396oom\u0406nfo Admins",
        "ZoomInfo\u200bAdmins",  # a zero-width space in the blank's place
        "ZoomInfo\u00adAdmins",  # a soft hyphen in the hyphen's
        "ZoomInfo\u2060\u200dAdmins",
        "ZoomInfo\u2800Admins",  # a blank of Braille
        "ZoomInfoAdmins",
        "Zoom-Info Admins",
    ],
)
def test_case_separators_and_width_do_not_tell_names_apart(other: str) -> None:
    assert fold(other) == fold("ZoomInfo-Admins")


def test_the_encoding_of_accents_does_not_either() -> None:
    assert fold("Zoe\u0308") == fold("Zo\u00eb")
    assert fold("Zoe") != fold("Zo\u00eb")


def test_other_letters_do() -> None:
    assert fold("Team 1") != fold("Team l")
    assert fold("Sales Team") != fold("Sale Team")


def test_the_first_difference_is_counted_from_one() -> None:
    assert first_difference("ZoomInfo Admins", "ZoomInfo-Admins") == 9
    assert first_difference("Sales", "Sales Team") == 6


@pytest.mark.parametrize(
    ("name", "other", "told"),
    [
        ("ZoomInfo Admins", "ZoomInfo-Admins", 'character 9, "-" there and " " here'),
        ("Sales", "Salez", 'character 5, "z" there and "s" here'),
        ("Sales", "Sales Team", 'character 6, " " there and nothing here'),
        ("A B", "A\u200bB", 'character 2, U+200B zero width space there and " " here'),
        ("A-B", "A\u00adB", 'character 2, U+00AD soft hyphen there and "-" here'),
        (
            "A B",
            "A\u2800B",
            'character 2, "\u2800" (U+2800 braille pattern blank) there and " " here',
        ),
        ("A B", "AB", 'character 2, "B" there and " " here'),
        ("Sales", "Sal\u200bes", 'character 4, U+200B zero width space there and "e" here'),
        (
            "Sales",
            "S\u0430les",
            'character 2, "\u0430" (U+0430 cyrillic small letter a) there and "a" here',
        ),
        (
            "Zo\u00eb",
            "Zoe\u0308",
            'character 3, "e" with a combining diaeresis there and "\u00eb" (U+00EB latin small '
            "letter e with diaeresis) here",
        ),
        ("Zoe", "Zoe\u0308", 'character 3, "e" with a combining diaeresis there and "e" here'),
        (
            "Zoe\u0327",
            "Zoe",
            'character 3, "e" there and "e" with a combining cedilla here',
        ),
    ],
)
def test_a_difference_is_told_from_both_sides(name: str, other: str, told: str) -> None:
    assert describe_difference(name, other) == told


@pytest.mark.parametrize("name", ["abc", "NA Sales Team", "Sales-Marketing-Team", "v2.0", "x" * 35])
def test_the_guides_names_can_be_synced(name: str) -> None:
    assert fault(name) == ""


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ab", "it has 2 characters"),
        ("x" * 36, "it has 36 characters"),
        ("Sales & Marketing", 'it has "&" at 7'),
        ("Équipe", 'it has "É" (U+00C9 latin capital letter e with acute) at 1'),
        ("\u0421ales", 'it has "\u0421" (U+0421 cyrillic capital letter es) at 1'),
        ("Sales\tTeam", "it has U+0009 (control) at 6"),
        ("Sales\u00a0Team", "it has U+00A0 no-break space at 6"),
        (" Sales", "begins or ends with a space"),
        ("Sales ", "begins or ends with a space"),
    ],
)
def test_other_names_are_refused_with_the_reason(name: str, why: str) -> None:
    assert why in fault(name)
