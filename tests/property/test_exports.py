"""Exports of one class in one run are one feed: however its rows are split, the same ones fail."""

from __future__ import annotations

import itertools
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqcheck import readers
from dqcheck.assess import Assessment, Options, Target, assess
from dqcheck.results import UniqueWithin

SCHEMA = """
id: https://example.org/feed
name: feed
prefixes: {linkml: "https://w3id.org/linkml/", ex: "https://example.org/"}
default_prefix: ex
default_range: string
imports: ["linkml:types"]
classes:
  Item:
    tree_root: true
    attributes:
      id: {identifier: true}
      number: {range: integer}
      text: {required: true}
      parent: {range: Item}
    unique_keys:
      apart: {unique_key_slots: [number, text], consider_nulls_inequal: true}
      alike: {unique_key_slots: [number, parent]}
"""
COLUMNS = ("id", "number", "text", "parent")
cells = st.sampled_from(["1", "01", "2", "x", " ", None])
tables = st.lists(st.tuples(cells, cells, cells, cells), max_size=12)
Table = list[tuple[str | None, ...]]
Failing = set[tuple[int, str]]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("feed") / "feed.yaml"
    path.write_text(SCHEMA, encoding="utf-8")
    return str(path)


def check(schema: str, parts: list[Table], within: UniqueWithin = UniqueWithin.RUN) -> Assessment:
    frames = [
        pl.DataFrame(part, schema=dict.fromkeys(COLUMNS, pl.String), orient="row") for part in parts
    ]
    targets = [
        Target(readers.read_frame(frame, f"part {number}")) for number, frame in enumerate(frames)
    ]
    return assess(targets, Options(date(2026, 11, 22), schema=schema, unique_within=within))


def failing(assessment: Assessment, parts: list[Table]) -> Failing:
    """Return the failing rows by their place in all parts together, with their checks."""
    found: Failing = set()
    before = 0
    for run, part in zip(assessment.run.exports, parts, strict=True):
        assert run.checked is not None
        cells = run.checked.validation.failing.filter(pl.col("row").is_not_null()).collect()
        # The first record of a frame is row 1, since it has no header; that of a file is row 2.
        first = cells.height and run.checked.export.frame.select("row").collect()["row"][0]
        found |= {(row - first + before, name) for row, name in cells.select("row", "check").rows()}
        before += len(part)
    return found


@given(tables, st.lists(st.integers(0, 12), max_size=3))
def test_splitting_an_export_changes_no_failing_row(
    schema: str, table: Table, cuts: list[int]
) -> None:
    ends = [0, *sorted(min(cut, len(table)) for cut in cuts), len(table)]
    parts = [table[start:end] for start, end in itertools.pairwise(ends)]
    whole, split = check(schema, [table]), check(schema, parts)
    assert failing(split, parts) == failing(whole, [table])


@given(tables)
def test_exports_that_are_kept_apart_fail_as_if_alone(schema: str, table: Table) -> None:
    both = check(schema, [table, table], UniqueWithin.EXPORT)
    alone = failing(check(schema, [table]), [table])
    keys = {(row, name) for row, name in alone if not name.endswith(".reference")}
    again = {(row + len(table), name) for row, name in keys}
    found = {(row, name) for row, name in failing(both, [table, table])}
    assert {item for item in found if not item[1].endswith(".reference")} == keys | again
