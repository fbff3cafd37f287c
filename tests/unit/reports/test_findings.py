from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dqcheck import validate
from dqcheck.errors import InputError, UsageError
from dqcheck.privacy import make_token
from dqcheck.reports.findings import FINDINGS_SCHEMA, findings_frame, write_findings

PETS = """
id: https://example.org/pets
name: pets
imports: [linkml:types]
classes:
  Pet:
    tree_root: true
    attributes:
      species: {required: true}
      name: {pattern: "^[A-Z]"}
"""


def test_one_row_a_failing_cell_redacted(samples: Any) -> None:
    run = samples.run(samples.failing())
    found = findings_frame(run).collect()
    assert dict(found.schema) == FINDINGS_SCHEMA
    assert found.height == 8
    assert found.row(0, named=True) == {
        "export": "persons.csv",
        "row": 2,
        "rows": 1,
        "line": 2,
        "sheet": None,
        "key_token": make_token(run.key, "P0"),
        "slot": "hair_colour",
        "column": "hair_colour",
        "check_id": "person.hair_colour.permissible_value",
        "dimension": "validity",
        "severity": "violation",
        "value_shape": "Aaaaa",
        "value": "Blakc",
    }
    assert found["value"].to_list() == ["Blakc", "blk", *[None] * 6]
    assert found["column"].to_list()[-2:] == ["DOB", "hair_clour[31m"]
    assert "CANARY" not in found.write_csv()
    assert "P4" not in found.write_csv()


def test_an_absent_column_stands_for_all_rows(tmp_path: Path) -> None:
    schema, export = tmp_path / "pets.yaml", tmp_path / "pets.csv"
    schema.write_text(PETS, encoding="utf-8")
    export.write_text("name,colour\nRex,red\nrex,\n Tom,\n", encoding="utf-8")
    assessment = validate(export, schema=schema)
    rows = assessment.findings.group_by("check_id").agg(pl.col("rows").sum())
    (bundled,) = assessment.bundle["exports"]
    failed = {
        check["id"]: check["failed"] if check["unit"] == "row" else 0
        for check in bundled["checks"]
        if check["failed"]
    }
    assert dict(rows.iter_rows()) == failed
    assert failed == {
        "pets.species.column_present": 3,
        "pets.species.required": 3,
        "pets.name.pattern": 2,
        "pets.Pet.unknown_column": 0,
    }


def test_no_key_no_token(samples: Any) -> None:
    found = findings_frame(samples.run(samples.failing(), secret=None)).collect()
    assert found["key_token"].null_count() == found.height


def test_show_values_lifts_the_limit_on_code_slots_only(samples: Any) -> None:
    run = replace(samples.run(samples.failing()), show_values=True)
    assert findings_frame(run).collect()["value"].to_list() == [
        "Blakc",
        "blk",
        "CANARY Smith",
        *[None] * 5,
    ]


def test_exports_follow_each_other_and_broken_ones_have_none(samples: Any) -> None:
    broken = samples.broken_run(InputError("no workbook"))
    run = samples.run(samples.checked(), broken, samples.failing())
    assert findings_frame(run).collect().height == 8
    assert findings_frame(samples.run(broken)).collect().schema == FINDINGS_SCHEMA


def test_parquet_and_csv_hold_the_same(samples: Any, tmp_path: Path) -> None:
    run = samples.run(samples.failing())
    write_findings(tmp_path / "f.parquet", run)
    write_findings(tmp_path / "f.CSV", run)
    expected = findings_frame(run).collect()
    assert pl.read_parquet(tmp_path / "f.parquet").equals(expected)
    read = pl.read_csv(tmp_path / "f.CSV", schema_overrides=FINDINGS_SCHEMA)
    assert read.equals(expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.CSV", "f.parquet"]


def test_csv_runs_no_formula(samples: Any, tmp_path: Path) -> None:
    failing = samples.failing()
    evil = failing.validation.failing.with_columns(value=pl.lit("=HYPERLINK(1)"))
    codes = pl.DataFrame(
        {"slot": ["hair_colour"], "value": ["=HYPERLINK(1)"], "rows": [9], "keys": [9]},
        schema=failing.validation.codes.schema,
    )
    path = tmp_path / "f.csv"
    write_findings(path, samples.run(samples.change(failing, failing=evil, codes=codes)))
    assert "'=HYPERLINK(1)" in path.read_text()
    assert ",=" not in path.read_text()


def test_other_extensions_are_refused(samples: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.parquet or \.csv"):
        write_findings(tmp_path / "f.xlsx", samples.run(samples.failing()))


def test_an_export_that_can_no_longer_be_read(samples: Any, tmp_path: Path) -> None:
    failing = samples.failing()

    def fail(_: pl.DataFrame) -> pl.DataFrame:
        raise pl.exceptions.ComputeError("quotes CANARY")

    lost = failing.validation.failing.map_batches(fail)
    with pytest.raises(InputError) as caught:
        write_findings(tmp_path / "f.csv", samples.run(samples.change(failing, failing=lost)))
    assert "CANARY" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert list(tmp_path.iterdir()) == []
