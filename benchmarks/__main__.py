"""The benchmarks' command line; figures go to the terminal and to results.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measure import own_peak_mb
from benchmarks.startup import measure_startup
from benchmarks.throughput import measure_throughput

FOLDER = Path(__file__).resolve().parent / "out"
ROWS = (100_000, 1_000_000, 5_000_000)
LIBRARIES = ("dqcheck", "duckdb", "pandera", "polars", "pydantic", "typer")


def main() -> None:
    """Run what the command line asks for."""
    options = _read_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    results: list[dict[str, Any]] = []
    if options.what in {"startup", "all"}:
        results.append(measure_startup(options.folder, max(options.repeat, 5)))
        _print(f"start-up, ratio to import pandera.polars ({max(options.repeat, 5)} runs)", results)
    if options.what in {"throughput", "all"}:
        for rows in options.rows:
            results.append(
                measure_throughput(
                    options.folder, rows, options.faulty, options.repeat, peers=options.peers
                )
            )
            title = (
                f"{rows:,} rows × 12 columns, {results[-1]['megabytes']:.0f} MB, "
                f"{results[-1]['checks']} checks, {results[-1]['findings']:,} findings, "
                f"ratio to the bare scan ({options.repeat} runs)"
            )
            _print(title, results)
    document = {
        "machine": {"processors": os.cpu_count(), "system": platform.platform()},
        "python": platform.python_version(),
        "versions": {name: version(name) for name in LIBRARIES},
        "floor_mb": round(own_peak_mb()),
        "results": results,
    }
    text = json.dumps(document, indent=1) + "\n"
    (options.folder / "results.json").write_text(text, encoding="utf-8")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", choices=["startup", "throughput", "all"])
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, help="sizes of the export")
    parser.add_argument("--repeat", type=int, default=3, help="measured rounds; medians are shown")
    parser.add_argument(
        "--faulty", type=float, default=0.01, help="share of rows with a faulty cell (0 to 1)"
    )
    parser.add_argument("--peers", action="store_true", help="run peers on the same file as well")
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help="where exports and results.json go"
    )
    return parser.parse_args()


def _print(title: str, results: list[dict[str, Any]]) -> None:
    print(f"\n{title}")
    print(f"{'':24}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}{'ratio':>8}")
    for run in results[-1]["runs"]:
        print(
            f"{run['name']:24}{run['wall_seconds']:9.2f}{run['cpu_seconds']:9.2f}"
            f"{run['peak_mb']:9}{run['ratio']:8.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
