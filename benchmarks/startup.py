"""Start-up: what a run costs before it reads anything, which decides small files."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import compare, measure, take_turns
from benchmarks.throughput import DQCHECK, check_export, prepare_export

ROWS = 1_000
BARE = "import pandera.polars"


def measure_startup(folder: Path, repeat: int) -> dict[str, Any]:
    """Return the figures of the shortest runs, as ratios to the bare import of pandera.polars."""
    path = prepare_export(folder, ROWS, 0.01)
    medians = take_turns(
        {
            "python -c pass": partial(measure, [sys.executable, "-c", "pass"], folder),
            "dqcheck --help": partial(measure, [DQCHECK, "--help"], folder),
            BARE: partial(measure, [sys.executable, "-c", "import pandera.polars"], folder),
            f"dqcheck, {ROWS} rows": partial(
                check_export, folder, path, "IdentifiedSighting", ROWS
            ),
        },
        repeat,
    )
    return {
        "rows": ROWS,
        "runs": compare(medians, BARE),
    }
