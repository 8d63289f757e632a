"""The file is plain YAML or it is refused, with the line where it is not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.yaml_document import LARGEST_FILE, NotPlain, line_of, read_document


def refusal(tmp_path: Path, content: str | bytes) -> tuple[int | None, str]:
    path = tmp_path / "seatsync.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(NotPlain) as refused:
        read_document(path)
    return refused.value.line, str(refused.value)


BOMBS = {
    "a billion laughs": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "an alias to itself": "a: &a [*a]",
    "a merged alias": "a: &a {b: c}\nd:\n  <<: *a",
    "a tag of python": "a: !!python/object/apply:os.system [x]",
    "a tag of one's own": "a: !mine x",
}
DEEP = {
    "brackets": "[" * 5_000,
    "braces": "a: " + "{a: " * 5_000,
    "dashes": "- " * 5_000,
    "keys of keys": "? " * 5_000,
    "indentation": "".join(" " * at + f"k{at}:\n" for at in range(60)),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_anchors_aliases_and_tags_are_refused(tmp_path: Path, bomb: str) -> None:
    assert refusal(tmp_path, bomb) == (1, "anchors, aliases and tags are not used here")


@pytest.mark.parametrize("bomb", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_refused_before_it_is_followed(tmp_path: Path, bomb: str) -> None:
    line, reason = refusal(tmp_path, bomb)
    assert line
    assert reason in {"nested too deeply", "a key is text, not a list or a block of its own"}


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", 1, "expected one document"),
        ("just text", 1, "expected one document"),
        ("- a\n- b\n", 1, "expected one document"),
        ("a: 1\n---\nb: 2\n", 1, "expected one document"),
        ("a: 1\nb: [unclosed", 2, ""),
        ("a: 1\na: 2\n", 2, 'duplicate key "a"'),
        ("a:\n  b: 1\n  b: 2\n", 3, 'duplicate key "b"'),
        ("%YAML 1.1\n---\na: no\n", 1, "directives"),
        ("%YAML 1.3\n---\na: 1\n", 1, "directives"),
        ("a: 1\n? [b, [c]]\n: 2\n", 2, "a key is text"),
        ("a: 1\nb: \x00\n", 2, "control characters"),
        ('a: 1\nb: "\\0"\n', 2, "control characters"),
        ('a: 1\nb: "\\ud800"\n', 2, "control characters"),
        ('a: 1\n"\\e[2J": 1\n', 2, "control characters"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        ("a: 1\nb: 2026-02-30\n", 2, "looks like a number or a date"),
        (f"a: 1\nb: {'9' * 5_000}\n", 2, "looks like a number or a date"),
        ("a: 1\nb: -_\n", 2, "looks like a number or a date"),
    ],
)
def test_what_is_not_plain_is_told_with_its_line(
    tmp_path: Path, content: str | bytes, line: int, said: str
) -> None:
    told = refusal(tmp_path, content)
    assert told[0] == line
    assert said in told[1]


def test_a_key_that_is_there_twice_is_told_without_its_values(tmp_path: Path) -> None:
    assert "canary" not in refusal(tmp_path, "token: canary-1\ntoken: canary-2\n")[1]


def test_files_that_are_none(tmp_path: Path) -> None:
    for path, why in (
        (tmp_path, "Is a directory"),
        (tmp_path / "nowhere.yaml", "there is none"),
        (tmp_path / ("n" * 300), "too long"),
        (tmp_path / "a\0b", "no file has such a name"),
        (Path("/dev/zero"), "larger than 1 MB"),
    ):
        with pytest.raises(NotPlain, match=why) as refused:
            read_document(path)
        assert refused.value.line is None


def test_a_megabyte_is_the_most(tmp_path: Path) -> None:
    assert refusal(tmp_path, "#" * (LARGEST_FILE + 1))[1] == "the file is larger than 1 MB"
    assert refusal(tmp_path, "#" * LARGEST_FILE)[1].startswith("expected one document")


@pytest.mark.parametrize("content", ["a: 1\n", "\ufeffa: 1\n", "a: 1\r\n", "---\na: 1\n...\n"])
def test_how_editors_save_a_file_does_not_matter(tmp_path: Path, content: str) -> None:
    (tmp_path / "seatsync.yaml").write_bytes(content.encode())
    assert read_document(tmp_path / "seatsync.yaml") == {"a": 1}


def test_yes_and_no_are_words(tmp_path: Path) -> None:
    (tmp_path / "seatsync.yaml").write_text("country: no\nmode: 0640\n")
    assert read_document(tmp_path / "seatsync.yaml") == {"country": "no", "mode": 640}


def test_a_place_has_the_line_of_its_innermost_part_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "seatsync.yaml").write_text("# comment\na:\n  - {b: 1}\n  - b: 2\n    c: 3\n")
    document = read_document(tmp_path / "seatsync.yaml")
    assert line_of(document, ()) == 1
    assert line_of(document, ("a",)) == 2
    assert line_of(document, ("a", 1, "c")) == 5
    assert line_of(document, ("a", 1, "missing", "deeper")) == 4
    assert line_of(document, ("nowhere",)) == 1


PIECES = [*"{}[]:,-?&*!|>%@`\"'# \n\t\\x0129.e+_~<=é", "- ", "? ", ": ", "\n  ", "---\n", "<<: "]


@given(st.lists(st.sampled_from([*PIECES, "2026-01-01", "\\ud800", "\r", "\x85"]), max_size=40))
def test_no_punctuation_brings_it_down(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "seatsync.yaml"
    path.write_bytes("".join(pieces).encode())
    line: int | None = 1
    try:
        read_document(path)
    except NotPlain as refused:
        line = refused.line
    assert line


def test_what_is_read_again_is_parsed_once_and_what_was_changed_anew(tmp_path: Path) -> None:
    """A fleet's file is read for each of its tenants."""
    path, other = tmp_path / "fleet.yaml", tmp_path / "same.yaml"
    for file in (path, other):
        file.write_text("store: sqlite:///a.db\n")
    first = read_document(path)
    assert read_document(path) is first
    assert read_document(other) is first
    path.write_text("store: sqlite:///b.db\n")
    assert read_document(path) == {"store": "sqlite:///b.db"}
