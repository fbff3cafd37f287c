"""`dqcheck demo`: the pilot, from exports with known faults to what was found of them."""

from __future__ import annotations

__all__ = ["demo"]

import contextlib
import io
import shlex
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dqcheck.cli.check import check
from dqcheck.cli.output import is_terminal, print_text, surface

if TYPE_CHECKING:
    from dqcheck.demo import DemoExport, Fault

_FOUND_WIDTH = 7
_PLACE_WIDTH = 17
_WHAT_WIDTH = 57
_TEXT_INDENT = " " * (_FOUND_WIDTH + _PLACE_WIDTH)


def demo(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder to write; new, empty or an earlier demo's."),
    ] = Path("dqcheck-demo"),
    full: Annotated[
        bool, typer.Option("--full", help="Show the scorecards whole, not their beginnings.")
    ] = False,
) -> None:
    """Write three agencies' invented exports, check them, and tell which planted faults are found.

    Exit codes: 0 all faults that can be found were found, 2 the folder can't be used, 4 not all.

    Example: dqcheck demo dqcheck-demo
    """
    from dqcheck.demo import EXPORTS, prepare_folder, write_exports

    prepare_folder(folder, EXPORTS)
    write_exports(folder, EXPORTS)
    messy = sum(bool(export.faults) for export in EXPORTS)
    print_text(
        f"{folder} now holds invented exports: {len(EXPORTS) - messy} clean ones, and {messy} of a "
        "police force,\na prison and a council with faults planted in them.\n\n"
    )
    codes = [_check(folder, export, full=full) for export in EXPORTS]
    clean = all(code == 0 for code, export in zip(codes, EXPORTS, strict=True) if not export.faults)
    told = [(export, _look_up(folder, export)) for export in EXPORTS if export.faults]
    _show_faults(told)
    _show_next(folder)
    raise typer.Exit(_end(told, clean=clean))


def _check(folder: Path, export: DemoExport, *, full: bool) -> int:
    """Print the command that checks `export`, run it, print what it shows; return its code."""
    options = _command(folder, export)
    print_text(_wrap_command(options))
    code, shown = _run([word for option in options for word in option][2:])
    print_text(shown if full else _shorten(shown, until="Checks: " if export.faults else ""))
    print_text("\n")
    return code


def _command(folder: Path, export: DemoExport) -> list[list[str]]:
    """Return the command that checks `export`, each option with its value apart."""
    from dqcheck.demo import AS_OF

    command = [
        ["dqcheck", "check", str(folder / export.path)],
        ["--standard", export.standard],
        ["--as-of", AS_OF.isoformat()],
    ]
    if export.faults:
        bundle = folder / "results" / f"{export.name}.json"
        command += [
            ["--report", f"json={bundle}"],
            ["--findings", str(_findings_path(folder, export))],
        ]
    return command


def _findings_path(folder: Path, export: DemoExport) -> Path:
    return folder / "results" / f"{export.name}.csv"


def _wrap_command(options: Iterable[Sequence[str]], prompt: str = "$ ") -> str:
    """Return a command as it is typed, over several lines where it is long."""
    lines = [prompt]
    for option in map(shlex.join, options):
        # Two characters are kept for the backslash.
        if len(lines[-1]) + len(option) + 3 > surface().width and lines[-1] != prompt:
            lines.append(" " * (len(prompt) + 1))
        lines[-1] += option if lines[-1] == prompt else f" {option}"
    return " \\\n".join(lines) + "\n"


class _Screen(io.TextIOWrapper):
    """Keeps what is printed, and says of itself what standard output would."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding=sys.stdout.encoding, newline="")
        self._is_terminal = is_terminal()

    def isatty(self) -> bool:
        return self._is_terminal

    def read_all(self) -> str:
        self.flush()
        content: Any = self.buffer
        return str(content.getvalue().decode(self.encoding))


def _run(arguments: list[str]) -> tuple[int, str]:
    """Run `dqcheck check` in this process; return its exit code and what it printed."""
    app = typer.Typer(add_completion=False)
    app.command()(check)
    command = typer.main.get_command(app)
    screen = _Screen()
    with contextlib.redirect_stdout(screen):
        code = command.main(arguments, standalone_mode=False)
    return int(code or 0), screen.read_all()


def _shorten(shown: str, *, until: str) -> str:
    """Return the lines up to the one with `until` (the first empty one), and the last."""
    lines = shown.splitlines()
    ends = (number for number, line in enumerate(lines) if (until in line if until else not line))
    kept = next(ends, len(lines)) + bool(until)
    hidden = len(lines) - 1 - kept
    if hidden <= 0:
        return shown
    note = f"  {hidden} more lines: run the command, or dqcheck demo --full, to see them"
    return "\n".join([*lines[:kept], note, lines[-1]]) + "\n"


def _look_up(folder: Path, export: DemoExport) -> tuple[bool, ...]:
    """Return which faults of `export` its findings on disk hold."""
    import polars as pl

    from dqcheck.demo import find_faults

    path = _findings_path(folder, export)
    findings = pl.read_csv(
        path, columns=["check_id", "row"], schema_overrides={"row": pl.UInt32}, glob=False
    )
    return find_faults(export.faults, findings)


def _show_faults(told: Iterable[tuple[DemoExport, Sequence[bool]]]) -> None:
    """Print all faults by export and row, what became of each, and how many were found."""
    print_text("Planted faults\n")
    print_text(_place_columns("found", "place") + "what is wrong, and the check that finds it\n")
    findable = found = unseen = 0
    for export, answers in told:
        print_text(f"\n{export.path}\n")
        judged = sorted(zip(export.faults, answers, strict=True), key=lambda pair: pair[0].rows)
        for fault, is_found in judged:
            print_text(_tell(fault, is_found=is_found))
            findable += bool(fault.check)
            found += is_found
            unseen += not fault.check
    print_text(
        f"\n{found} of the {findable} faults that checks can see were found; {unseen} more need a "
        "mapping or\nanother source to be seen.\n"
    )


def _place_columns(found: str, place: str) -> str:
    return f"{found:<{_FOUND_WIDTH}}{place:<{_PLACE_WIDTH}}"


def _tell(fault: Fault, *, is_found: bool) -> str:
    answer = "yes" if is_found else "MISSED" if fault.check else "no"
    head = _place_columns(answer, _say_place(fault))
    judged = fault.check or f"not found: {fault.unseen}"
    width = surface().width
    row = f"{head}{fault.what:<{_WHAT_WIDTH}}{judged}"
    if len(row) <= width:
        return row + "\n"
    return _wrap(head, fault.what, width) + _wrap(_TEXT_INDENT, judged, width)


def _wrap(head: str, text: str, width: int) -> str:
    # Ids of checks are copied from here: they stay whole, however long.
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=_TEXT_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) + "\n"


def _say_place(fault: Fault) -> str:
    rows = fault.rows
    if not rows:
        return "file" if fault.check.startswith("file.") else "column"
    if len(rows) == 1:
        return f"row {rows[0]}"
    if rows[-1] - rows[0] + 1 == len(rows) > 2:
        return f"rows {rows[0]} to {rows[-1]}"
    if len(rows) <= 3:
        return "rows " + ", ".join(map(str, rows))
    return f"{len(rows)} rows, {rows[0]} to {rows[-1]}"


def _show_next(folder: Path) -> None:
    check_id = "person.hair_colour.permissible_value"
    worklist = [
        ["dqcheck", "worklist", str(folder / "northfolk" / "persons.csv")],
        ["--standard", "person"],
        ["--check", check_id],
        ["--output", str(folder / "results" / "hair-colours.xlsx")],
    ]
    print_text("\nWhat to try next\n")
    for why, options in (
        ("what a check means and how to put a fault right", [["dqcheck", "explain", check_id]]),
        ("the failing values, for those who may see them", worklist),
        ("what a standard asks for", [["dqcheck", "standard", "show", "person"]]),
    ):
        print_text(f"  {why}:\n{_wrap_command(options, prompt='    $ ')}")


def _end(told: Iterable[tuple[DemoExport, Sequence[bool]]], *, clean: bool) -> int:
    """Print why the run ends as it does; return the exit code."""
    complete = all(
        is_found or not fault.check
        for export, answers in told
        for fault, is_found in zip(export.faults, answers, strict=True)
    )
    if complete and clean:
        print_text("\nexit 0: the clean exports passed, and all that can be found was found\n")
        return 0
    what = "a planted fault was missed" if clean else "a clean export did not pass"
    print_text(f"\nexit 4: {what}: a fault of dqcheck itself; please report it\n")
    return 4
