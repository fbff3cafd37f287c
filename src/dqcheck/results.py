"""The words of a result: scores, verdicts, and all that a run found."""

from __future__ import annotations

__all__ = [
    "Checked",
    "DimensionScore",
    "ExportRun",
    "FailOn",
    "GateOptions",
    "GateOutcome",
    "Level",
    "NO_EXPORT",
    "Run",
    "Scorecard",
    "SlotRate",
    "UniqueWithin",
    "Verdict",
    "find_not_checked",
    "find_unit",
    "not_checked_id",
    "say_count",
    "say_exit",
    "say_failed",
    "say_path",
]

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from dqcheck.errors import DqcheckError
from dqcheck.model import (
    Binding,
    Check,
    Criticality,
    Dimension,
    Export,
    NotChecked,
    Severity,
    SlotTally,
    Tolerance,
    Validation,
)
from dqcheck.privacy import TokenKey
from dqcheck.standards.plan import ClassPlan, Plan

NO_EXPORT = "the run has no export of class"
"""How the reason begins where nothing can be said of a reference."""


class Level(StrEnum):
    """How far a feed has come, least first. There is no composite index."""

    NO_DATA = "No data"
    RECEIVED = "Received"
    READABLE = "Readable"
    MEETS_STANDARD = "Meets the standard"

    @property
    def rank(self) -> int:
        """Return 0 for the lowest level."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class SlotRate:
    """How much of one slot, or of slots that are checked against each other, is right.

    Attributes:
        slots: The slot; several for checks that read several, none for checks of the table.
        criticality: How much it weighs: the highest of its slots.
        right: Rows decided and not failing.
        checked: Rows decided, and rows rejected, which are never right. All rows of the file
            where it counts as 0.
        reason: Why it counts as 0 whatever the rows say; empty if it is measured.
    """

    slots: tuple[str, ...]
    criticality: Criticality
    right: int
    checked: int
    reason: str = ""

    @property
    def rate(self) -> float:
        """Return the share of rows that are right (0–1)."""
        return self.right / self.checked


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """One dimension of one export.

    Attributes:
        dimension: Which.
        slots: Its members, in the plan's order.
        rate: Mean of their rates weighted by criticality (0–1); None if there is none.
        reason: Why there is no rate; empty if there is one.
    """

    dimension: Dimension
    slots: tuple[SlotRate, ...]
    rate: float | None
    reason: str = ""

    @property
    def numerator(self) -> int:
        """Return the cells that are right, over all slots, unweighted."""
        return sum(slot.right for slot in self.slots)

    @property
    def denominator(self) -> int:
        """Return the cells checked, over all slots, unweighted."""
        return sum(slot.checked for slot in self.slots)

    @property
    def worst(self) -> SlotRate | None:
        """Return the slot with the lowest rate; of equals the one that weighs most."""
        return min(self.slots, key=lambda slot: (slot.rate, -slot.criticality.weight), default=None)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The measurements of one export, by dimension.

    Attributes:
        level: How far the feed has come; None where nothing can be said of it.
        why_not_next: What keeps it from the next level, in plain words.
        dimensions: All six.
        clean: Rows without a violation.
        rows: Rows of the file, rejected ones included.
        translatable: Cells that would be valid through a mapping; never counted as valid.
        tallies: One a slot.
    """

    level: Level | None
    why_not_next: tuple[str, ...]
    dimensions: tuple[DimensionScore, ...] = ()
    clean: int = 0
    rows: int = 0
    translatable: int = 0
    tallies: tuple[SlotTally, ...] = ()


class UniqueWithin(StrEnum):
    """Where identifiers and unique keys occur once.

    `run`: exports of one class in one run are one feed. `export`: each export is a feed of its
    own, such as two full copies of the same records side by side.
    """

    RUN = "run"
    EXPORT = "export"


class FailOn(StrEnum):
    """From which severity on a finding fails the gate."""

    INFO = "info"
    WARNING = "warning"
    VIOLATION = "violation"
    NEVER = "never"

    @property
    def severity(self) -> Severity:
        """Return the least severity that is mandatory.

        `never` lets no finding fail the gate, but what is mandatory must still have run.
        """
        return Severity.VIOLATION if self is FailOn.NEVER else Severity(self.value)


@dataclass(frozen=True, slots=True)
class GateOptions:
    """What the gate is asked for.

    Attributes:
        fail_on: From which severity on a finding fails the gate.
        ignored: Ids of checks (and of what was not checked) that the gate leaves aside; scores
            and levels do not.
        rejected: How many rejected rows are tolerated, of all rows of the file; none unless set.
    """

    fail_on: FailOn = FailOn.VIOLATION
    ignored: frozenset[str] = frozenset()
    rejected: Tolerance = field(default_factory=Tolerance)


class GateOutcome(StrEnum):
    """What the gate says; each has one exit code."""

    PASSED = "passed"
    FAILED = "failed"
    MISCONFIGURED = "misconfigured"
    NOT_PROVEN = "not_proven"
    INTERNAL_FAULT = "internal_fault"

    @property
    def words(self) -> str:
        """Return the outcome in plain words."""
        return {
            GateOutcome.PASSED: "gate passed",
            GateOutcome.FAILED: "gate failed on data",
            GateOutcome.MISCONFIGURED: "usage, configuration, rule or schema wrong",
            GateOutcome.NOT_PROVEN: "gate not proven",
            GateOutcome.INTERNAL_FAULT: "internal fault",
        }[self]

    @property
    def exit_code(self) -> int:
        """Return 0 to 4."""
        return list(GateOutcome).index(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a run or of one export.

    Attributes:
        outcome: The word.
        reasons: Why, in plain words, without values; never empty.
        exports: For a run, one verdict an export, in the run's order.
    """

    outcome: GateOutcome
    reasons: tuple[str, ...]
    exports: tuple[Verdict, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return the exit code the outcome calls for."""
        return self.outcome.exit_code


@dataclass(frozen=True, slots=True)
class Checked:
    """An export that was read and checked. Raw values stay inside the process.

    Attributes:
        plan: The standard.
        class_plan: The class its rows are of, with the checks of its rules.
        export: As read.
        binding: Which column stands for which slot.
        validation: What checking gave.
    """

    plan: Plan
    class_plan: ClassPlan
    export: Export
    binding: Binding
    validation: Validation


@dataclass(frozen=True, slots=True)
class ExportRun:
    """What became of one export: either `checked` or `error` is given.

    Attributes:
        path: As the user named it.
        standard: The standard's name, as far as known.
        class_name: The class, as far as known.
        scorecard: Its score, or why there is none.
        checked: What was found.
        error: Why it could not be read or checked.
    """

    path: str
    standard: str
    class_name: str
    scorecard: Scorecard
    checked: Checked | None = None
    error: DqcheckError | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run over one or several exports.

    Attributes:
        exports: In the order the user named them.
        as_of: The day the run counts from; there is no other clock.
        version: Of dqcheck.
        libraries: Versions of the libraries that decide results, by name.
        gate: What the gate was asked for.
        key: What makes key tokens; None for no tokens.
        show_values: Whether values of code slots show however rare they are.
        options: Further options worth recording, as text by name; no values of exports.
        notes: Sentences on the run as a whole, without values.
    """

    exports: tuple[ExportRun, ...]
    as_of: date
    version: str
    libraries: dict[str, str] = field(default_factory=dict)
    gate: GateOptions = field(default_factory=GateOptions)
    key: TokenKey | None = None
    show_values: bool = False
    options: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def not_checked_id(standard: str, item: NotChecked) -> str:
    """Return the id by which what was not checked can be ignored."""
    return f"{standard}.{item.slot or item.class_name}.not_checked.{item.feature}"


def find_not_checked(class_plan: ClassPlan, validation: Validation) -> tuple[NotChecked, ...]:
    """Return all that was not checked: by the plan, then what other exports could have said.

    A reference, and a rule that reads the record referred to, is not checked if the run has values
    that refer to a class, and no export of it; a key, if another export of the class can't be read.
    """
    outcomes = {found.check_id: found for found in validation.measurements}
    empty = {tally.slot for tally in validation.tallies if tally.missing == tally.rows}
    references = tuple(
        NotChecked(
            "reference", class_plan.name, reference.slot, outcomes[reference.id].reason, False
        )
        for reference in class_plan.references
        if reference.slot not in empty
        and reference.id in outcomes
        and outcomes[reference.id].reason.startswith(NO_EXPORT)
    )
    keys = tuple(
        NotChecked(
            "unique",
            class_plan.name,
            check.slot,
            "another export of the class can't be read, and the same value may stand there",
            False,
        )
        for check in validation.checks
        if (spread := outcomes[check.id].spread) is not None and not spread.complete
    )
    cross_checks = tuple(
        NotChecked(f"rule {check.id}", class_plan.name, check.slot, found.reason, False)
        for check in validation.checks
        if check.source == "cross_checks"
        and not empty.issuperset(check.slots)
        and (found := outcomes[check.id]).reason.startswith(NO_EXPORT)
    )
    return class_plan.not_checked + keys + references + cross_checks


def find_unit(check: Check) -> str:
    """Return what a check counts: `row`, `column`, `place` (of the file) or `table`."""
    if check.source == "file":
        return "place"
    if check.source == "columns":
        # An absent column has all its rows failing.
        return "row" if check.id.endswith(".column_present") else "column"
    apart = ("keys", "references", "cross_checks")
    is_of_rows = check.expression is not None or check.source in apart
    return "row" if is_of_rows else "table"


def say_failed(unit: str, failed: int, checked: int) -> str:
    """Return how much of what a check looked at failed: `2 of 59 rows`, `1 place`.

    Args:
        unit: From `find_unit`.
        failed: How many failed.
        checked: Of how many; there is no such number of places.
    """
    if unit == "table":
        return "the whole table"
    if unit == "place" or checked == failed == 1:
        return say_count(failed, unit)
    return f"{failed:,} of {say_count(checked, unit)}"


def say_path(path: str) -> str:
    """Return the path of an export as people know it."""
    return "standard input" if path == "-" else path


def say_count(number: int, noun: str) -> str:
    """Return `1 row`, `1,200 rows`: for nouns whose plural ends with s."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def say_exit(outcome: GateOutcome, reasons: Sequence[str]) -> str:
    """Return the line that every run ends with: the exit code and the first reason for it."""
    more = f" (and {say_count(len(reasons) - 1, 'more reason')})" if len(reasons) > 1 else ""
    first = " ".join(reasons[0].split()) if reasons else ""
    return f"exit {outcome.exit_code}: {outcome.words}: {first}{more}"
