"""The folder of examples of a standard: rows that pass, rows that fail, what is found in them."""

from __future__ import annotations

__all__ = ["write_examples"]

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from dqcheck.errors import Place, UsageError
from dqcheck.privacy import safe_path
from dqcheck.publish.examples import AS_OF, Examples, make_examples, write_rows
from dqcheck.standards.plan import ClassPlan, Plan
from dqcheck.store.files import write_file

_NOTE = "README.txt"
_MARK = "Written by dqcheck standard examples."
_ABOUT = """\
{mark} All persons, vehicles and places in here are invented.

Standard: {name} {version}

valid/CLASS.csv            rows that fulfil the standard: the check ends in exit code 0
faulty/CLASS.csv           rows with one fault each
faulty/CLASS.expected.csv  what is found in them: row (the header is 1), the check the row is there
                           for, and each check that it fails

{commands}
{left_out}"""
_EXPECTED = ("row", "made_for", "check_id")


def write_examples(
    plan: Plan,
    classes: Sequence[ClassPlan],
    folder: Path,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[str, ...]:
    """Write the examples of classes into `folder`; the same bytes every time.

    Args:
        plan: The standard.
        classes: Its classes.
        folder: Is made if it is not there; else it must be empty or of an earlier time.
        progress: Called with what is being done, in a few words.

    Returns:
        The ids of checks for which no failing row was found.

    Raises:
        UsageError: If it can't be written there, or something else is there.
    """
    _prepare(folder)
    commands: list[str] = []
    left_out: list[str] = []
    for one in classes:
        progress(f"making rows of {one.name}")
        found = make_examples(plan, one)
        left_out += found.left_out
        valid, faulty = folder / "valid" / f"{one.name}.csv", folder / "faulty" / f"{one.name}.csv"
        _write(valid, write_rows(found.columns, found.valid))
        _write(faulty, write_rows(found.columns, (fault.row for fault in found.faulty)))
        _write(faulty.with_suffix(".expected.csv"), _expect(found))
        commands += (_command(plan, one, file.relative_to(folder)) for file in (valid, faulty))
    told = "".join(f"  {check_id}\n" for check_id in left_out)
    about = _ABOUT.format(
        mark=_MARK,
        name=plan.name,
        version=plan.version,
        commands="\n".join(commands),
        left_out=f"\nNo row was found that breaks:\n{told}" if told else "",
    )
    _write(folder / _NOTE, about)
    return tuple(left_out)


def _prepare(folder: Path) -> None:
    try:
        others = [item.name for item in folder.iterdir()] if folder.exists() else []
        note = folder / _NOTE
        ours = note.is_file() and note.read_text(encoding="utf-8").startswith(_MARK)
        if others and not ours:
            raise UsageError(
                "the examples are not written into a folder that holds other files",
                place=Place(safe_path(folder)),
                hint="name a new folder, or an empty one",
            )
        for name in ("valid", "faulty"):
            (folder / name).mkdir(parents=True, exist_ok=True)
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "the folder can't be made or read", place=Place(safe_path(folder))
        ) from None


def _write(file: Path, text: str) -> None:
    write_file(file, text.encode())


def _expect(found: Examples) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_EXPECTED)
    writer.writerows(
        (row, fault.check_id, check_id)
        for row, fault in enumerate(found.faulty, start=2)
        for check_id in fault.failing
    )
    return out.getvalue()


def _command(plan: Plan, one: ClassPlan, file: Path) -> str:
    named = f"--standard {plan.name}@{plan.version}"
    if plan.source != "packaged":
        named = f"--schema {plan.source}"
    return f"dqcheck check {file.as_posix()} {named} --class {one.name} --as-of {AS_OF}"
