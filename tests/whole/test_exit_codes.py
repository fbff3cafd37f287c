"""One exit code that a pipeline can trust, and one line that says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., "CompletedProcess[bytes]"]

SCHEMA = """
id: https://example.org/pets
name: pets
prefixes: {linkml: "https://w3id.org/linkml/", ex: "https://example.org/"}
default_prefix: ex
default_range: string
imports: ["linkml:types"]
classes:
  Pet:
    attributes:
      id: {identifier: true}
      name: {required: true}
      legs: {range: integer, maximum_value: 8, recommended: true}
      owner: {range: Owner}
  Owner:
    attributes:
      id: {identifier: true}
      name: {}
"""
GOOD = "id,name,legs,owner\n1,Rex,4,7\n2,Tom,4,7\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pets.yaml").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.csv").write_text(GOOD.replace("Rex", ""), encoding="utf-8")
    (tmp_path / "warn.csv").write_text(GOOD.replace("Rex,4", "Rex,"), encoding="utf-8")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "header.csv").write_text("id,name,legs,owner\n", encoding="utf-8")
    (tmp_path / "noname.csv").write_text("id,legs,owner\n1,4,7\n", encoding="utf-8")
    (tmp_path / "other.csv").write_text("colour,size\nred,big\n", encoding="utf-8")
    (tmp_path / "owners.csv").write_text("id,name\n8,Ann\n", encoding="utf-8")
    return tmp_path


CASES = [
    (0, ["good.csv"]),
    (0, ["warn.csv"]),
    (1, ["warn.csv", "--fail-on", "warning"]),
    (1, ["bad.csv"]),
    (0, ["bad.csv", "--fail-on", "never"]),
    (0, ["bad.csv", "--ignore", "pets.name.required"]),
    (1, ["noname.csv"]),
    (0, ["noname.csv", "--fail-on", "never"]),
    (3, ["empty.csv"]),
    (3, ["empty.csv", "--fail-on", "never"]),
    (3, ["header.csv"]),
    (3, ["header.csv", "--fail-on", "never"]),
    (3, ["other.csv"]),
    (2, ["absent.csv"]),
    (3, ["bad.csv", "empty.csv"]),
    (2, ["bad.csv", "empty.csv", "absent.csv"]),
    (1, ["good.csv", "bad.csv"]),
]


@pytest.mark.parametrize(("code", "arguments"), CASES)
def test_exit_codes(run: Run, folder: Path, code: int, arguments: list[str]) -> None:
    done = run(
        "check", *arguments, "--schema", "pets.yaml", "--class", "Pet", "--report", "json=run.json"
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == code, said
    assert f"exit {code}: " in said.splitlines()[-1]
    assert "Traceback" not in said
    gate = json.loads((folder / "run.json").read_text(encoding="utf-8"))["gate"]
    assert gate["exit_code"] == code
    assert gate["reasons"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "good.csv"],
        ["check", "good.csv", "--schema", "absent.yaml"],
        ["check", "good.csv", "--schema", "pets.yaml"],
        ["check", "good.csv", "--schema", "pets.yaml", "--class", "Pte"],
        ["check", "good.csv", "--standard", "preson"],
        ["check", "good.csv", "--schema", "pets.yaml", "--class", "Pet", "--fail-on", "bad"],
        ["check", "good.csv", "--schema", "pets.yaml", "--class", "Pet", "--report", "jsn=x"],
        ["check", "good.csv", "--schema", "pets.yaml", "--class", "Pet", "--read", "delimeter=;"],
        ["check", "good.csv", "--schema", "pets.yaml", "--class", "Pet", "--rules", "absent.yaml"],
        ["check", "good.csv", "--schema", "pets.yaml", "--no-such-option"],
        ["explain", "person.hair_color.nothing"],
    ],
)
def test_usage_is_2(run: Run, folder: Path, arguments: list[str]) -> None:
    done = run(*arguments)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 2, said
    assert "Traceback" not in said


def test_a_reference_is_checked_where_the_run_has_its_class(run: Run, folder: Path) -> None:
    arguments = ["Pet=good.csv", "--schema", "pets.yaml"]
    assert run("check", *arguments).returncode == 0
    assert run("check", *arguments, "Owner=owners.csv").returncode == 1


def test_one_export_never_blocks_another(run: Run, folder: Path) -> None:
    done = run(
        "check", "empty.csv", "bad.csv", "--schema", "pets.yaml", "--class", "Pet",
        "--report", "json=run.json", "--findings", "findings.csv",
    )  # fmt: skip
    bundle = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert done.returncode == 3
    assert [export["exit_code"] for export in bundle["exports"]] == [3, 1]
    assert "pets.name.required" in (folder / "findings.csv").read_text(encoding="utf-8")


def test_an_internal_fault_is_4_and_quotes_nothing(run: Run, folder: Path) -> None:
    (folder / "sitecustomize.py").write_text(
        "import dqcheck.assess as a\n"
        "def fail(*_, **__):\n    raise RuntimeError('Zebedee was born')\n"
        "a.validate = fail\n",
        encoding="utf-8",
    )
    done = run(
        "check", "good.csv", "--schema", "pets.yaml", "--class", "Pet", PYTHONPATH=str(folder)
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 4, said
    assert "RuntimeError" in said
    assert "Zebedee" not in said
    assert "exit 4" in said.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--findings", "good.csv"],
        ["--report", "json=pets.yaml"],
        ["--report", "json=x.csv", "--findings", "x.csv"],
    ],
)
def test_no_file_that_is_read_is_written_over(run: Run, folder: Path, arguments: list[str]) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = run("check", "good.csv", "--schema", "pets.yaml", "--class", "Pet", *arguments)
    assert done.returncode == 2
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_id_to_ignore_that_no_check_has_is_refused(run: Run, folder: Path) -> None:
    done = run("check", "good.csv", "--schema", "pets.yaml", "--class", "Pet", "--ignore", "p.x.y")
    assert done.returncode == 2
    assert b"p.x.y" in done.stdout + done.stderr


def test_keys_are_compared_by_value(run: Run, folder: Path) -> None:
    schema = SCHEMA.replace("id: {identifier: true}", "id: {identifier: true, range: integer}")
    (folder / "pets.yaml").write_text(schema, encoding="utf-8")
    (folder / "same.csv").write_text("id,name,legs\n1,a,4\n01,b,4\n", encoding="utf-8")
    assert run("check", "same.csv", "--schema", "pets.yaml", "--class", "Pet").returncode == 1


def test_a_target_that_gave_no_identifiers_leaves_references_unproven(
    run: Run, folder: Path
) -> None:
    done = run(
        "check", "Pet=good.csv", "Owner=empty.csv", "--schema", "pets.yaml",
        "--report", "json=run.json",
    )  # fmt: skip
    bundle = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert [export["exit_code"] for export in bundle["exports"]] == [3, 3]
    assert done.returncode == 3
