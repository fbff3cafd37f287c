"""What checking gave."""

from __future__ import annotations

__all__ = ["Measurement", "SlotTally", "SlotUnion", "Spread", "Validation"]

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dqcheck.model.checks import Check
from dqcheck.model.words import Dimension, Outcome

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the keys of the failing rows of a uniqueness check stand again.

    Attributes:
        within: Rows whose key stands again in the same export.
        across: Rows whose key stands in another export of the run too; a row may be both.
        complete: Whether all exports that it could stand in were read.
    """

    within: int
    across: int
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Measurement:
    """One check on one export (W3C Data Quality Vocabulary).

    Of the rows read, `checked` were decided, of which `failed` failed; `unknown` could not be
    decided; of the rest the check has nothing to say.

    Attributes:
        check_id: The check.
        outcome: Passed if none failed or the tolerance forgives.
        checked: Rows decided.
        failed: Rows failed.
        unknown: Rows that could not be decided.
        reason: Why it is in error, not applicable or not assessed, or more of what was found.
        spread: For keys, where they stand again.
    """

    check_id: str
    outcome: Outcome
    checked: int = 0
    failed: int = 0
    unknown: int = 0
    reason: str = ""
    spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class SlotTally:
    """What the cells of one slot are, over all rows read.

    For slots with a code list the first five add up to `rows` (NHS VODIM); for others `other`
    and `default` are 0 and `invalid` counts the cells with a violation.

    Attributes:
        slot: The slot's name.
        rows: Rows read.
        valid: Cells with an acceptable value.
        other: Cells with a code for a real value outside the list.
        default: Cells with an unknown code.
        invalid: Cells with a value that is not acceptable.
        missing: Cells without a value.
        translatable: Of the invalid ones, those that equal a code, title or alias but for case,
            space or spelling: never valid without a mapping.
        violating: Rows with at least one violation on this slot, counted once.
    """

    slot: str
    rows: int
    valid: int
    other: int
    default: int
    invalid: int
    missing: int
    translatable: int
    violating: int


@dataclass(frozen=True, slots=True)
class SlotUnion:
    """What the checks of rows that read the same slots say together, each row counted once.

    It covers the checks of one group of `scoring.group_checks` that are expressions.

    Attributes:
        slots: The slots they read, sorted.
        dimension: Their dimension.
        checked: Rows that at least one of them decided.
        failed: Rows that at least one of them failed.
    """

    slots: tuple[str, ...]
    dimension: Dimension
    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class Validation:
    """What checking one export against one class gave. Raw values stay inside the process.

    Attributes:
        checks: Everything that was measured, in the plan's order: checks of rows, keys,
            references, columns and the file. Those that are no expression over a row have None
            for `expression`.
        measurements: One a check, in the same order.
        tallies: One a slot, in the plan's order.
        clean: Rows without a violation.
        failing: One row a failing cell, by row, then check: `row` (UInt32, null for faults of a
            column or of the file), `line` (UInt32, null), `column` (UInt32 position, null),
            `slot` (String, null), `check` (String), `value` (String, raw, null; internal only),
            `key` (String, the business key as text, null; internal only).
        shapes: The commonest shapes of failing values, at most 10 a check: `check`, `slot`,
            `shape` (String), `count` (UInt32).
        codes: The commonest values that are in no code list, at most 50 a slot: `slot`, `value`
            (raw; internal only), `rows` (UInt32), `keys` (UInt32, distinct business keys, or
            rows where there is no key).
        unions: One a group of `scoring.group_checks` with several checks of rows; without it
            their failing rows are added up, so that a rate is never flattered.
    """

    checks: tuple[Check, ...]
    measurements: tuple[Measurement, ...]
    tallies: tuple[SlotTally, ...]
    clean: int
    failing: pl.LazyFrame = field(repr=False)
    shapes: pl.DataFrame = field(repr=False)
    codes: pl.DataFrame = field(repr=False)
    unions: tuple[SlotUnion, ...] = ()
