"""The pilot finds what was planted in it, says so when it does not, and shows what it runs."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

import dqcheck.demo
from dqcheck.cli import app
from dqcheck.demo import EXPORTS, DemoExport, Fault, find_faults, prepare_folder, write_exports
from dqcheck.errors import UsageError
from dqcheck.store.trees import check_private_place

MESSY = [export for export in EXPORTS if export.faults]


def _run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(app, list(arguments))


def _read_bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _read_commands(shown: str) -> list[list[str]]:
    joined = shown.replace(" \\\n", " ")
    return [shlex.split(line.strip()[2:]) for line in joined.splitlines() if "$ dqcheck" in line]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pilot") / "a [1] b=c"


@pytest.fixture(scope="module")
def told(folder: Path) -> Result:
    return _run("demo", str(folder))


def test_all_that_can_be_found_is_found(told: Result) -> None:
    assert told.exit_code == 0, told.output
    findable = sum(bool(fault.check) for export in MESSY for fault in export.faults)
    unseen = sum(not fault.check for export in MESSY for fault in export.faults)
    said = f"{findable} of the {findable} faults that checks can see were found; {unseen} more"
    assert said in told.stdout
    assert len(re.findall(r"^yes ", told.stdout, re.M)) == findable
    assert len(re.findall(r"^no +row", told.stdout, re.M)) == unseen
    assert told.stdout.rstrip().splitlines()[-1].startswith("exit 0: ")


def test_clean_exports_meet_their_standards(told: Result) -> None:
    assert told.stdout.count("Level: Meets the standard") == len(EXPORTS) - len(MESSY)


def test_the_commands_shown_do_what_the_demo_did(told: Result, folder: Path) -> None:
    commands = _read_commands(told.stdout)
    checks = [words for words in commands if words[1] == "check"]
    assert [words[2] for words in checks] == [str(folder / export.path) for export in EXPORTS]
    before = _read_bytes(folder / "results")
    scorecard = _run(*checks[3][1:])
    assert scorecard.exit_code == 1
    assert _read_bytes(folder / "results") == before
    beginning = scorecard.stdout.partition("\nChecks: ")[0]
    assert beginning in told.stdout
    assert scorecard.stdout.splitlines()[-1] in told.stdout


def test_what_to_try_next_works(told: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    following = [words for words in _read_commands(told.stdout) if words[1] != "check"]
    assert [words[1] for words in following] == ["explain", "worklist", "standard"]
    assert [_run(*words[1:]).exit_code for words in following] == [0, 0, 0]


def test_shown_whole_on_request(folder: Path, told: Result) -> None:
    whole = _run("demo", str(folder), "--full")
    assert whole.exit_code == 0
    assert "more lines" in told.stdout
    assert "more lines" not in whole.stdout
    assert "Values that are in no code list" in whole.stdout


def test_the_same_bytes_every_time(told: Result, folder: Path, tmp_path: Path) -> None:
    prepare_folder(tmp_path / "again", EXPORTS)
    write_exports(tmp_path / "again", EXPORTS)
    again = _read_bytes(tmp_path / "again")
    first = _read_bytes(folder)
    assert again == {name: first[name] for name in again}


def test_results_are_where_the_commands_say(told: Result, folder: Path) -> None:
    for export in MESSY:
        bundle = json.loads((folder / "results" / f"{export.name}.json").read_text("utf-8"))
        assert bundle["exports"][0]["path"] == str(folder / export.path)
        assert bundle["gate"]["exit_code"] == 1


def test_nothing_fits_badly_on_80_columns(told: Result) -> None:
    # Ids of checks stay whole for copying, and the gate's line is one line for pipelines.
    wide = [line for line in told.stdout.splitlines() if len(line) > 80]
    ids = {fault.check for export in MESSY for fault in export.faults}
    assert [
        line
        for line in wide
        if line.strip() not in ids
        and not line.startswith("exit ")
        and not any(part in line for part in (" [1] b", "--report", "--findings"))
    ] == []


def test_a_missed_fault_is_our_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = EXPORTS[0]
    missed = Fault("a name in capitals", "person.given_name.type", cells=((2, "given_name", "X"),))
    exports = (clean, replace(clean, path="messy/persons.csv", faults=(missed,)))
    monkeypatch.setattr(dqcheck.demo, "EXPORTS", exports)
    result = _run("demo", str(tmp_path / "pilot"))
    assert result.exit_code == 4
    assert re.search(r"^MISSED +row 2 +a name in capitals$", result.stdout, re.M)
    assert "0 of the 1 faults" in result.stdout
    assert "exit 4: a planted fault was missed" in result.stdout


def test_a_clean_export_that_fails_is_our_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = replace(EXPORTS[0], same={"hair_colour": "no such colour"})
    monkeypatch.setattr(dqcheck.demo, "EXPORTS", (spoilt,))
    result = _run("demo", str(tmp_path / "pilot"))
    assert result.exit_code == 4
    assert "exit 4: a clean export did not pass" in result.stdout


def test_git_leaves_a_demo_out(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    prepare_folder(tmp_path / "pilot", EXPORTS)
    check_private_place(tmp_path / "pilot" / "results" / "fix.xlsx", {})


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="other files") as refused:
        prepare_folder(tmp_path, EXPORTS)
    assert refused.value.hint
    assert _read_bytes(tmp_path) == {"mine.txt": b"mine"}


def test_a_folder_with_a_readme_of_its_own_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="other files"):
        prepare_folder(tmp_path, EXPORTS)


def test_an_earlier_demo_is_written_anew_and_what_was_added_stays(tmp_path: Path) -> None:
    prepare_folder(tmp_path, EXPORTS)
    write_exports(tmp_path, EXPORTS)
    first = _read_bytes(tmp_path)
    (tmp_path / "northfolk" / "persons.csv").write_text("changed", encoding="utf-8")
    (tmp_path / "results" / "mine.txt").write_text("mine", encoding="utf-8")
    prepare_folder(tmp_path, EXPORTS)
    write_exports(tmp_path, EXPORTS)
    assert _read_bytes(tmp_path) == {**first, "results/mine.txt": b"mine"}


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_is_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="can't be made here") as refused:
        prepare_folder(tmp_path / name, EXPORTS)
    assert "a file" in refused.value.found


@pytest.mark.parametrize("name", ["-x", "a\x1b[2Jb", " a"])
def test_a_name_that_no_command_can_show_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="can't be shown"):
        prepare_folder(Path(name), EXPORTS)


@pytest.mark.parametrize("export", MESSY, ids=lambda export: export.name)
def test_each_fault_says_who_finds_it_or_why_nobody_can(export: DemoExport) -> None:
    assert [fault.what for fault in export.faults if bool(fault.check) == bool(fault.unseen)] == []


@pytest.mark.parametrize("export", MESSY, ids=lambda export: export.name)
def test_no_two_faults_stand_in_one_cell(export: DemoExport) -> None:
    cells = Counter((row, slot) for fault in export.faults for row, slot, _ in fault.cells)
    assert {cell for cell, count in cells.items() if count > 1} == set()


def test_a_fault_is_found_where_its_check_fails_in_all_its_rows() -> None:
    findings = pl.DataFrame(
        {"check_id": ["a.b.c", "a.b.c", "file.x"], "row": [4, 5, None]},
        schema={"check_id": pl.String, "row": pl.UInt32},
    )
    cells = ((4, "b", ""), (5, "b", ""))
    faults = (
        Fault("both rows", "a.b.c", cells=cells),
        Fault("one row more", "a.b.c", cells=(*cells, (6, "b", ""))),
        Fault("another check", "a.b.d", cells=cells),
        Fault("of the file", "file.x", everywhere=True),
        Fault("of the file, in a row", "file.x", repeats_header=4),
        Fault("nobody can", unseen="why", cells=cells),
    )
    assert find_faults(faults, findings) == (True, False, False, True, False, False)


def test_nothing_is_found_in_no_findings() -> None:
    findings = pl.DataFrame(schema={"check_id": pl.String, "row": pl.UInt32})
    assert find_faults((Fault("x", "a.b.c", everywhere=True),), findings) == (False,)
