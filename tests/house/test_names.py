"""Names that are written as text lead somewhere, and what is public says what it is."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "src" / "dqcheck"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__main__.py")
ENTRY = re.compile(r"dqcheck(\.\w+)+:\w+")
FILE_CHECK = re.compile(r"file\.[a-z]+(?:_[a-z]+)*")


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _read_texts(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def _import(path: Path) -> ModuleType:
    return importlib.import_module(_name(path))


ENTRIES = sorted({text for path in SOURCES for text in _read_texts(path) if ENTRY.fullmatch(text)})


def test_there_are_tables_of_names() -> None:
    rooms = {entry.split(".")[1] for entry in ENTRIES}
    assert {"readers", "reports"} <= rooms


@pytest.mark.parametrize("entry", ENTRIES)
def test_entries_of_tables_of_names_resolve(entry: str) -> None:
    module, name = entry.split(":")
    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_public_names_exist_and_are_documented(path: Path) -> None:
    module = _import(path)
    assert module.__doc__
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), f"{name} says nothing"


def test_checks_of_files_are_documented() -> None:
    named = {text for path in SOURCES for text in _read_texts(path) if FILE_CHECK.fullmatch(text)}
    page = (CHECKOUT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert {name for name in named if f"`{name}`" not in page} == set()


def test_kinds_of_checks_are_documented() -> None:
    """A check of a packaged standard is a rule, which has its own text, or of a documented kind."""
    from dqcheck.standards import list_standards, open_standard

    pages = "".join(
        (CHECKOUT / "docs" / page).read_text(encoding="utf-8")
        for page in ("constraints.md", "rules.md")
    )
    rules = "".join(
        file.read_text(encoding="utf-8") for file in (CHECKOUT / "rules").glob("*.yaml")
    )
    ids = {
        check.id
        for standard in list_standards()
        for plan in open_standard(standard.name).classes.values()
        # Other keys than the identifier bear the names and titles that their schemas give them.
        for check in (*plan.checks, *(key for key in plan.keys if key.primary), *plan.references)
        if getattr(check, "source", "") != "schema: rules"
    }
    kinds = {re.sub(r"_\d+$", "", check.rsplit(".", 1)[1]) for check in ids if check not in rules}
    assert {kind for kind in kinds if kind not in pages} == set()
