"""Canaries for LinkML: why dqcheck compiles schemas itself.

Each asserts what we would wish, and fails loudly once it comes true; when one of these passes,
look again at what upstream can do for us.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

SCHEMA = """\
id: https://example.org/canary
name: canary
prefixes: {linkml: https://w3id.org/linkml/}
imports: [linkml:types]
default_range: string
annotations: {list_wrapper: none, list_delimiter: "|"}
classes:
  Person:
    attributes:
      id: {identifier: true}
      wanted: {range: boolean}
      marks: {multivalued: true}
      number: {range: integer}
      hair: {}
%s
"""
BOUND = "      born: {range: date, minimum_value: 1900-01-01}"
RULE = """\
    rules:
      - preconditions: {slot_conditions: {hair: {equals_string: Bald}}}
        postconditions: {slot_conditions: {number: {equals_number: 0}}}
"""
KEY = "    unique_keys: {number: {unique_key_slots: [number]}}"


@pytest.fixture(autouse=True)
def _ignore_warnings() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _generate(extra: str) -> str:
    from linkml.generators.panderagen import PanderaDataframeGenerator

    text: str = PanderaDataframeGenerator(SCHEMA % extra).serialize()
    return text


def _list_faults(folder: Path, name: str, content: str) -> list[str]:
    """Return what linkml-validate says about the export `content`."""
    from linkml.validator import validate_file

    schema, export = folder / "canary.yaml", folder / name
    schema.write_text(SCHEMA % "", encoding="utf-8")
    export.write_text(content, encoding="utf-8")
    return [fault.message for fault in validate_file(export, schema, "Person").results]


def test_the_pandera_generator_writes_python() -> None:
    compile(_generate(""), "generated", "exec")


@pytest.mark.xfail(raises=SyntaxError, reason="a date bound is written without quotes")
def test_the_pandera_generator_writes_python_for_a_date_bound() -> None:
    compile(_generate(BOUND), "generated", "exec")


@pytest.mark.xfail(raises=AssertionError, reason="the Pandera generator leaves out rules")
def test_the_pandera_generator_writes_rules() -> None:
    assert _generate(RULE) != _generate("")


@pytest.mark.xfail(raises=AssertionError, reason="the Pandera generator leaves out unique keys")
def test_the_pandera_generator_writes_unique_keys() -> None:
    assert _generate(KEY) != _generate("")


def test_the_validator_accepts_a_sound_export(tmp_path: Path) -> None:
    assert _list_faults(tmp_path, "export.csv", "id,hair\nA1,Black\n") == []


@pytest.mark.xfail(raises=AssertionError, reason="linkml-validate never checks uniqueness")
def test_the_validator_finds_duplicate_identifiers(tmp_path: Path) -> None:
    assert _list_faults(tmp_path, "export.csv", "id,hair\nA1,Black\nA1,Grey\n")


@pytest.mark.xfail(raises=AssertionError, reason="linkml-validate reads no booleans from CSV")
def test_the_validator_reads_booleans_from_csv(tmp_path: Path) -> None:
    assert _list_faults(tmp_path, "export.csv", "id,wanted\nA1,true\n") == []


@pytest.mark.xfail(raises=AssertionError, reason="linkml-validate reads no lists from CSV")
def test_the_validator_reads_multivalued_cells_from_csv(tmp_path: Path) -> None:
    assert _list_faults(tmp_path, "export.csv", "id,marks\nA1,scar|tattoo\n") == []
