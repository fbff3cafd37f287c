"""Reports: from the run bundle to bytes, one file a report."""

from __future__ import annotations

__all__ = ["REPORTS", "ReportTarget", "Surface", "parse_report_option", "render", "write_report"]

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from dqcheck.errors import UsageError

REPORTS = {
    "json": "dqcheck.reports.json:render",
    "text": "dqcheck.reports.text:render",
}
"""Where the function of each report is: bundle and surface to bytes."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What a report is shown on; the default is a file or a pipe.

    Attributes:
        width: Characters a line.
        color: Whether it shows colour. No report says anything by colour alone.
        encoding: What it can show; other characters are written in ASCII.
    """

    width: int = 80
    color: bool = False
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class ReportTarget:
    """One report that was asked for.

    Attributes:
        format: A key of `REPORTS`.
        path: Where to; None for standard output.
    """

    format: str
    path: Path | None


def parse_report_option(text: str) -> ReportTarget:
    """Return the target written as `FORMAT=PATH` or `FORMAT`; `-` or no path is standard output.

    Raises:
        UsageError: If there is no such format.
    """
    name, _, path = text.partition("=")
    if name not in REPORTS:
        near = difflib.get_close_matches(name, REPORTS, n=1)
        raise UsageError(
            f"there is no report {name!r}",
            found=f"--report {text}",
            hint=(f"did you mean {near[0]!r}? " if near else "") + f"choose {', '.join(REPORTS)}",
        )
    return ReportTarget(name, None if path in {"", "-"} else Path(path))


def render(name: str, bundle: Mapping[str, Any], surface: Surface | None = None) -> bytes:
    """Return the report `name` (a key of `REPORTS`) of a run bundle."""
    module, _, function = REPORTS[name].partition(":")
    report: Callable[[Mapping[str, Any], Surface], bytes]
    report = getattr(import_module(module), function)
    return report(bundle, surface or Surface())


def write_report(
    target: ReportTarget, bundle: Mapping[str, Any], *, stdout: BinaryIO, surface: Surface
) -> None:
    """Write one report: to its file, whole or not at all, or to `stdout` as `surface` shows it.

    Raises:
        UsageError: If the file can't be written.
    """
    if target.path is None:
        stdout.write(render(target.format, bundle, surface))
        stdout.flush()
        return
    from dqcheck.store.files import write_file

    write_file(target.path, render(target.format, bundle))
