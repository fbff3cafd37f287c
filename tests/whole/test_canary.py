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
from dqcheck.standards.plan import ClassPlan

Run = Callable[..., "CompletedProcess[bytes]"]
CANARY = "Zqcanary"
STANDARDS = [info.name for info in standards.list_standards() if info.name != "core"]


def marked(slot: str, row: int) -> str:
    return f"{CANARY}{slot}{row}"


def concrete(standard: str) -> list[ClassPlan]:
    classes = standards.open_standard(standard).classes.values()
    return [each for each in classes if not each.abstract and each.slots]


def write_marked(path: Path, class_plan: ClassPlan, rows: int = 20) -> None:
    """Write an export with marked values throughout, one key repeated, one row ragged."""
    headers = [slot.column for slot in class_plan.slots]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*headers, f"{CANARY} 01/02/1990", f"{CANARY}@example.org"])
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
    classes = concrete(standard)
    for each in classes:
        write_marked(tmp_path / f"{each.name}.csv", each)
    targets = [f"{each.name}={each.name}.csv" for each in classes]
    done = run(
        "check", *targets, "--standard", standard, "--report", "json=out.json",
        "--report", "text=out.txt", "--findings", "out.csv", DQCHECK_KEY="k" * 40,
    )  # fmt: skip
    assert done.returncode in (1, 3), done.stderr.decode()
    for name, content in outputs(tmp_path, done).items():
        assert CANARY.encode() not in content, f"{standard}: {name}"
    exports = json.loads((tmp_path / "out.json").read_bytes())["exports"]
    assert [export["rows_read"] for export in exports] == [20] * len(classes)
    assert pl.read_csv(tmp_path / "out.csv", infer_schema=False).height > 100


@pytest.mark.parametrize("standard", STANDARDS)
def test_common_values_show_in_code_slots_alone(run: Run, tmp_path: Path, standard: str) -> None:
    classes = concrete(standard)
    for each in classes:
        headers = [slot.column for slot in each.slots]
        marked = [f"{CANARY}.{each.name}.{header}." for header in headers[1:]]
        with (tmp_path / f"{each.name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headers, *([f"key{row}", *marked] for row in range(9))])
    targets = [f"{each.name}={each.name}.csv" for each in classes]
    done = run("check", *targets, "--standard", standard, "--report", "json=out.json")
    assert done.returncode in (1, 3), done.stderr.decode()
    said = b"".join(outputs(tmp_path, done).values()).decode()
    for each in classes:
        for slot in each.slots:
            shown = f"{CANARY}.{each.name}.{slot.column}." in said
            assert not shown or slot.privacy is Privacy.CODE, (each.name, slot.name)


def test_headers_that_may_be_data_print_as_shapes(run: Run, tmp_path: Path) -> None:
    lines = [f"{CANARY} Smith,01/02/1990,Black", f"{CANARY} Jones,03/04/1991,Brown"]
    (tmp_path / "export.csv").write_text("\n".join(lines), encoding="utf-8")
    done = run("check", "export.csv", "--standard", "person", "--report", "json=out.json")
    assert done.returncode == 3
    for name, content in outputs(tmp_path, done).items():
        assert CANARY.encode() not in content, name


# Headers of an export without headers whose first record happens to hold a name of a slot.
HEADERS_AS_DATA = [
    ["gender", f"{CANARY} Smith", "Black", "Mary Canaryjones"],
    ["record_id", "date_of_birth", "gender", f"{CANARY} 1990", "SW1A 2ZQ", "AB12 ZQX"],
    ["record_id", "date_of_birth", "gender", "07700 900123", f"{CANARY}@example.org", "1/2/1990"],
    ["record_id", "gender", "date_of_birth", "ZZ123987C", f"{CANARY}, Zoe!", CANARY * 9],
]


@pytest.mark.parametrize(
    ("name", "headers"),
    [("x.json", HEADERS_AS_DATA[1]), *(("x.csv", headers) for headers in HEADERS_AS_DATA)],
)
def test_headers_that_are_data_do_not_come_out(
    run: Run, tmp_path: Path, name: str, headers: list[str]
) -> None:
    cells = [["k1", "2", "3", "4", "5", "6"], ["k2", "7", "8", "9", "10", "11"]]
    rows = [dict(zip(headers, row, strict=False)) for row in cells]
    if name == "x.json":
        (tmp_path / name).write_text(json.dumps(rows), encoding="utf-8")
    else:
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headers, *(row.values() for row in rows)])
    done = run(
        "check", name, "--standard", "person", "--report", "json=out.json",
        "--report", "text=out.txt", "--findings", "out.csv",
    )  # fmt: skip
    assert done.returncode in (1, 3), done.stderr.decode()
    data = [header for header in headers if header not in {"record_id", "date_of_birth", "gender"}]
    for where, content in outputs(tmp_path, done).items():
        # A code of the standard is no one's data.
        found = [header for header in data if header.encode() in content and header != "Black"]
        assert found == [], where


def test_names_of_columns_show_beside_those_of_slots(run: Run, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(
        "record_id,gender,date_of_birth,Audit time (UTC),Ward_2\nA1,Male,1990-01-01,x,y\n",
        encoding="utf-8",
    )
    done = run("check", "export.csv", "--standard", "person")
    assert b'"Audit time (UTC)" is no slot' in done.stdout
    assert b'"Ward_2" is no slot' in done.stdout


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
