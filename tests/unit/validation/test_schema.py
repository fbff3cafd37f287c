"""What Pandera's errors say of failing values."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from dqcheck import validate
from dqcheck.privacy import CODE_SHAPE
from dqcheck.readers import read
from dqcheck.readers.options import ReadOptions
from dqcheck.reports.redact import hide_words
from dqcheck.standards import open_schema
from dqcheck.validation import bind
from dqcheck.validation.schema import compile_schema

SCHEMA = """
id: https://example.org/people
name: people
imports: [linkml:types]
classes:
  Person:
    tree_root: true
    attributes:
      name: {pattern: "^[A-Z]", annotations: {privacy: direct}}
      sex: {range: Sex, annotations: {privacy: sensitive}}
      hair: {range: Hair, annotations: {privacy: code}}
      warned: {range: boolean, annotations: {privacy: sensitive}}
enums:
  Sex: {permissible_values: {Female: {}, Male: {aliases: [chap]}}}
  Hair: {permissible_values: {Black: {}}}
"""
ROWS = """name,sex,hair,warned
zebedee,male ,black,yes
Ann,Chap,Mousey,perhaps
Bob,unknown,Black,true
"""


def test_errors_and_findings_give_the_same_shapes(tmp_path: Path) -> None:
    path, rows = tmp_path / "people.yaml", tmp_path / "people.csv"
    path.write_text(SCHEMA, encoding="utf-8")
    rows.write_text(ROWS, encoding="utf-8")
    plan = open_schema(str(path))
    person = plan.classes["Person"]
    (export,) = read(str(rows), options=ReadOptions())
    bound = bind(export, person, as_of=date(2026, 1, 1))
    slots = [slot.name for slot in person.slots]
    hidden = hide_words(person, plan.enums)
    frame = bound.frame.select(slots).collect()
    schema = compile_schema("Person", slots, person.checks, bound.context, hidden=hidden)

    findings = validate(rows, schema=path).findings
    expected = findings.filter(pl.col("value_shape").is_not_null())
    shapes = sorted(expected.select("check_id", "value_shape").iter_rows())
    assert ("people.sex.permissible_value", CODE_SHAPE) in shapes
    assert ("people.warned.type", CODE_SHAPE) in shapes
    assert ("people.name.pattern", "aaaaaaa") in shapes
    for given in (schema, copy.deepcopy(schema), pickle.loads(pickle.dumps(schema))):
        with pytest.raises(SchemaErrors) as raised:
            given.validate(frame, lazy=True)
        cases = raised.value.failure_cases
        told = [
            row[:2]
            for row in cases.select("check", "failure_case", "count").iter_rows()
            for _ in range(row[2])
        ]
        assert sorted(told) == shapes
