from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from dqcheck import readers, standards
from dqcheck.cli import app
from dqcheck.errors import UsageError
from dqcheck.publish import publish, template
from dqcheck.publish.examples import AS_OF, make_examples
from dqcheck.publish.template_words import cut

EXPLAINED = ["Read me", "Definitions", "Lists"]
SCHEMA = """\
id: http://example.org/fleet
name: fleet
version: "2"
imports: [linkml:types, core]
enums:
  Colour:
    permissible_values: {"01": {title: Red}, "=1+1": {title: "@SUM(A1)"}}
  Kind:
    permissible_values: {new: {}, used: {}, antique: {deprecated: no longer sold}}
classes:
  Fleet:
    tree_root: true
    attributes:
      cars: {range: Car, multivalued: true, inlined_as_list: true}
  Car:
    description: =HYPERLINK("http://example.org")
    attributes:
      wheels: {range: integer, minimum_value: 3, maximum_value: 18}
      doors: {range: integer, maximum_value: 5}
      weight: {range: decimal, minimum_value: 0.5}
      length: {range: float}
      electric: {range: boolean, description: "=1+1"}
      colour: {range: Colour, recommended: true}
      kind: {range: Kind}
      extras: {range: Colour, multivalued: true}
      trips: {range: integer, multivalued: true, minimum_value: 1}
      bought: {range: date, minimum_value: "2001-02-03"}
      built: {range: date, minimum_value: "1850-01-01"}
      seen: {range: datetime}
      mark: {identifier: true, title: The mark of the car as it stands on the plate}
  Lists:
    attributes:
      name: {}
"""


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    schema = tmp_path / "fleet.yaml"
    schema.write_text(SCHEMA)
    return schema


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write("person", tmp_path_factory.mktemp("person"))


def write(standard: str, folder: Path) -> Path:
    out = folder / f"{standard}.xlsx"
    publish(standards.open_standard(standard), "excel-template", out)
    return out


def write_schema(schema: Path) -> tuple[Path, tuple[str, ...]]:
    out = schema.with_suffix(".xlsx")
    return out, template.write(standards.open_schema(schema), out)


def fill(path: Path, sheet: str, rows: list[dict[str, Any]]) -> Path:
    """Type rows into a copy of the template, each value into the column of its name."""
    book = openpyxl.load_workbook(path)
    columns = {cell.value: cell.column for cell in book[sheet][1]}
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            cell = book[sheet].cell(number, columns[name])
            cell.value = value
            cell.number_format = "yyyy-mm-dd" if isinstance(value, date) else "@"
    filled = path.with_name(f"filled {path.name}")
    book.save(filled)
    return filled


def check(*args: str) -> tuple[int, str]:
    arguments = ["check", *args, "--as-of", str(AS_OF)]
    done = CliRunner().invoke(app, arguments, env={"COLUMNS": "80"})
    return done.exit_code, " ".join(done.output.split())


def commands(path: Path) -> list[list[str]]:
    """Return the words of the commands that the sheet `Read me` gives."""
    texts = [row[0] for row in openpyxl.load_workbook(path)["Read me"].values]
    return [shlex.split(text)[2:] for text in texts if text.startswith("dqcheck check ")]


def validations(sheet: Worksheet) -> dict[str, DataValidation]:
    """Return what Excel demands in each column, by the column's name."""
    found = {}
    for item in sheet.data_validations.dataValidation:
        (block,) = item.sqref.ranges
        assert (block.min_row, block.max_row) == (2, 1_048_576)
        assert block.min_col == block.max_col
        found[str(sheet.cell(1, block.min_col).value)] = item
    return found


def offered(book: openpyxl.Workbook, item: DataValidation) -> list[str]:
    place = str(item.formula1)
    assert place.startswith("Lists!$B$")
    cells = book["Lists"][place.removeprefix("Lists!").replace("$", "")]
    return [cell.value for (cell,) in cells]


# --- back through dqcheck check


def test_an_unfilled_template_is_not_proven(person: Path) -> None:
    code, output = check(str(person), "--standard", "person")
    assert code == 3
    assert "exit 3: gate not proven: there is no row" in output


def test_valid_rows_read_straight_back(tmp_path: Path) -> None:
    plan = standards.open_standard("organisation")
    rows = make_examples(plan, plan.classes["Organisation"]).valid
    filled = fill(write("organisation", tmp_path), "Organisation", [dict(row) for row in rows])
    code, output = check(str(filled), "--standard", "organisation")
    assert code == 0, output
    assert "[Organisation]" in output
    assert f"{len(rows)} of {len(rows)} (100.0 %)" in output


def test_the_second_sheet_is_checked_by_the_command_in_read_me(person: Path) -> None:
    plan = standards.open_standard("person")
    rows = make_examples(plan, plan.classes["PersonMark"]).valid
    filled = fill(person, "PersonMark", [dict(row) for row in rows])
    first, second, together = commands(person)
    assert first == ["person.xlsx", "--standard", f"person@{plan.version}"]
    assert second == [*first, "--class", "PersonMark", "--read", "sheet=PersonMark"]
    assert together[:2] == ["Person=Person.csv", "PersonMark=PersonMark.csv"]
    code, output = check(str(filled), *second[1:])
    assert code == 0, output
    assert f"Rows: {len(rows)} read, 0 rejected." in output
    assert check(str(filled), *first[1:])[0] == 3


def test_dates_and_leading_zeros_come_back_as_typed(person: Path) -> None:
    row = {"record_id": "0012", "gender": "Male", "date_of_birth": date(1980, 2, 29)}
    filled = fill(person, "Person", [row])
    assert check(str(filled), "--standard", "person")[0] == 0
    (export,) = readers.read(filled)
    names = {column.header: column.name for column in export.columns}
    read = export.frame.collect().row(0, named=True)
    assert [read[names[name]] for name in row] == ["0012", "Male", "1980-02-29"]
    assert not len(export.faults)


def test_a_title_in_place_of_a_code_is_found_and_the_code_named(person: Path) -> None:
    rows = [{"record_id": "1", "gender": "Male", "described_by": "An officer or member of staff"}]
    code, output = check(str(fill(person, "Person", rows)), "--standard", "person")
    assert code == 1
    assert "person.described_by.permissible_value" in output
    assert 'nearest: "officer"' in output


# --- the sheets


@pytest.mark.parametrize("standard", ["person", "vehicle", "court", "person@1.0.0"])
def test_each_class_of_the_standard_itself_has_a_sheet(standard: str, tmp_path: Path) -> None:
    own = {
        "person": ["Person", "PersonMark"],
        "vehicle": ["Vehicle", "Keeper"],
        "court": ["Charge", "CourtResult", "Sentence"],
        "person@1.0.0": ["Person"],
    }[standard]
    plan = standards.open_standard(standard)
    book = openpyxl.load_workbook(write(standard, tmp_path))
    assert book.sheetnames == own + EXPLAINED
    assert book.active is not None
    assert book.active.title == "Read me"
    for name in own:
        heads = [cell.value for cell in book[name][1]]
        assert sorted(heads) == sorted(slot.column for slot in plan.classes[name].slots)
        assert book[name].max_row == 1
        assert book[name].freeze_panes == "B2"
        assert heads[0] == "record_id"
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert None not in [cell.value for cell in sheet[1]]


def test_headers_say_what_is_needed_in_words_and_hold_the_name_alone(person: Path) -> None:
    plan = standards.open_standard("person")
    sheet = openpyxl.load_workbook(person)["Person"]
    heads = {cell.value: cell for cell in sheet[1]}
    for slot in plan.classes["Person"].slots:
        word = "required" if slot.required else "recommended" if slot.recommended else "optional"
        cell = heads[slot.column]
        assert cell.number_format.endswith(f'@" ({word})"')
        assert f"{word.capitalize()}: " in str(cell.comment.text)
        assert validations(sheet)[slot.column].prompt.startswith(f"{word.capitalize()}: ")
    colours = {cell.fill.fgColor.rgb for cell in heads.values()}
    assert len(colours) == 3


def test_drop_downs_offer_the_active_codes_of_the_list(person: Path) -> None:
    plan = standards.open_standard("person")
    book = openpyxl.load_workbook(person)
    for name in ("Person", "PersonMark"):
        found = validations(book[name])
        for slot in plan.classes[name].slots:
            if slot.enum:
                codes = [
                    one.code for one in plan.enums[slot.enum].values if one.status != "retired"
                ]
                assert offered(book, found[slot.column]) == codes
            else:
                assert not str(found[slot.column].formula1).startswith("Lists!")


def test_short_lists_are_explained_in_the_message(person: Path) -> None:
    found = validations(openpyxl.load_workbook(person)["Person"])
    assert "0 = Not known; 1 = Male; 2 = Female; 9 = Not specified." in found["sex_code"].prompt
    assert "The sheet Lists says what each code means." in found["country_of_birth"].prompt


def test_definitions_say_all_that_stands_in_the_way(person: Path) -> None:
    plan = standards.open_standard("person")
    book = openpyxl.load_workbook(person)
    heads, *rows = book["Definitions"].values
    by_column = {row[1]: dict(zip(heads, row, strict=True)) for row in rows if row[0] == "Person"}
    assert set(by_column) == {slot.column for slot in plan.classes["Person"].slots} | {
        "(whole row)"
    }
    birth = by_column["date_of_birth"]
    assert birth["Kind of value"] == "a date as YYYY-MM-DD"
    assert "The date of birth is not in the future\n" in birth["What must hold"]
    assert birth["Needed"] == "recommended"
    assert by_column["hair_colour"]["Code list"] == "HairColour"
    links = {cell.value: cell.hyperlink for cell in book["Definitions"]["H"]}
    first = [row[0] for row in book["Lists"].values].index("HairColour") + 1
    assert links["HairColour"].location == f"'Lists'!A{first}"
    for row in rows:
        if row[1] != "(whole row)":
            kinds = ("What it means", "Example", "Why it matters", "How to fix it")
            assert all(row[heads.index(kind)] for kind in kinds), row[1]
    whole = {row[6]: row[10] for row in rows if row[:2] == ("Person", "(whole row)")}
    assert whole["A person without a name has at least four parts of a description (warning)"]


# --- schemas of all kinds


def test_only_what_the_standard_refuses_is_refused(fleet: Path) -> None:
    out, losses = write_schema(fleet)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Car", "Lists 2", *EXPLAINED]
    found = validations(book["Car"])
    shown = {
        name: (item.type, item.operator, item.formula1, item.formula2, item.errorStyle)
        for name, item in found.items()
        if item.type is not None
    }
    assert shown == {
        "wheels": ("whole", None, "3", "18", "warning"),
        "doors": ("whole", "lessThanOrEqual", "5", None, "warning"),
        "weight": ("decimal", "greaterThanOrEqual", "0.5", None, "warning"),
        "electric": ("list", None, '"true,false"', None, "warning"),
        "colour": ("list", None, "Lists!$B$2:$B$3", None, None),
        "kind": ("list", None, "Lists!$B$4:$B$5", None, "warning"),
        "extras": ("list", None, "Lists!$B$2:$B$3", None, None),
        "bought": ("date", "greaterThanOrEqual", "36925", None, "warning"),
        "built": ("date", "greaterThanOrEqual", "1", None, "warning"),
    }
    assert [name for name, item in found.items() if not item.showErrorMessage] == ["extras"]
    assert set(found) == {cell.value for cell in book["Car"][1]}
    assert all(len(item.promptTitle) <= 32 for item in found.values())
    assert not any("drop-down" in loss for loss in losses)


def test_cells_are_text_where_excel_would_change_what_is_typed(fleet: Path) -> None:
    sheet = openpyxl.load_workbook(write_schema(fleet)[0])["Car"]
    # openpyxl keeps the format of a run of columns alike with the first of them.
    formats = {}
    for name, of in sheet.column_dimensions.items():
        low, high = of.min or 0, of.max or 0
        for column in range(low, high + 1):
            formats[str(sheet.cell(1, column).value)] = of.number_format
        assert name
    assert {name for name, shown in formats.items() if shown == "General"} == {
        "wheels",
        "doors",
        "weight",
        "length",
    }
    assert {name for name, shown in formats.items() if shown == "yyyy-mm-dd"} == {
        "bought",
        "built",
    }
    assert {"mark", "colour", "trips", "seen", "electric"} <= {
        name for name, shown in formats.items() if shown == "@"
    }


def test_nothing_becomes_a_formula(fleet: Path) -> None:
    book = openpyxl.load_workbook(write_schema(fleet)[0])
    cells: Iterator[Any] = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    texts = {cell.value: cell.data_type for cell in cells if cell.value is not None}
    assert set(texts.values()) == {"s"}
    assert {"=1+1", "@SUM(A1)"} <= set(texts)


def test_the_command_names_the_class_and_the_schema(fleet: Path) -> None:
    out, _ = write_schema(fleet)
    assert commands(out) == [
        ["fleet.xlsx", "--schema", "fleet.yaml"],
        ["fleet.xlsx", "--schema", "fleet.yaml", "--class", "Lists", "--read", "sheet=Lists 2"],
    ]
    filled = fill(out, "Lists 2", [{"name": "x"}])
    code, output = check(
        str(filled), "--schema", str(fleet), "--class", "Lists", "--read", "sheet=Lists 2"
    )
    assert code == 0, output


def test_a_list_beyond_a_drop_down_is_not_offered(
    fleet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet.write_text(SCHEMA.replace("{title: Red},", "{title: Red}, '02': {},"))
    monkeypatch.setattr(template, "_MOST_OFFERED", 2)
    out, losses = write_schema(fleet)
    found = validations(openpyxl.load_workbook(out)["Car"])
    assert [found[name].type for name in ("colour", "extras", "kind")] == [None, None, "list"]
    assert losses[-1] == (
        "not offered: the list Colour: it has 3 codes, more than a drop-down takes"
    )


def test_the_same_standard_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = standards.open_standard("vehicle")
    for name in ("a.xlsx", "b.XLSX"):
        publish(plan, "excel-template", tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.XLSX").read_bytes()


# --- what can't be written


def test_too_many_classes_need_a_choice(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="44 classes") as caught:
        template.write(standards.open_standard("pole"), tmp_path / "pole.xlsx")
    assert caught.value.hint == "give --class NAME"
    assert not list(tmp_path.iterdir())


def test_one_class_of_many_can_be_chosen(tmp_path: Path) -> None:
    plan = standards.open_standard("pole")
    one = replace(plan, classes={"P_003": plan.classes["P_003"]})
    publish(one, "excel-template", tmp_path / "pole.xlsx")
    (command,) = commands(tmp_path / "pole.xlsx")
    assert command == ["pole.xlsx", "--standard", f"pole@{plan.version}", "--class", "P_003"]
    rows = [{"record_id": "007", "gender": "Male"}]
    code, output = check(str(fill(tmp_path / "pole.xlsx", "P_003", rows)), *command[1:])
    assert code == 1
    assert "[P_003]" in output
    assert "Rows: 1 read, 0 rejected." in output


def test_a_standard_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no class that can have rows"):
        template.write(standards.open_standard("core"), tmp_path / "core.xlsx")


def test_another_extension_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"written as \.xlsx"):
        template.write(standards.open_standard("vehicle"), tmp_path / "vehicle.xls")


@given(st.text(max_size=80), st.integers(2, 40))
def test_cut_texts_fit(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short.encode("utf-16-le", "surrogatepass")) // 2 <= limit
    assert short.rstrip("…") in " ".join(text.split())
