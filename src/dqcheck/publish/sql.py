"""A standard as SQL tables, by LinkML's generator."""

from __future__ import annotations

__all__ = ["write"]

from pathlib import Path

from dqcheck.publish.losses import head_lines, state_losses
from dqcheck.standards.generate import generate_sql
from dqcheck.standards.plan import Plan
from dqcheck.store.files import write_file

_CARRIED = frozenset({"required", "list", "single_value", "unique", "unique_key", "reference"})


def write(plan: Plan, out: Path) -> tuple[str, ...]:
    """Write `plan` to the file `out`, in SQLite's dialect.

    Returns:
        What the tables can't say, a sentence each; they stand as comments in the file too.

    Raises:
        UsageError: If it can't be written.
    """
    losses = [
        "types are declared in SQLite's words, and SQLite does not hold values to them",
        "SQLite holds references only after PRAGMA foreign_keys = ON",
        "slots with several values have a table of their own",
        *state_losses(plan, _CARRIED),
    ]
    text = "".join(f"-- {line}\n" for line in head_lines(plan, losses)) + "\n" + generate_sql(plan)
    write_file(out, text.encode())
    return tuple(losses)
