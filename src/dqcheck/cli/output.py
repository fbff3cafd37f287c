"""Writing results: standard output, files whole or not at all, and progress for people."""

from __future__ import annotations

__all__ = [
    "Progress",
    "is_terminal",
    "print_reports",
    "refuse_overwriting",
    "print_text",
    "surface",
]

import glob
import os
import shutil
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from dqcheck.errors import UsageError

if TYPE_CHECKING:
    from rich.status import Status

    from dqcheck.reports import ReportTarget, Surface

_PATIENCE_SECONDS = 2.0
_PIPE_WIDTH = 80


def is_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout.isatty()


def print_text(text: str) -> None:
    """Write `text` to standard output; a reader that has gone away is no fault of the run.

    Raises:
        UsageError: If it can't be written, as where the disk is full.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_pipe()
    except OSError:
        _leave_pipe()
        raise _unwritable() from None


def surface() -> Surface:
    """Return what standard output can show: its width, whether colour, which characters."""
    from dqcheck.reports import Surface

    colored = is_terminal() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns
    encoding = sys.stdout.encoding or "ascii"
    return Surface(width=width, color=colored, encoding=encoding)


def print_reports(targets: Sequence[ReportTarget], bundle: Mapping[str, Any]) -> None:
    """Write the reports that were asked for; the scorecard too, unless one takes standard output.

    The line that says the exit code and why goes to standard error where another report has
    standard output.

    Raises:
        UsageError: If a file can't be written.
    """
    from dqcheck.reports import ReportTarget, write_report
    from dqcheck.results import GateOutcome, say_exit

    taken = any(target.path is None for target in targets)
    shown = targets if taken else [*targets, ReportTarget("text", None)]
    try:
        for target in shown:
            write_report(target, bundle, stdout=sys.stdout.buffer, surface=surface())
    except BrokenPipeError:
        _leave_pipe()
    except OSError:
        _leave_pipe()
        raise _unwritable() from None
    if taken and not any(target.format == "text" and target.path is None for target in targets):
        gate = bundle["gate"]
        sys.stderr.write(say_exit(GateOutcome(gate["outcome"]), gate["reasons"]) + "\n")


def refuse_overwriting(outputs: Iterable[str | Path], inputs: Iterable[str | Path]) -> None:
    """Refuse to write over a file that is read, or twice to the same file.

    Args:
        outputs: Files to be written.
        inputs: Files and globs that are read.

    Raises:
        UsageError: Before anything is written.
    """
    read = {
        _resolve(found)
        for path in inputs
        for found in ([path] if Path(path).exists() else glob.glob(str(path), recursive=True))  # noqa: PTH207 - may be absolute
    }
    written: set[Path] = set()
    for path in outputs:
        place = _resolve(path)
        if place in read or place in written:
            why = "is read by this run" if place in read else "is written twice by this run"
            raise UsageError(f"{path} {why}: it is not overwritten", hint="name another file")
        written.add(place)


def _resolve(path: str | Path) -> Path:
    # Path.resolve raises where links run in a circle.
    return Path(os.path.realpath(path))


def _unwritable() -> UsageError:
    return UsageError("standard output can't be written", hint="is the disk full?")


def _leave_pipe() -> None:
    # Python would complain once more when it flushes at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Progress:
    """Says on standard error what is being done, once it has taken two seconds; terminals only."""

    def __init__(self) -> None:
        """Prepare; nothing is shown yet."""
        self._doing = "working"
        self._status: Status | None = None
        self._timer = threading.Timer(_PATIENCE_SECONDS, self._show)
        self._timer.daemon = True

    def __enter__(self) -> Progress:
        """Start to wait."""
        if sys.stderr.isatty():
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the line."""
        self._timer.cancel()
        if self._status is not None:
            self._status.stop()

    def __call__(self, doing: str) -> None:
        """Say that `doing` has begun."""
        self._doing = doing
        if self._status is not None:
            self._status.update(f"{doing} …")

    def _show(self) -> None:
        from rich.console import Console

        self._status = Console(stderr=True).status(f"{self._doing} …")
        self._status.start()
