"""Schemas and rows for the tests of the compiler."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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


def compile_text(body: str) -> Plan:
    """Return the plan of a schema of which `body` is the part of interest; it begins in line 9."""
    return open_schema_text(HEAD + body, "t.yaml")


@pytest.fixture(scope="session")
def compiled() -> Callable[[str], Plan]:
    """Return what compiles the part of a schema that is of interest."""
    return compile_text


@pytest.fixture
def schema_file(tmp_path: Path) -> Callable[[str], str]:
    """Return what writes a schema to a file, and says where."""

    def write(body: str) -> str:
        file = tmp_path / "t.yaml"
        file.write_text(HEAD + body, encoding="utf-8")
        return str(file)

    return write
