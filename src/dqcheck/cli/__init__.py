"""The command line: one file per verb."""

from __future__ import annotations

__all__ = ["app", "main"]

import atexit
import gc
import sys
import traceback
from contextlib import suppress
from types import TracebackType
from typing import Annotated

import typer

from dqcheck import __version__
from dqcheck.cli.check import check
from dqcheck.cli.demo import demo
from dqcheck.cli.diff import diff
from dqcheck.cli.explain import explain
from dqcheck.cli.rules import app as rules
from dqcheck.cli.schema import app as schema
from dqcheck.cli.standard import app as standard
from dqcheck.cli.worklist import worklist
from dqcheck.errors import DqcheckError

_GARBAGE_AT = 100_000
_USAGE = 2
# 128 and the number of the signal, as shells have it.
_STOPPED = {129: "the terminal hung up", 130: "interrupted", 143: "ended by the system"}

app = typer.Typer(
    name="dqcheck",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check")(check)
app.command("demo")(demo)
app.command("diff")(diff)
app.command("explain")(explain)
app.command("worklist")(worklist)
app.add_typer(standard, name="standard")
app.add_typer(rules, name="rules")
app.add_typer(schema, name="schema")


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"dqcheck {__version__}")
        raise typer.Exit


@app.callback()
def _dqcheck(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Check agencies' exports against shared data standards.

    Example: dqcheck check persons.csv --standard person

    Exit codes: 0 passed, 1 failed on data, 2 usage or configuration wrong, 3 not proven (nothing
    readable, or a mandatory check could not run), 4 a fault of dqcheck itself.
    """


def main() -> None:
    """Run the command line; every fault ends in one line saying what it was."""
    from dqcheck.store.signals import leave_on_signals

    leave_on_signals()
    # What the libraries load stays to the end. Looking through all of it for garbage, again and
    # again and once more at exit, took a quarter of a small run.
    gc.set_threshold(_GARBAGE_AT)
    atexit.register(_leave_garbage)
    try:
        app()
    except DqcheckError as error:
        _end(error.exit_code, str(error), error.message)
    except SystemExit as stop:
        if stop.code in _STOPPED:
            sys.stderr.write(f"exit {stop.code}: {_STOPPED[stop.code]}; no partial file is left\n")
        # Commands end by typer's Exit, having said why; only typer's own refusals end otherwise.
        if stop.code == _USAGE and type(stop.__context__).__name__ != "Exit":
            sys.stderr.write(f"exit {_USAGE}: usage, see above\n")
        raise
    except BaseException as error:  # noqa: BLE001 - Polars' PanicException is no Exception
        # The text of an exception may quote values, so only its type and place are shown.
        place = _place(error.__traceback__)
        found = f"a fault of dqcheck itself: {type(error).__name__} at {place}"
        _end(4, found, "please report it with the line above")


def _leave_garbage() -> None:
    # duckdb's binding writes to standard error what it finds left over.
    if "duckdb" not in sys.modules:
        gc.freeze()


def _end(code: int, message: str, reason: str) -> None:
    from dqcheck.results import GateOutcome, say_exit

    with suppress(BrokenPipeError):
        sys.stderr.write(f"error: {message}\n")
        sys.stderr.write(say_exit(list(GateOutcome)[code], [reason]) + "\n")
    raise SystemExit(code)


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if "dqcheck" in frame.filename] or frames
    if not own:
        return "an unknown place"
    last = own[-1]
    name = last.filename.replace("\\", "/").rpartition("/dqcheck/")[2]
    return f"{name}:{last.lineno}"
