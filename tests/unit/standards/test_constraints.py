"""The table of constraints is documented as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from dqcheck.model import Dimension, Severity
from dqcheck.standards.annotations import KNOWN
from dqcheck.standards.constraints import CONSTRAINTS, label, slug
from dqcheck.standards.plan import Plan


def test_the_page_says_what_the_program_does(checkout: Path) -> None:
    text = (checkout / "docs" / "constraints.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (\w+) \| (\w+) \| (.+?) \|$", text, re.MULTILINE)
    assert rows == [
        (
            one.kind,
            one.metaslot,
            one.dimension,
            one.severity,
            one.message.format(slot="the slot", detail="…"),
        )
        for one in CONSTRAINTS.values()
    ]


def test_the_page_names_every_annotation(checkout: Path) -> None:
    text = (checkout / "docs" / "constraints.md").read_text(encoding="utf-8")
    assert [name for name in KNOWN if f"`{name}`" not in text] == []


def test_labels_and_slugs_are_readable() -> None:
    assert label("hair_colour") == "Hair colour"
    assert label("hair_colour", "colour of the hair") == "Colour of the hair"
    assert slug("If bald, no colour!") == "if_bald_no_colour"


def test_annotations_decide_weight_privacy_words_and_severity(
    compiled: Callable[[str], Plan],
) -> None:
    plan = compiled("""\
annotations: {owner: Schema owner, list_delimiter: ";"}
enums: {E: {permissible_values: {x: {annotations: {role: default, confirmed: unconfirmed}}}}}
classes:
  P:
    annotations: {criticality: important}
    attributes:
      a:
        annotations: {privacy: quasi, severity: warning, dimension: accuracy, why: W, fix: F,
                      null_values: "-|N/A", owner: Slot owner}
        pattern: "^x"
        required: true
  C:
    is_a: P
    slot_usage: {a: {annotations: {criticality: critical, authority: Act 1}}}
    attributes: {e: {range: E}, d: {deprecated: "use e"}, m: {multivalued: true}}
""")
    chosen = plan.classes["C"]
    a, e, m = (chosen.slot(name) for name in "aem")
    assert a is not None
    assert e is not None
    assert m is not None
    assert (a.criticality, a.privacy, a.owner) == ("critical", "quasi", "Slot owner")
    assert (a.null_values, m.delimiter) == (("-", "N/A"), ";")
    assert (e.privacy, e.criticality, e.owner) == ("code", "important", "Schema owner")
    assert (plan.enums["E"].values[0].role, plan.enums["E"].values[0].status) == (
        "default",
        "unconfirmed",
    )
    checks = {check.id: check for check in chosen.checks}
    pattern, required = checks["t.a.pattern"], checks["t.a.required"]
    assert (pattern.severity, pattern.dimension) == (Severity.WARNING, Dimension.ACCURACY)
    assert (required.severity, required.dimension) == (Severity.WARNING, Dimension.COMPLETENESS)
    assert (pattern.why, pattern.fix, pattern.authority) == ("W", "F", "Act 1")
    assert checks["t.d.deprecated"].severity is Severity.INFO


def test_ids_are_unique_and_words_are_filled_in(compiled: Callable[[str], Plan]) -> None:
    plan = compiled("""\
types: {T: {typeof: string, pattern: "^a"}}
classes:
  C:
    attributes: {a: {range: T, pattern: "b$", examples: [{value: ab}]}}
    rules:
    - preconditions: {slot_conditions: {a: {equals_string: ab}}}
      postconditions: {slot_conditions: {a: {required: true}}}
    - title: Same
      postconditions: {slot_conditions: {a: {required: true}}}
    - title: same!
      postconditions: {slot_conditions: {a: {value_presence: PRESENT}}}
""")
    checks = plan.classes["C"].checks
    assert [check.id for check in checks] == [
        "t.a.type", "t.a.pattern", "t.a.pattern_2", "t.C.rule_1", "t.C.same", "t.C.same_2",
    ]  # fmt: skip
    assert all(check.title and check.message and check.why and check.fix for check in checks)
    assert not any("{" in check.title + check.message + check.fix for check in checks)
    titles = {check.id: check.title for check in checks}
    assert titles["t.a.pattern_2"] == 'A must be written as in "ab"'
    assert titles["t.C.rule_1"] == 'If A is "ab", then A is filled'
