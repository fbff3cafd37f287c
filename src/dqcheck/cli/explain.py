"""`dqcheck explain`: what a check means, why it matters, how to fix it."""

from __future__ import annotations

__all__ = ["explain"]

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dqcheck.cli.output import print_text, surface
from dqcheck.errors import UsageError, suggest

if TYPE_CHECKING:
    from dqcheck.model import Check, TableCheck
    from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan

_CODES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class _Explained:
    """A check with what stands around it.

    Attributes:
        facts: Word and text, in the order to show.
        title: What it demands.
    """

    title: str
    facts: tuple[tuple[str, str], ...]


def explain(
    check_id: Annotated[
        str, typer.Argument(help="The id of a check, as in a report: person.date_of_birth.type")
    ],
    schema: Annotated[
        Path | None,
        typer.Option(
            "--schema",
            help="The LinkML schema the check comes from, where it is no packaged standard.",
            show_default=False,
        ),
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option(
            "--rules", help="Documents of rules beside the packaged ones.", show_default=False
        ),
    ] = None,
) -> None:
    """Explain a check: what it means, why it matters, how to fix what it finds.

    Example: dqcheck explain person.hair_colour.permissible_value
    """
    known = dict(_file_checks())
    for plan in _plans(check_id, schema):
        for class_plan in plan.classes.values():
            for found_id, explained in _class_checks(plan, class_plan, rules or []):
                known.setdefault(found_id, explained)
    if check_id not in known:
        raise UsageError(
            f"there is no check {check_id}",
            hint=suggest(check_id, known)
            or "ids of checks are standard.slot.kind; see dqcheck standard show",
        )
    print_text(_render(check_id, known[check_id]))


def _plans(check_id: str, schema: Path | None) -> list[Plan]:
    """Return the schemas the check can come from; all packaged ones if its standard is unknown."""
    from dqcheck import standards

    if schema is not None:
        return [standards.open_schema(schema)]
    names = [info.name for info in standards.list_standards()]
    own = [name for name in names if check_id.startswith(f"{name}.")]
    return [standards.open_standard(name) for name in own or names]


def _file_checks() -> Iterator[tuple[str, _Explained]]:
    from dqcheck.readers.faults import CATALOGUE

    for check_id, kind in CATALOGUE.items():
        facts = (
            ("meaning", kind.meaning),
            ("fix", kind.fix),
            ("severity", kind.severity),
            ("dimension", kind.dimension),
        )
        yield check_id, _Explained(kind.title, facts)


def _class_checks(
    plan: Plan, class_plan: ClassPlan, rules: list[Path]
) -> Iterator[tuple[str, _Explained]]:
    from dataclasses import replace

    from dqcheck.checks.rules import load_rules
    from dqcheck.standards.constraints import CONSTRAINTS
    from dqcheck.validation.special import describe_key, describe_reference

    compiled = load_rules(plan, class_plan, rules)
    references = (*class_plan.references, *compiled.references)

    def metaslot(kind: str) -> str:
        return f"schema: {CONSTRAINTS[kind].metaslot}"

    checks: list[Check | TableCheck] = [
        *class_plan.checks,
        *compiled.checks,
        *compiled.tables,
        *(cross.check for cross in compiled.cross_checks),
        *(
            replace(describe_key(key), source=metaslot("unique" if key.primary else "unique_key"))
            for key in class_plan.keys
        ),
        *(
            replace(describe_reference(item), source=item.source or metaslot("reference"))
            for item in references
        ),
        *_column_checks(plan, class_plan),
    ]
    for check in checks:
        yield check.id, _explain_check(plan, class_plan, check)


def _column_checks(plan: Plan, class_plan: ClassPlan) -> list[Check]:
    """Return the checks of columns, as a run words them."""
    from dqcheck.model import Binding, Column, Match
    from dqcheck.validation.columns import column_checks

    missing = Binding({}, tuple(slot.name for slot in class_plan.slots), ())
    column = Column(1, "", "c1")
    misnamed = Binding({slot.name: (column, Match.ALIAS) for slot in class_plan.slots}, (), ())
    return [
        check
        for binding in (missing, misnamed)
        for check, _ in column_checks(plan.name, class_plan, binding, 0)[0]
    ]


def _explain_check(plan: Plan, class_plan: ClassPlan, check: Check | TableCheck) -> _Explained:
    slot = class_plan.slot(check.slot) if check.slot else None
    facts = [
        ("meaning", check.message),
        ("why", check.why),
        ("fix", check.fix),
        ("severity", str(check.severity)),
        ("dimension", str(check.dimension)),
    ]
    if slot is not None:
        facts += [
            ("slot", f"{slot.column}: {slot.description or slot.title}".rstrip(": ")),
            ("examples", ", ".join(slot.examples)),
            ("codes", _codes(plan, slot)),
        ]
    facts += _identifier_facts(check)
    facts += [
        ("purposes", ", ".join(check.purposes)),
        ("authority", check.authority),
        ("source", check.source),
    ]
    return _Explained(check.title, tuple(facts))


def _identifier_facts(check: Check | TableCheck) -> list[tuple[str, str]]:
    """Return what is known of the identifiers and dummies that a check looks for."""
    from dqcheck.expressions.identifiers import DUMMIES, KINDS

    facts = []
    for word, name in _identifiers(getattr(check, "expression", None)):
        if word == "dummy":
            dummy = DUMMIES[name]
            facts += [("dummies", ", ".join(dummy.examples)), ("named by", dummy.source)]
            continue
        kind = KINDS[name]
        facts += [
            ("kind", f"{kind.name}: {kind.title}"),
            ("tested", kind.tested),
            ("certain", "yes" if kind.binding else "no, so that it is a warning"),
            ("right", ", ".join(kind.right)),
            ("wrong", ", ".join(kind.wrong)),
            ("rule of", kind.authority),
        ]
    return [(word, text) for word, text in facts if text != check.authority]


def _identifiers(tree: Any) -> Iterator[tuple[str, str]]:
    """Yield operator and kind where a tree looks for an identifier or a dummy."""
    if not isinstance(tree, list) or not tree:
        return
    word, _, kind = str(tree[0]).partition(":")
    if word in ("identifier", "dummy"):
        yield word, kind
        return
    # What a condition looks for is another check's business.
    for part in tree[2:] if tree[0] == "if" else tree:
        yield from _identifiers(part)


def _codes(plan: Plan, slot: SlotPlan) -> str:
    enum = plan.enums.get(slot.enum or "")
    if enum is None:
        return ""
    if len(enum.values) > _CODES_SHOWN:
        return f"{len(enum.values)}, see dqcheck standard show {plan.name}"
    return "; ".join(
        value.code + (f" ({value.title})" if value.title not in ("", value.code) else "")
        for value in enum.values
    )


def _render(check_id: str, explained: _Explained) -> str:
    width = min(surface().width, 100)
    lines = [check_id, *_wrapped("", explained.title, width)]
    for word, text in explained.facts:
        if text:
            lines += _wrapped(f"{word}:", text, width)
    return "\n".join(lines) + "\n"


def _wrapped(word: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        f"{word:11}{' '.join(text.split())}" if word else text,
        width,
        initial_indent="  ",
        subsequent_indent=" " * 13 if word else "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
