"""What must hold: of rows, keys, references and whole exports."""

from __future__ import annotations

__all__ = [
    "Check",
    "Key",
    "CrossCheck",
    "NotChecked",
    "Reference",
    "TableCheck",
    "TableCheckKind",
    "Tolerance",
]

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dqcheck.model.words import Dimension, Severity


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
        purposes: The uses of the data that need it; none where every use does.
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
    purposes: tuple[str, ...] = ()


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
        when: JSON expression tree: which rows must refer to something known; None for all.
        tolerance: What is forgiven.
        message: What a dangling reference has done, in plain words.
        why: Why it matters.
        fix: How to put it right.
        source: The part of the schema or the rules file it comes from.
        authority: The published document behind it, if any.
        purposes: As `Check.purposes`.
    """

    id: str
    slot: str
    target_class: str
    target_slot: str
    severity: Severity
    title: str
    when: Any = None
    tolerance: Tolerance = Tolerance()
    message: str = ""
    why: str = ""
    fix: str = ""
    source: str = ""
    authority: str = ""
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """A check of rows that reads the record of another class which each row refers to.

    Attributes:
        check: The check. Its expression reads slots of the other record as `name.slot`.
        name: What the expression calls the other record.
        by: The slot of the row that refers to it.
        target_class: Its class; records of subclasses count as well.
        target_slot: Its identifier.
    """

    check: Check
    name: str
    by: str
    target_class: str
    target_slot: str

    @property
    def id(self) -> str:
        """Return the id of the check."""
        return self.check.id

    @property
    def target_slots(self) -> tuple[str, ...]:
        """Return the slots of the other record that the check reads, sorted."""
        start = f"{self.name}."
        return tuple(s.removeprefix(start) for s in self.check.slots if s.startswith(start))


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
        purposes: As `Check.purposes`.
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
    purposes: tuple[str, ...] = ()


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
