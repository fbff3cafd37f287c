"""The words of dqcheck: what passes between its parts.

Everything here is a frozen value of the standard library. Rows live in Polars frames, whose
columns are stated where they pass.
"""

from __future__ import annotations

__all__ = [
    "Binding",
    "Check",
    "CheckKind",
    "Column",
    "Criticality",
    "Dimension",
    "Export",
    "Key",
    "Kind",
    "Match",
    "Measurement",
    "NotChecked",
    "Outcome",
    "Privacy",
    "Reference",
    "Severity",
    "SlotTally",
    "SlotUnion",
    "TableCheck",
    "TableCheckKind",
    "Tolerance",
    "Validation",
    "items_column",
    "kind_column",
]

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


class Dimension(StrEnum):
    """The six dimensions of the UK Government Data Quality Framework (2020)."""

    COMPLETENESS = "completeness"
    UNIQUENESS = "uniqueness"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    VALIDITY = "validity"
    ACCURACY = "accuracy"


class Severity(StrEnum):
    """How bad a finding is, least first (SHACL's three severities)."""

    INFO = "info"
    WARNING = "warning"
    VIOLATION = "violation"

    @property
    def rank(self) -> int:
        """Return 0 for info, 1 for warning, 2 for violation."""
        return list(Severity).index(self)


class Outcome(StrEnum):
    """What became of a check (OHDSI Data Quality Dashboard's words)."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


class Privacy(StrEnum):
    """The privacy class of a slot; what is unclassified is `direct`, save enum ranges: `code`."""

    DIRECT = "direct"
    QUASI = "quasi"
    SENSITIVE = "sensitive"
    FREE_TEXT = "free_text"
    CODE = "code"
    NONE = "none"


class Criticality(StrEnum):
    """How much a slot weighs in a dimension's rate: 4, 2 and 1."""

    CRITICAL = "critical"
    IMPORTANT = "important"
    OTHER = "other"

    @property
    def weight(self) -> int:
        """Return 4, 2 or 1."""
        return {"critical": 4, "important": 2, "other": 1}[self.value]


class Kind(IntEnum):
    """The physical kind of a cell, where the format has one (JSON, Parquet, Excel)."""

    NULL = 0
    TEXT = 1
    NUMBER = 2
    BOOLEAN = 3
    DATE = 4
    DATETIME = 5
    TIME = 6
    ERROR = 7
    LIST = 8
    OBJECT = 9


def kind_column(name: str) -> str:
    """Return the name of the frame column that holds the kinds of column `name` (UInt8)."""
    return f"{name}\x1fkind"


def items_column(name: str) -> str:
    """Return the name of the frame column that holds the lists of column `name`.

    Its dtype is List(Struct{text: String, kind: UInt8}); null where the cell is no list.
    """
    return f"{name}\x1fitems"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export as sent.

    Attributes:
        position: 1 for the first.
        header: The header as found, trimmed; empty if it has none.
        name: Its name in `Export.frame`: `c1`, `c2`, …
    """

    position: int
    header: str
    name: str


@dataclass(frozen=True, slots=True)
class Export:
    """An agency's table as sent, every value as text.

    Attributes:
        path: As the user named it; control characters removed.
        format: csv, tsv, xlsx, xls, ods, parquet, json, jsonl, frame or records.
        columns: In the order of the file.
        frame: One row a record. `row` (UInt32): the record number a spreadsheet shows, where the
            header is 1, so that the first record of a plain file is 2. For each column `c1` …
            (String, null where empty). Where `strict_kinds`: also `kind_column("c1")` (UInt8, a
            `Kind`) and, for columns that hold lists, `items_column("c1")`.
        strict_kinds: Whether the format tells 5 from "5" (JSON, typed frames): the type checks
            then look at the kind. False for CSV and Excel.
        lines: Physical lines of records: from record number `row` on, `line` + (record − row).
            Columns `row` (UInt32), `line` (UInt32), sorted. None where the format has no lines.
        sheet: The sheet's name in a workbook.
        rows_read: Records in `frame`.
        rows_rejected: Records of the file that are not in `frame`; each has a fault.
        faults: What is physically wrong, one row a place: `check` (String, `file.ragged_row` …),
            `severity` (String), `row` (UInt32, null if unknown), `line` (UInt32, null),
            `column` (UInt32 position, null), `detail` (String; plain words with counts and
            shapes, never a value).
        layout: How the file was read: encoding, delimiter, header row, skipped rows, and the like.
        notes: Sentences for the steward, such as the title rows that were skipped.
        sha256: Of the bytes of the file; empty for frames and records.
        headers_trusted: False where the first row looks like data: headers then print as shapes.
    """

    path: str
    format: str
    columns: tuple[Column, ...]
    frame: pl.LazyFrame
    faults: pl.DataFrame
    rows_read: int
    rows_rejected: int = 0
    strict_kinds: bool = False
    lines: pl.DataFrame | None = None
    sheet: str | None = None
    layout: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sha256: str = ""
    headers_trusted: bool = True


class CheckKind(StrEnum):
    """Where a check comes from; it decides the pass in which it runs."""

    ROW = "row"
    KEY = "key"
    REFERENCE = "reference"
    COLUMN = "column"
    FILE = "file"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many failing rows a check forgives: a count, a share (0–1) of the rows checked, or both.

    Both given, both must hold. The findings stay; only the outcome changes.
    """

    count: int | None = None
    share: float | None = None

    def forgives(self, failed: int, checked: int) -> bool:
        """Return whether `failed` of `checked` rows are within the tolerance."""
        if failed == 0:
            return True
        if self.count is None and self.share is None:
            return False
        within_count = self.count is None or failed <= self.count
        within_share = self.share is None or (checked > 0 and failed / checked <= self.share)
        return within_count and within_share


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold of each row of a class.

    Attributes:
        id: `<standard>.<slot or class>.<kind>`, unique, never reused.
        slot: The slot the finding hangs on; None for a check of the whole row.
        slots: All slots the expression reads, sorted.
        dimension: What it measures.
        severity: How bad a failure is.
        expression: JSON expression tree (see `dqcheck.expressions`): true holds, false fails,
            null says nothing (missing, or an operand could not be read).
        applies: JSON expression tree, never null: where it is true and `expression` is null the
            row is *unknown*; where it is false the check has nothing to say.
        title: What it demands, in plain words.
        message: What a failing row has done, in plain words.
        why: Why it matters.
        fix: How to put it right.
        source: The part of the schema or the rules file it comes from.
        authority: The published document behind it, if any.
        tolerance: What is forgiven.
    """

    id: str
    slot: str | None
    slots: tuple[str, ...]
    dimension: Dimension
    severity: Severity
    expression: Any
    applies: Any
    title: str
    message: str = ""
    why: str = ""
    fix: str = ""
    source: str = ""
    authority: str = ""
    tolerance: Tolerance = Tolerance()


@dataclass(frozen=True, slots=True)
class Key:
    """Slots whose values together may occur once.

    Attributes:
        id: As `Check.id`.
        slots: The slots of the key.
        primary: Whether it is the identifier or key of the class: the business key of findings.
        nulls_distinct: Whether rows with a missing part never collide (LinkML's
            `consider_nulls_inequal`). If not, two rows with the same part missing collide.
        severity: How bad a duplicate is.
        title: In plain words.
    """

    id: str
    slots: tuple[str, ...]
    primary: bool
    nulls_distinct: bool
    severity: Severity
    title: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A slot whose values must be identifiers of rows of another class.

    Attributes:
        id: As `Check.id`.
        slot: The referring slot.
        target_class: The class referred to; rows of its subclasses count as well.
        target_slot: Its identifier.
        severity: How bad a dangling reference is.
        title: In plain words.
        message: What a dangling reference has done, in plain words.
        why: Why it matters.
        fix: How to put it right.
        source: The part of the schema or the rules file it comes from.
        authority: The published document behind it, if any.
    """

    id: str
    slot: str
    target_class: str
    target_slot: str
    severity: Severity
    title: str
    message: str = ""
    why: str = ""
    fix: str = ""
    source: str = ""
    authority: str = ""


class TableCheckKind(StrEnum):
    """What a table check looks at."""

    ROW_COUNT = "row_count"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class TableCheck:
    """One thing that must hold of an export as a whole: one verdict, no failing rows.

    Attributes:
        id: As `Check.id`.
        kind: `row_count` (rows within bounds) or `newest` (the latest date of a slot is no older
            than a number of days).
        slot: The date slot of `newest`; None for `row_count`.
        dimension: What it measures.
        severity: How bad a failure is.
        minimum: Fewest rows, for `row_count`.
        maximum: Most rows, for `row_count`.
        max_age_days: Days from the latest date to the run's `as_of`, for `newest`.
        type: The built-in LinkML type of the slot, for `newest`.
        title: What it demands, in plain words.
        message: What is wrong if it fails, in plain words.
        why: Why it matters.
        fix: How to put it right.
        source: The part of the rules file it comes from.
        authority: The published document behind it, if any.
    """

    id: str
    kind: TableCheckKind
    slot: str | None
    dimension: Dimension
    severity: Severity
    minimum: int | None = None
    maximum: int | None = None
    max_age_days: int | None = None
    type: str = ""
    title: str = ""
    message: str = ""
    why: str = ""
    fix: str = ""
    source: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A feature of the schema that the result does not cover, so that nothing is silent.

    Attributes:
        feature: The metaslot or rule, such as `pattern`.
        class_name: The class it stands on.
        slot: The slot, or None.
        reason: Why, in plain words.
        mandatory: Whether nothing is proven without it. False where it says something only of
            data that the run does not have, such as records of another class.
    """

    feature: str
    class_name: str
    slot: str | None
    reason: str
    mandatory: bool = True


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
        reason: Why it is in error, not applicable or not assessed.
    """

    check_id: str
    outcome: Outcome
    checked: int = 0
    failed: int = 0
    unknown: int = 0
    reason: str = ""


class Match(StrEnum):
    """How a header came to its slot; only `exact` is what the standard asks for."""

    EXACT = "exact"
    CASE = "case"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Binding:
    """Which column of an export stands for which slot of a class.

    Attributes:
        slots: Slot name to column and how it matched.
        absent: Slots of the class with no column.
        unknown: Columns that are no slot, with the nearest slot names as suggestions.
    """

    slots: dict[str, tuple[Column, Match]]
    absent: tuple[str, ...]
    unknown: tuple[tuple[Column, tuple[str, ...]], ...]


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
    failing: pl.LazyFrame
    shapes: pl.DataFrame
    codes: pl.DataFrame
    unions: tuple[SlotUnion, ...] = ()
