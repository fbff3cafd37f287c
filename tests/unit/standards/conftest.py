"""Schemas and rows for the tests of the compiler."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dqcheck.standards import open_schema_text
from dqcheck.standards.plan import Plan

HEAD = """\
id: http://example.org/t
name: t
prefixes:
  linkml: https://w3id.org/linkml/
  ex: http://example.org/
default_prefix: ex
imports: [linkml:types]
default_range: string
"""
Violations = Callable[..., list[str]]


def compile_text(body: str) -> Plan:
    """Return the plan of a schema of which `body` is the part of interest; it begins in line 9."""
    return open_schema_text(HEAD + body, "t.yaml")


@pytest.fixture(scope="session")
def violations() -> Violations:
    """Return what says which checks rows fail, given the plan, the class and the rows."""
    path = Path(__file__).resolve().parents[2] / "conformance" / "harness.py"
    spec = importlib.util.spec_from_file_location("conformance_harness", path)
    assert spec is not None
    assert spec.loader is not None
    harness = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(harness)

    def run(plan: Plan, class_name: str, rows: list[dict[str, Any]] | str) -> list[str]:
        export = harness.text_export(rows) if isinstance(rows, str) else harness.typed_export(rows)
        return harness.failing(plan, class_name, export)

    return run


@pytest.fixture(scope="session")
def compiled() -> Callable[[str], Plan]:
    """Return what compiles the part of a schema that is of interest."""
    return compile_text
