"""What people give by mistake, and runs that are ended half way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., "CompletedProcess[bytes]"]
PERSONS = "record_id,gender,date_of_birth\nA1,Male,1990-01-01\n"

needs_signals = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.csv").write_text(PERSONS, encoding="utf-8")
    (tmp_path / "two.csv").write_text(PERSONS.replace("A1", "A2"), encoding="utf-8")
    return tmp_path


def exports(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((folder / "run.json").read_bytes())["exports"]
    return found


def test_folders_that_a_pattern_matches_are_named(run: Run, folder: Path) -> None:
    (folder / "old.csv").mkdir()
    done = run("check", "*.csv", "--standard", "person", "--report", "json=run.json")
    notes = [export["notes"] for export in exports(folder)]
    assert done.returncode == 0, done.stderr.decode()
    assert notes == [["The pattern *.csv also matches 1 folder (old.csv): not read."], []]


def test_a_pattern_that_matches_folders_alone_is_refused(run: Run, folder: Path) -> None:
    (folder / "2026-10").mkdir()
    (folder / "2026-11").mkdir()
    done = run("check", "2026-*", "--standard", "person")
    assert done.returncode == 2
    assert b"found: 2 folders (2026-10, 2026-11)" in done.stdout + done.stderr


@pytest.mark.parametrize("bad", [b"", b"\xef\xbb\xbf", b"PK\x03\x04 cut off"])
def test_one_file_of_a_pattern_never_hides_another(run: Run, folder: Path, bad: bytes) -> None:
    (folder / "bad.csv").write_bytes(bad)
    done = run("check", "*.csv", "--standard", "person", "--report", "json=run.json")
    assert done.returncode == 3
    found = {export["path"]: export["rows_read"] for export in exports(folder)}
    assert found == {"bad.csv": 0, "one.csv": 1, "two.csv": 1}


@needs_signals
def test_what_a_command_prints_is_read_through_a_pipe(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with subprocess.Popen(["cp", "one.csv", "pipe"], cwd=folder):
        done = run("check", "pipe", "--standard", "person", "--report", "json=run.json")
    assert done.returncode == 0, done.stderr.decode()
    assert exports(folder)[0]["rows_read"] == 1


@needs_signals
def test_links_that_run_in_a_circle_are_refused(run: Run, folder: Path) -> None:
    (folder / "loop.csv").symlink_to("loop.csv")
    done = run("check", "loop.csv", "--standard", "person")
    assert done.returncode == 2
    assert b"this link leads to no file" in done.stdout + done.stderr


def test_a_file_without_headers_is_checked_under_those_given(run: Run, folder: Path) -> None:
    rows = ["A1,Male,1990-01-01,x", "A2,Female,1991-02-03,y", "A3,Male,1992-03-04,z"]
    (folder / "bare.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    without = run("check", "bare.csv", "--standard", "person")
    assert without.returncode == 3
    assert b"--read header=NAME,NAME" in without.stdout
    done = run(
        "check", "bare.csv", "--standard", "person", "--report", "json=run.json",
        "--read", "header=record_id,gender,date_of_birth,",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode()
    assert exports(folder)[0]["rows_read"] == 3
    few = run("check", "bare.csv", "--standard", "person", "--read", "header=record_id")
    assert few.returncode == 2
    assert b"the file has 4 columns" in few.stdout + few.stderr


@pytest.mark.parametrize(("columns", "widest"), [("66", 66), ("120", 120), ("20", 60)])
def test_lines_are_as_long_as_columns_says(
    run: Run, folder: Path, columns: str, widest: int
) -> None:
    done = run("check", "one.csv", "--standard", "person", COLUMNS=columns)
    lines = done.stdout.decode().splitlines()
    # The first is a rule over the whole width; the last is one line however long.
    assert max(map(len, lines[:-1])) == len(lines[0]) == widest


SLOW_WRITE = """
import pathlib, time
write = pathlib.Path.write_bytes
def slowly(path, content):
    done = write(path, content)
    if path.suffix == ".part":
        path.with_name("begun").touch()
        time.sleep(60)
    return done
pathlib.Path.write_bytes = slowly
"""


@needs_signals
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_run_that_is_ended_leaves_nothing(
    folder: Path, number: signal.Signals, code: int
) -> None:
    (folder / "sitecustomize.py").write_text(SLOW_WRITE, encoding="utf-8")
    before = {path.name for path in folder.iterdir()} - {"__pycache__"}
    command = ["check", "one.csv", "--standard", "person", "--report", "json=run.json"]
    with subprocess.Popen(
        [sys.executable, "-m", "dqcheck", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        deadline = time.monotonic() + 60
        while not (folder / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert process.returncode == code
    assert f"exit {code}: ".encode() in said.splitlines()[-1]
    after = {path.name for path in folder.iterdir()} - {"__pycache__", "begun"}
    assert after == before


def test_a_fault_of_the_file_is_told_once(run: Run, folder: Path) -> None:
    (folder / "ragged.csv").write_text(f"{PERSONS}A2,Male\nA3\n", encoding="utf-8")
    done = run("check", "ragged.csv", "--standard", "person")
    said = done.stdout.decode()
    told, last = said.split("The file itself")
    assert "file.ragged_row" not in told
    assert last.rpartition("exit 1")[0].count("file.ragged_row") == 1
    assert "line 3, row 3" in last
    assert last.count("fix: ") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_no_fault_of_ours() -> None:
    for args in (["standard", "list"], ["diff", "person@1.0", "person@1.0.0"]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "dqcheck", *args],
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert done.returncode == 2
        assert b"is the disk full?" in done.stderr


def test_a_link_stays_and_leads_to_what_was_written(tmp_path: Path) -> None:
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    link.symlink_to(target)
    args = ["standard", "export", "vehicle", "--to", "markdown", "-o", str(link)]
    done = subprocess.run(
        [sys.executable, "-m", "dqcheck", *args], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("#")
