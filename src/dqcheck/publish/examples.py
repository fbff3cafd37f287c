"""Rows that fulfil a standard, and rows with one fault a check, made from the standard itself.

Nothing is taken for granted: every row is checked against the standard, and only rows of which the
checks say what they should are kept. The values come from the standard's own examples, which are
fictitious, and from its code lists.
"""

from __future__ import annotations

__all__ = ["AS_OF", "Examples", "Fault", "make_examples"]

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from dqcheck.assess import Options, Target, assess
from dqcheck.checks.rulebook import failing_cells
from dqcheck.engines import collect
from dqcheck.expressions.identifiers import DUMMIES, KINDS
from dqcheck.model import Check, Severity
from dqcheck.results import ExportRun
from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan

AS_OF = date(2026, 11, 30)
"""The day the examples count as checked on."""

_CODES_SHOWN = 40
_STEPS = 40
_MOST_WRONG = 20_000
_WEIGHTS = {Severity.VIOLATION: 10_000, Severity.WARNING: 100, Severity.INFO: 1}
_UNSOUND = _WEIGHTS[Severity.WARNING]
# What people put where it does not belong, and what is just out of bounds.
_WRONG = (
    "?", "x", "0", "-1", "1", "-999", "999999999999", "0.123456789", "1.5", "not known",
    "2999-01-01", "1801-01-01", "31/02/2020", "2999-01-01T00:00:00", "1801-01-01T00:00:00",
    "A" * 300, "A" * 5000, "ZZ99 9ZZ", "0000000000", "1111111111", "true",
)  # fmt: skip

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that breaks a check.

    Attributes:
        row: The row.
        check_id: The check it is there for.
        failing: All checks that it fails among the rows with faults, that one included, sorted.
    """

    row: Row
    check_id: str
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows of a class.

    Attributes:
        columns: The columns, in the standard's order.
        valid: Rows without a violation or warning, but that values of test ranges are dummies.
        faulty: Rows with one fault each, in the order of the checks; two for a repeated key.
        left_out: Checks of rows that no row was found to break, but those that no text can break.
    """

    columns: tuple[str, ...]
    valid: tuple[Row, ...]
    faulty: tuple[Fault, ...]
    left_out: tuple[str, ...]


def make_examples(plan: Plan, class_plan: ClassPlan) -> Examples:
    """Return rows that fulfil the standard, and rows that break its checks one by one.

    Args:
        plan: The standard.
        class_plan: The class of the rows.
    """
    maker = _Maker(plan, class_plan)
    base = maker.settle(maker.fill())
    least = maker.settle(maker.fill(required_only=True))
    valid = maker.keep_sound([base, least, *maker.vary(base)]) or maker.keep_sound([base])
    lone = maker.without_keys(base)
    lone = lone if maker.keep_sound([lone]) else base
    faults = [*maker.break_each(lone, least), *maker.repeat(lone)]
    # As they stand together in one file they may break keys as well.
    rows = [row for row, _ in faults]
    together = maker.ask(rows, keys=True)
    faulty = tuple(
        Fault(row, check_id, tuple(sorted(failing)))
        for (row, check_id), failing in zip(faults, together, strict=True)
    )
    found = {fault.check_id for fault in faulty}
    left_out = tuple(check_id for check_id in maker.breakable if check_id not in found)
    return Examples(maker.columns, tuple(valid), faulty, left_out)


class _Maker:
    """Makes rows of one class, and asks the standard about them."""

    def __init__(self, plan: Plan, class_plan: ClassPlan) -> None:
        self.plan = plan
        self.class_plan = class_plan
        self.slots = {slot.column: slot for slot in class_plan.slots}
        self.columns = tuple(self.slots)
        self.named = {slot.name: slot.column for slot in class_plan.slots}
        self.severities: dict[str, Severity] = {}
        self.breakable: list[str] = []
        self.read: dict[str, tuple[str, ...]] = {}

    # --- asking

    def ask(self, rows: Sequence[Row], *, keys: bool = False) -> list[set[str]]:
        """Return the ids of the checks of rows that each row fails; with `keys`, of keys too."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows.csv"
            file.write_text(write_rows(self.columns, rows), encoding="utf-8", newline="")
            run = assess_file(self.plan, self.class_plan, file)
            failing: list[set[str]] = [set() for _ in rows]
            if run.checked is None:
                return failing
            validation = run.checked.validation
            checks = [check for check in validation.checks if check.expression is not None]
            self.severities = {check.id: check.severity for check in validation.checks}
            self.breakable = [check.id for check in checks if not self.is_vacuous(check)]
            counted = {check.id for check in (validation.checks if keys else checks)}
            self.read = {
                check.id: tuple(self.named[slot] for slot in check.slots if slot in self.named)
                for check in checks
            }
            found = collect(validation.failing.select("row", "check"))
        for row, check_id in found.iter_rows():
            if row is not None and check_id in counted:
                failing[row - 2].add(check_id)
        return failing

    def is_vacuous(self, check: Check) -> bool:
        """Return whether no cell of a table of text can fail the check."""
        kind = check.id.rpartition(".")[2]
        slot = self.class_plan.slot(check.slot or "")
        of_text = slot is not None and slot.type == "string" and kind == "type"
        return of_text or kind in ("list", "single_value")

    def weigh(self, failing: Iterable[str]) -> int:
        """Return how far a row is from being right."""
        # Values of test ranges are dummies, and what examples are made of.
        return sum(
            1 if check_id.endswith(".not_dummy") else _WEIGHTS[self.severities[check_id]]
            for check_id in failing
        )

    # --- rows that are right

    def fill(self, *, required_only: bool = False) -> Row:
        """Return a row of examples and first codes, right or not."""
        return {
            column: values[0]
            for column, slot in self.slots.items()
            if (slot.required or not required_only) and (values := self.values(slot))
        }

    def values(self, slot: SlotPlan) -> list[str]:
        """Return values that the standard gives as examples, and its active codes."""
        codes = [
            value.code
            for value in (self.plan.enums[slot.enum].values if slot.enum else ())
            if value.status == "active" and value.role == "valid"
        ]
        examples = [text for text in slot.examples if not codes or text in codes]
        return list(dict.fromkeys([*examples, *codes[:_CODES_SHOWN]]))

    def settle(self, row: Row) -> Row:
        """Return `row` with as little taken out or put in as makes it right, as far as found."""
        (failing,) = self.ask([row])
        for _ in range(_STEPS):
            if not self.weigh(failing):
                break
            others = list(self.neighbours(row, failing))
            if not others:
                break
            judged = zip(others, self.ask(others), strict=True)
            best, still = min(judged, key=lambda pair: self.weigh(pair[1]))
            if self.weigh(still) >= self.weigh(failing):
                break
            row, failing = best, still
        return row

    def neighbours(self, row: Row, failing: Iterable[str]) -> Iterator[Row]:
        """Yield rows with another value, or none, in one of the columns that the checks read."""
        columns = {column for check_id in sorted(failing) for column in self.read[check_id]}
        for column in sorted(columns, key=self.columns.index):
            for value in self.values(self.slots[column]):
                if row.get(column) != value:
                    yield {**row, column: value}
            if column in row and not self.slots[column].required:
                yield {name: text for name, text in row.items() if name != column}

    def keep_sound(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows without a violation or warning, with identifiers of their own."""
        numbered = self.number({tuple(sorted(row.items())): row for row in rows}.values())
        judged = zip(numbered, self.ask(numbered, keys=True), strict=True)
        return [row for row, failing in judged if self.weigh(failing) < _UNSOUND]

    def without_keys(self, row: Row) -> Row:
        """Return `row` without what must be different in each row, but the identifier."""
        keyed = {self.named[slot] for key in self.class_plan.keys for slot in key.slots}
        return {
            column: text
            for column, text in row.items()
            if column not in keyed or self.is_id(column) or self.slots[column].required
        }

    def vary(self, base: Row) -> Iterator[Row]:
        """Yield rows with other codes and examples, all columns at a time and one by one."""
        alone = self.without_keys(base)
        free = {
            column: values
            for column in alone
            if not self.is_id(column) and (values := self.values(self.slots[column]))
        }
        for number in range(1, max(map(len, free.values()), default=0)):
            yield alone | {column: values[number % len(values)] for column, values in free.items()}
        for column, values in free.items():
            yield from ({**alone, column: value} for value in values[1:] if column in alone)

    def is_id(self, column: str) -> bool:
        """Return whether the column is the identifier."""
        return self.slots[column].identifier

    def number(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows with identifiers that are all different."""
        return [
            {
                column: _number(text, place) if self.is_id(column) else text
                for column, text in row.items()
            }
            for place, row in enumerate(rows, start=1)
        ]

    # --- rows that are wrong

    def break_each(self, base: Row, least: Row) -> list[tuple[Row, str]]:
        """Return for each check of rows the row that breaks it, and as little else as can be."""
        rows = list(islice(self.wrong(base, least), _MOST_WRONG))
        best: dict[str, tuple[tuple[int, int], Row]] = {}
        for place, (row, failing) in enumerate(zip(rows, self.ask(rows), strict=True)):
            for check_id in failing:
                rank = (self.weigh(failing) - _WEIGHTS[self.severities[check_id]], place)
                if check_id not in best or rank < best[check_id][0]:
                    best[check_id] = rank, row
        found = [one for one in self.breakable if one in best]
        numbered = self.number(best[one][1] for one in found)
        # What is wrong with an identifier must stay wrong.
        return [
            (best[one][1] if any(map(self.is_id, self.read[one])) else row, one)
            for row, one in zip(numbered, found, strict=True)
        ]

    def repeat(self, base: Row) -> Iterator[tuple[Row, str]]:
        """Yield two rows with one identifier."""
        for key in self.class_plan.keys:
            if key.primary:
                twin = {
                    column: _number(text, 0) if self.is_id(column) else text
                    for column, text in base.items()
                }
                yield from ((twin, key.id), (twin, key.id))

    def wrong(self, base: Row, least: Row) -> Iterator[Row]:
        """Yield rows with one thing wrong: what the rules say is wrong, then what people send."""
        bare = self.fill(required_only=True)
        for cells in failing_cells(self.plan).values():
            for one in cells:
                yield from ({**row, **self.as_row(one)} for row in (bare, least, base))
        for column, text in self.wrong_identifiers():
            yield {**base, column: text}
        yield bare
        for row in (least, base):
            for column in self.columns:
                yield {name: text for name, text in row.items() if name != column}
        for column, slot in self.slots.items():
            retired = [
                value.code
                for value in (self.plan.enums[slot.enum].values if slot.enum else ())
                if value.status == "retired"
            ]
            delimiter = slot.delimiter if slot.multivalued else ""
            example = next(iter(self.values(slot)), "")
            for text in (*retired[:1], *_WRONG, *_spoil(example, delimiter)):
                yield {**base, column: text}

    def wrong_identifiers(self) -> Iterator[tuple[str, str]]:
        """Yield columns with what is known to be no identifier of their kind, or a dummy."""
        for check in self.class_plan.checks:
            column = self.named.get(check.slot or "")
            for operator in _operators(check.expression) if column else ():
                what, _, name = operator.partition(":")
                if what == "identifier":
                    yield from ((column or "", text) for text in KINDS[name].wrong)
                elif what == "dummy":
                    yield from ((column or "", text) for text in DUMMIES[name].examples)

    def as_row(self, cells: Mapping[str, str | tuple[str, ...]]) -> Row:
        """Return the cells of a rule as a row: by column, lists joined."""
        row = {}
        for name, cell in cells.items():
            column = self.named.get(name)
            if column is not None:
                slot = self.slots[column]
                row[column] = cell if isinstance(cell, str) else slot.delimiter.join(cell)
        return row


def assess_file(plan: Plan, class_plan: ClassPlan, file: Path) -> ExportRun:
    """Return what checking `file` against the class gives, on the day of the examples."""
    named = {"standard": f"{plan.name}@{plan.version}"}
    if plan.source != "packaged":
        named = {"schema": plan.source}
    options = Options(as_of=AS_OF, class_name=class_plan.name, **named)  # type: ignore[arg-type]
    (run,) = assess([Target(str(file))], options).run.exports
    return run


def write_rows(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Return the rows as CSV with all columns, LF at the ends of lines."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _operators(tree: object) -> Iterator[str]:
    if isinstance(tree, list):
        if tree and isinstance(tree[0], str):
            yield tree[0]
        for part in tree:
            yield from _operators(part)


def _number(text: str, place: int) -> str:
    """Return an identifier like `text` for row `place`: its last digits replaced."""
    match = re.search(r"\d+(?=\D*$)", text)
    if match is None:
        return f"{text}{place}"
    digits = str(place).zfill(len(match[0]))
    return f"{text[: match.start()]}{digits}{text[match.end() :]}"


def _spoil(text: str, delimiter: str) -> Iterator[str]:
    """Yield slips of the keyboard in `text`, and lists that are doubled."""
    if not text:
        return
    yield text.lower()
    yield text.upper()
    yield f"{text}X"
    yield f"{text} "
    yield text[:-1]
    yield f"{text[:-1]}{'1' if text[-1] != '1' else '2'}"
    yield f"{text[:-1]}{'A' if text[-1] != 'A' else 'B'}"
    yield f"{'9' if text[0] != '9' else '8'}{text[1:]}"
    yield text.replace(text[len(text) // 2], "7")
    if delimiter:
        yield f"{text}{delimiter}{text}"
