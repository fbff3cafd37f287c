"""A standard as one Markdown document.

LinkML's own documents know neither the rules of a standard nor why a slot matters and how to mend
it; this one is written from the plan.
"""

from __future__ import annotations

__all__ = ["write"]

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dqcheck.checks.compiled_rules import CompiledRules
from dqcheck.checks.rules import packaged_rules
from dqcheck.publish.notes import (
    Note,
    describe_kind,
    describe_need,
    describe_value,
    note_class,
)
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan, SlotPlan
from dqcheck.store.files import write_file

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LOSSES = ("it is for people: no tool can check data with it",)


def write(plan: Plan, out: Path) -> tuple[str, ...]:
    """Write `plan` to the file `out`.

    Returns:
        What the document can't do.

    Raises:
        UsageError: If it can't be written.
    """
    write_file(out, ("\n".join(_document(plan)) + "\n").encode())
    return _LOSSES


def _document(plan: Plan) -> Iterator[str]:
    yield f"# {_plain(plan.title or plan.name)}"
    yield ""
    yield _plain(plan.description)
    yield ""
    yield from _facts(
        ("Standard", f"{plan.name} {plan.version}".rstrip()),
        ("Owner", plan.owner),
        ("Licence", plan.license),
        ("Schema", plan.schema_id),
    )
    rules = packaged_rules(plan)
    for one in plan.classes.values():
        if not one.abstract:
            yield from _class(plan, one, rules.get(one.name, CompiledRules()))
    if plan.enums:
        yield "## Code lists"
        yield ""
    for enum in plan.enums.values():
        yield from _enum(enum)


def _class(plan: Plan, one: ClassPlan, rules: CompiledRules) -> Iterator[str]:
    notes = note_class(one, rules)
    yield f"## Class {_plain(one.name)}: {_plain(one.title or one.name)}"
    yield ""
    yield _plain(one.description)
    yield ""
    rows = [
        (slot.column, slot.title, describe_need(slot), describe_kind(plan, slot))
        for slot in one.slots
    ]
    yield from _table(("Column", "Title", "Needed", "What it holds"), rows)
    for slot in one.slots:
        yield from _slot(slot, notes.slots[slot.name])
    for heading, group in (("Of whole records", notes.records), ("Rules", notes.rules)):
        if group:
            yield f"### {heading}"
            yield ""
            yield from _notes(group)
    if notes.not_checked:
        yield "### Not checked"
        yield ""
        for item in notes.not_checked:
            where = f"{item.slot}, " if item.slot else ""
            yield f"- {_plain(f'{where}{item.feature}: {item.reason}')}"
        yield ""


def _slot(slot: SlotPlan, notes: Sequence[Note]) -> Iterator[str]:
    yield f"### {_plain(slot.column)}"
    yield ""
    yield _plain(slot.description)
    yield ""
    yield from _facts(
        ("Why it matters", slot.why),
        ("How to fix it", slot.fix),
        ("Examples", ", ".join(slot.examples)),
        ("Also headed", ", ".join(slot.aliases)),
        ("Privacy", str(slot.privacy)),
        ("Weight", str(slot.criticality)),
        ("Owner", slot.owner),
    )
    yield from (f"- {_plain(note.title)} ({note.severity})" for note in notes)
    if notes:
        yield ""


def _notes(notes: Iterable[Note]) -> Iterator[str]:
    for note in notes:
        yield f"- {_plain(note.title)} ({note.severity}; {_plain(note.id)})"
        for word, text in (
            ("Why", note.why),
            ("How to fix it", note.fix),
            ("Authority", note.authority),
            ("Needed for", ", ".join(note.purposes)),
        ):
            if text:
                yield f"  - {word}: {_plain(text)}"
    yield ""


def _enum(enum: EnumPlan) -> Iterator[str]:
    yield f"### {_plain(enum.name)}" + (f": {_plain(enum.title)}" if enum.title else "")
    yield ""
    yield _plain(enum.description)
    yield ""
    yield from _facts(("Source", enum.source), ("Owner", enum.owner), ("Licence", enum.licence))
    rows = [
        (value.code, value.title, value.description, ", ".join(value.aliases),
         describe_value(value))
        for value in enum.values
    ]  # fmt: skip
    yield from _table(("Code", "Title", "Meaning", "Also written", "Status"), rows)


def _facts(*facts: tuple[str, str]) -> Iterator[str]:
    said = [f"- **{word}:** {_plain(text)}" for word, text in facts if text]
    yield from said
    if said:
        yield ""


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(_plain, row))} |"
    yield ""


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
