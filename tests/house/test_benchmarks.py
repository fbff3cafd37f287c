"""The benchmarks run; what they measure is never asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_throughput_benchmark_runs_and_checks_every_row(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "throughput", "--rows", "1100", "--repeat", "1"]
    done = subprocess.run(
        [*command, "--faulty", "0.1", "--folder", str(tmp_path)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["results"][0]
    assert result["rows"] == 1100
    assert result["checks"] >= 25
    assert 50 <= result["findings"] <= 250
    assert [run["name"] for run in result["runs"]] == [
        "bare scan",
        "dqcheck, no key",
        "dqcheck, identifier",
    ]
