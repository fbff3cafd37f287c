"""Check throughput: dqcheck against a bare Polars streaming scan of the same file, in one run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import Usage, compare, measure, take_turns

FOLDER = Path(__file__).resolve().parent
SCHEMA = FOLDER / "sightings.yaml"
DQCHECK = str(Path(sys.executable).with_name("dqcheck"))
SCAN = (
    "import sys, polars as pl; pl.scan_csv(sys.argv[1], infer_schema=False)"
    ".select(pl.all().is_not_null().sum()).collect(engine='streaming')"
)
CLASSES = {"dqcheck, no key": "Sighting", "dqcheck, identifier": "IdentifiedSighting"}
BARE = "bare scan"
# linkml-validate takes about a second for each thousand rows.
PEER_ROWS = 10_000


def prepare_export(folder: Path, rows: int, faulty_ratio: float) -> Path:
    """Return the export in `folder`, written by a process of its own unless it is there."""
    path = folder / f"sightings-{rows}-{faulty_ratio:g}.csv"
    if not path.exists():
        command = [sys.executable, "-m", "benchmarks.data", str(path), str(rows)]
        measure([*command, str(faulty_ratio)], folder)
    return path


def check_export(folder: Path, path: Path, class_name: str, rows: int) -> Usage:
    """Check `path` with dqcheck.

    Raises:
        RuntimeError: The run proved nothing, or didn't read all rows: a fast wrong answer.
    """
    bundle = folder / f"{class_name}.json"
    command = [DQCHECK, "check", str(path), "--schema", str(SCHEMA), "--class", class_name]
    usage = measure([*command, "--report", f"json={bundle}"], folder, accept=(0, 1))
    read = _read_bundle(bundle)["rows_read"]
    if read != rows:
        raise RuntimeError(f"dqcheck read {read} of {rows} rows")
    return usage


def measure_throughput(
    folder: Path, rows: int, faulty_ratio: float, repeat: int, *, peers: bool
) -> dict[str, Any]:
    """Return the figures for an export of `rows` rows, of which `faulty_ratio` are faulty."""
    path = prepare_export(folder, rows, faulty_ratio)
    runs: dict[str, Callable[[], Usage]] = {
        BARE: partial(measure, [sys.executable, "-c", SCAN, str(path)], folder)
    }
    for name, class_name in CLASSES.items():
        runs[name] = partial(check_export, folder, path, class_name, rows)
    if peers:
        stock = [sys.executable, "-m", "benchmarks.peers", str(path)]
        runs["Pandera as shipped"] = partial(measure, stock, folder, accept=(0, 1))
        if rows <= PEER_ROWS:
            linkml = str(Path(sys.executable).with_name("linkml-validate"))
            command = [linkml, "--schema", str(SCHEMA), "--target-class", "Sighting", str(path)]
            runs["linkml-validate"] = partial(measure, command, folder, accept=(0, 1))
    medians = take_turns(runs, repeat)
    bundle = _read_bundle(folder / "IdentifiedSighting.json")
    return {
        "rows": rows,
        "faulty_ratio": faulty_ratio,
        "megabytes": path.stat().st_size / 1e6,
        "checks": sum(
            not check["id"].endswith((".column_present", ".unknown_column"))
            for check in bundle["checks"]
        ),
        "findings": sum(check["failed"] for check in bundle["checks"]),
        "runs": compare(medians, BARE),
    }


def _read_bundle(path: Path) -> dict[str, Any]:
    export: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["exports"][0]
    return export
