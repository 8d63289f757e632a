"""Templates are compiled once, and anew when something has changed that they depend on."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from jobs.report.compiled_templates import CompiledTemplates


@pytest.fixture(autouse=True)
def bytecode_beside_its_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "page.html").write_text("{{ 'name' | greeted }}")
    (tmp_path / "filters.py").write_text("greeting = 'Hello'")


def rendered(folder: Path, greeting: str) -> str:
    """The filter's constant is evaluated when the template is compiled, and not again."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        bytecode_cache=CompiledTemplates([str(folder / "filters.py")]),
        autoescape=True,
    )
    environment.filters["greeted"] = lambda name: f"{greeting} {name}"
    return environment.get_template("page.html").render()


def kept(folder: Path) -> list[Path]:
    return list(folder.glob("__pycache__/page.*.pyc"))


def test_a_template_is_compiled_once(tmp_path: Path) -> None:
    assert rendered(tmp_path, "Hello") == "Hello name"
    assert len(kept(tmp_path)) == 1
    assert rendered(tmp_path, "Goodbye") == "Hello name"


@pytest.mark.parametrize("changed", ["page.html", "filters.py"])
def test_it_is_compiled_anew_when_what_it_depends_on_has_changed(
    changed: str, tmp_path: Path
) -> None:
    rendered(tmp_path, "Hello")
    with (tmp_path / changed).open("a") as file:
        file.write(" ")
    assert rendered(tmp_path, "Goodbye").strip() == "Goodbye name"


def test_it_is_rendered_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").write_text("no folder")
    assert rendered(tmp_path, "Hello") == "Hello name"


def test_nothing_is_kept_where_python_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(tmp_path, "Hello") == "Hello name"
    assert kept(tmp_path) == []
