"""The house of docs/architecture.md: floors, doors, sizes, and what may know the time."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCES = sorted((CHECKOUT / "src" / "dqcheck").rglob("*.py"))
OWN_FILES = [
    *SOURCES,
    *sorted(
        file for room in ("tests", "benchmarks", ".ci") for file in (CHECKOUT / room).rglob("*.py")
    ),
]
MAY_KNOW_THE_TIME = ("cli", "readers", "engines", "standards", "documents")
CLOCKS = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "time"),
    ("time", "time_ns"),
}


def _name(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def test_imports_keep_to_the_floors() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


GROUND = [path for path in SOURCES if path.name == "errors.py" or path.parent.name == "model"]


@pytest.mark.parametrize("path", GROUND, ids=lambda path: path.name)
def test_the_ground_floor_imports_the_standard_library_alone(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    # Names in annotations are not imports: `if TYPE_CHECKING` blocks are no statement of these.
    imported = {
        name.split(".")[0]
        for statement in body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name in (
            [statement.module or ""]
            if isinstance(statement, ast.ImportFrom)
            else [alias.name for alias in statement.names]
        )
    }
    assert imported <= {*sys.stdlib_module_names, "dqcheck"}


@pytest.mark.parametrize("path", OWN_FILES, ids=_name)
def test_files_are_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_only_the_outer_rooms_know_the_time() -> None:
    readings = [
        f"{_name(path)}:{node.lineno}"
        for path in SOURCES
        if path.relative_to(CHECKOUT / "src" / "dqcheck").parts[0] not in MAY_KNOW_THE_TIME
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCKS
    ]
    assert readings == []


def test_the_lock_is_hashed_and_names_all_that_the_project_needs() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8")
    pins = [line for line in lock.splitlines() if line and line[0] not in "# "]
    locked = {pin.split("==")[0] for pin in pins}
    needed = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
    ]
    names = {
        re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()
        for requirement in needed
    }

    assert names <= locked
    assert [pin for pin in pins if not pin.endswith(" \\")] == []
    assert {"pandas", "pip"} & locked == set()
