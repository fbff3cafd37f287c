"""Runs a command as a process of its own and measures all of it.

This process must stay small and import the standard library alone: on Linux the peak memory of a
child starts at what its parent held when it was spawned.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# ru_maxrss counts kilobytes on Linux and bytes on macOS.
MAXRSS_PER_MB = 1_000_000 if sys.platform == "darwin" else 1_000_000 / 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took.

    Attributes:
        wall_seconds: From spawn to exit.
        cpu_seconds: In user and system mode, all threads.
        peak_mb: Largest resident memory, in megabytes of 10⁶ bytes.
        exit_code: Its exit code; negative for a signal.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float
    exit_code: int


def measure(command: Sequence[str], folder: Path, *, accept: Sequence[int] = (0,)) -> Usage:
    """Run `command`; its output goes to output.txt in `folder`.

    Raises:
        RuntimeError: Its exit code is not in `accept`; the message holds the end of its output.
    """
    log = folder / "output.txt"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions: list[tuple[int, int, str, int, int] | tuple[int, int, int]] = [
        (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    start = time.perf_counter()
    child = os.posix_spawn(command[0], list(command), _environment(), file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in accept:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"exit code {code} from {' '.join(command)}\n{end}")
    return Usage(
        wall_seconds=wall,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss / MAXRSS_PER_MB,
        exit_code=code,
    )


def take_turns(runs: Mapping[str, Callable[[], Usage]], repeat: int) -> dict[str, Usage]:
    """Return the medians of `repeat` rounds of all `runs`, after one round to warm the caches.

    The runs take turns, so that a slow minute of the machine falls on all of them.
    """
    for run in runs.values():
        run()
    rounds = [{name: run() for name, run in runs.items()} for _ in range(repeat)]
    return {
        name: Usage(
            wall_seconds=statistics.median(each[name].wall_seconds for each in rounds),
            cpu_seconds=statistics.median(each[name].cpu_seconds for each in rounds),
            peak_mb=max(each[name].peak_mb for each in rounds),
            exit_code=rounds[-1][name].exit_code,
        )
        for name in runs
    }


def compare(medians: Mapping[str, Usage], bare: str) -> list[dict[str, str | float]]:
    """Return one row a run for the table; `ratio` is its wall time to that of the run `bare`."""
    return [
        {
            "name": name,
            "wall_seconds": round(usage.wall_seconds, 3),
            "cpu_seconds": round(usage.cpu_seconds, 3),
            "peak_mb": round(usage.peak_mb),
            "ratio": round(usage.wall_seconds / medians[bare].wall_seconds, 2),
        }
        for name, usage in medians.items()
    ]


def own_peak_mb() -> float:
    """Return this process's own peak memory: below it, no child's figure means anything."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MAXRSS_PER_MB


def _environment() -> dict[str, str]:
    # An installed package has its modules compiled: without, each run would compile ours anew.
    dropped = ("DQCHECK_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    # Wide enough for any line; no key, so that no tokens are computed.
    return {**kept, "COLUMNS": "120", "PYTHONWARNINGS": "ignore"}
