from __future__ import annotations

import csv
import stat
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dqcheck.errors import UsageError
from dqcheck.reports.worklist import (
    choose_checks,
    count_records,
    write_annotated,
    write_worklist,
)

HAIR = "person.hair_colour.permissible_value"
TODAY = date(2026, 11, 22)


def write(samples: Any, path: Path, *ids: str) -> int:
    exports = [samples.failing()]
    return write_worklist(path, exports, choose_checks(exports, ids), as_of=TODAY, keep_days=30)


def test_it_lists_all_failing_values(samples: Any, tmp_path: Path) -> None:
    path = tmp_path / "fix.xlsx"
    assert write(samples, path, HAIR) == 3
    workbook = openpyxl.load_workbook(path)
    cover = [row[0] for row in workbook["Read me"].iter_rows(values_only=True)]
    assert cover[:4] == [
        "PERSONAL DATA: only for those who correct these records.",
        "Delete by 2026-12-22.",
        "Written on 2026-11-22 from persons.csv.",
        "3 failing values, complete.",
    ]
    rows = list(workbook["Worklist"].iter_rows(values_only=True))
    assert rows[3] == (
        "persons.csv",
        None,
        4,
        4,
        "P2",
        "hair_colour",
        "CANARY Smith",
        f"{HAIR} does not hold",
        "Put it right.",
        HAIR,
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_unknown_checks_are_named_with_near_ones(samples: Any) -> None:
    with pytest.raises(UsageError) as caught:
        choose_checks([samples.failing()], ["person.hair_color.permissible_value", "nonsense"])
    assert f"did you mean {HAIR}" in str(caught.value)
    assert "'nonsense'" in str(caught.value)


def test_it_counts_what_there_is_to_list(samples: Any) -> None:
    exports = [samples.failing(), samples.checked()]
    assert count_records(exports, choose_checks(exports, [HAIR])) == 3
    assert count_records(exports, choose_checks(exports, ["person.notes.pattern"])) == 0
    assert count_records(exports, choose_checks(exports, [])) == 8


def test_only_workbooks(samples: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.xlsx"):
        write(samples, tmp_path / "fix.csv", HAIR)


@pytest.mark.parametrize("name", ["copy.csv", "copy.xlsx"])
def test_an_annotated_copy_has_the_faults_beside_each_row(
    samples: Any, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    export = samples.failing()
    rows = write_annotated(path, export, choose_checks([export], []), as_of=TODAY, keep_days=7)
    assert rows == 6
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            found = list(csv.reader(file))
    else:
        sheet = openpyxl.load_workbook(path)["Export"]
        found = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert found[0] == [
        "Record number",
        "record_id",
        "hair_colour",
        "DOB",
        "notes",
        "hair_clour[31m",
        "dqcheck: what is wrong (personal data, delete by 2026-11-29)",
        "dqcheck: how to fix it",
    ]
    formula = "'=1+1" if path.suffix == ".csv" else "=1+1"
    wrong = f"hair_colour: {HAIR} does not hold [{HAIR}]"
    assert found[1] == ["2", "P0", "Black", "1980-01-01", "", formula, wrong, "Put it right."]
    assert found[7] == ["8", "P6", "Black", "1980-01-01", "", formula, "", ""]
    assert len(found) == 1001
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
