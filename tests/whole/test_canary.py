"""Marked values in every slot of every standard never come out; neither do strange headers."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

import dqcheck
from dqcheck import standards
from dqcheck.model import Privacy
from dqcheck.privacy import CODE_SHAPE

Run = Callable[..., "CompletedProcess[bytes]"]
CANARY = "Zqcanary"
STANDARDS = [info.name for info in standards.list_standards() if info.name != "core"]


def marked(slot: str, row: int) -> str:
    return f"{CANARY}{slot}{row}"


def write_marked(path: Path, standard: str, rows: int = 20) -> None:
    """Write an export with marked values throughout, one key repeated, one row ragged."""
    plan = standards.open_standard(standard)
    class_plan = standards.choose_class(plan, None)
    headers = [slot.column for slot in class_plan.slots]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*headers, "unheard of", "unheard too"])
        for row in range(rows):
            number = min(row, rows - 2)
            writer.writerow([*(marked(header, number) for header in headers), CANARY, CANARY + "2"])
        writer.writerow([CANARY, CANARY])


def outputs(folder: Path, done: CompletedProcess[bytes]) -> dict[str, bytes]:
    found = {"stdout": done.stdout, "stderr": done.stderr}
    for path in folder.iterdir():
        if path.name == "out.parquet":
            found[path.name] = pl.read_parquet(path).write_csv().encode()
        elif path.name.startswith("out."):
            found[path.name] = path.read_bytes()
    return found


@pytest.mark.parametrize("standard", STANDARDS)
def test_no_marked_value_comes_out(run: Run, tmp_path: Path, standard: str) -> None:
    write_marked(tmp_path / "export.csv", standard)
    done = run(
        "check", "export.csv", "--standard", standard, "--report", "json=out.json",
        "--report", "text=out.txt", "--findings", "out.parquet", DQCHECK_KEY="k" * 40,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr.decode()
    run("check", "export.csv", "--standard", standard, "--findings", "out.csv")
    for name, content in outputs(tmp_path, done).items():
        assert CANARY.encode() not in content, f"{standard}: {name}"
    assert json.loads((tmp_path / "out.json").read_bytes())["exports"][0]["rows_read"] == 20
    assert pl.read_parquet(tmp_path / "out.parquet").height > 100


@pytest.mark.parametrize("standard", STANDARDS)
def test_common_values_show_in_code_slots_alone(run: Run, tmp_path: Path, standard: str) -> None:
    plan = standards.open_standard(standard)
    class_plan = standards.choose_class(plan, None)
    headers = [slot.column for slot in class_plan.slots]
    rows = [[f"key{row}", *(f"{CANARY}.{header}." for header in headers[1:])] for row in range(9)]
    with (tmp_path / "export.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    done = run("check", "export.csv", "--standard", standard, "--report", "json=out.json")
    said = b"".join(outputs(tmp_path, done).values()).decode()
    for slot in class_plan.slots:
        shown = f"{CANARY}.{slot.column}." in said
        assert not shown or slot.privacy is Privacy.CODE, slot.name


def test_headers_that_may_be_data_print_as_shapes(run: Run, tmp_path: Path) -> None:
    lines = [f"{CANARY} Smith,01/02/1990,Black", f"{CANARY} Jones,03/04/1991,Brown"]
    (tmp_path / "export.csv").write_text("\n".join(lines), encoding="utf-8")
    done = run("check", "export.csv", "--standard", "person", "--report", "json=out.json")
    assert done.returncode == 3
    for name, content in outputs(tmp_path, done).items():
        assert CANARY.encode() not in content, name


@pytest.mark.parametrize(
    "content",
    [
        b'{"record_id": "Zqcanary", \n',
        b'record_id,hair_colour\n"Zqcanary,Black\nZqcanary2,Brown\n',
        b"PAR1Zqcanary garbage PAR1",
        b"PK\x03\x04Zqcanary",
        b"record_id\x00,hair_colour\nZqcanary\x00,Black\n",
        b"\xff\xfeZqcanary",
    ],
)
@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.jsonl", "x.parquet", "x.xlsx"])
def test_broken_files_say_no_value(run: Run, tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("check", name, "--standard", "person", "--report", "json=out.json")
    assert done.returncode in (1, 3), done.stderr.decode()
    assert b"Traceback" not in done.stderr
    for where, found in outputs(tmp_path, done).items():
        assert CANARY.encode() not in found, where


SENSITIVE = """
id: https://example.org/people
name: people
prefixes: {linkml: "https://w3id.org/linkml/", ex: "https://example.org/"}
default_prefix: ex
default_range: string
imports: ["linkml:types"]
enums:
  Gender: {permissible_values: {Male: {aliases: [M]}, Female: {}}}
classes:
  Person:
    attributes:
      id: {identifier: true}
      gender: {range: Gender, annotations: {privacy: sensitive}}
      marked: {range: boolean}
      either: {any_of: [{range: Gender}, {range: integer}]}
      genders: {range: Gender, multivalued: true, annotations: {privacy: sensitive}}
      height: {range: integer}
    rules:
      - title: tall people say no gender
        preconditions: {slot_conditions: {height: {minimum_value: 200}}}
        postconditions: {slot_conditions: {gender: {value_presence: ABSENT}}}
      - title: tall people are not marked
        preconditions: {slot_conditions: {height: {minimum_value: 200}}}
        postconditions: {slot_conditions: {marked: {value_presence: ABSENT}}}
      - title: tall people say neither
        preconditions: {slot_conditions: {height: {minimum_value: 200}}}
        postconditions: {slot_conditions: {either: {value_presence: ABSENT}}}
      - title: tall people say no genders
        preconditions: {slot_conditions: {height: {minimum_value: 200}}}
        postconditions: {slot_conditions: {genders: {value_presence: ABSENT}}}
"""


def test_the_shape_of_a_code_gives_nothing_away(run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text(SENSITIVE, encoding="utf-8")
    rows = [
        "1,Male,true,Male,Male|Female,201",
        "2,Female,false,Female,Female,202",
        "3,m,1,Male,Male,203",
    ]
    (tmp_path / "export.csv").write_text(
        "\n".join(["id,gender,marked,either,genders,height", *rows]) + "\n", encoding="utf-8"
    )
    done = run(
        "check", "export.csv", "--schema", "people.yaml", "--class", "Person",
        "--report", "json=out.json", "--report", "text=out.txt", "--findings", "out.parquet",
    )  # fmt: skip
    assert done.returncode == 1, done.stderr.decode()
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert found.height == 13
    assert set(found["slot"]) == {"gender", "marked", "either", "genders"}
    assert set(found["value_shape"]) == {CODE_SHAPE}
    bundle = json.loads((tmp_path / "out.json").read_bytes())
    shapes = [item["shape"] for each in bundle["exports"][0]["checks"] for item in each["shapes"]]
    assert set(shapes) == {CODE_SHAPE}
    assert b"Aaaa" not in (tmp_path / "out.txt").read_bytes()


def test_a_run_in_a_notebook_or_log_says_no_value() -> None:
    rows = [{"record_id": str(at), "gender": CANARY, "colour": CANARY} for at in range(3)]
    assessment = dqcheck.validate(rows, standard="person")
    for said in (repr(assessment), repr(assessment.run), repr(assessment.run.exports[0].checked)):
        assert CANARY not in said


def test_letters_in_circles_have_a_shape_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(
        "record_id,gender,date_of_birth\n1,Male,ⒸⒶⓃ\n2,Male,⠉⠁⠝\n3,Male,🇨🇦🇳\n", encoding="utf-8"
    )
    done = run("check", "export.csv", "--standard", "person", "--findings", "out.csv")
    for name, content in outputs(tmp_path, done).items():
        assert not set("ⒸⒶⓃ⠉⠁⠝🇨🇦🇳") & set(content.decode()), name
