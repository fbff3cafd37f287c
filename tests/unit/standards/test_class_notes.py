"""What a schema says of its classes: one can't be checked, the imported ones are hidden."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dqcheck.errors import SchemaError
from dqcheck.model import NotChecked
from dqcheck.standards import choose_class, open_schema_text
from dqcheck.standards.plan import Plan

PROFILE = """\
id: http://example.org/p
name: p
prefixes: {{linkml: https://w3id.org/linkml/}}
imports: [linkml:types, vehicle]
annotations: {{imported_classes: {word}}}
classes:
  Minimum:
    title: "Vehicle - Known"
    is_a: Record
    slots: [vrm, colour]
"""


def test_a_class_that_can_not_be_checked_says_so(compiled: Callable[[str], Plan]) -> None:
    plan = compiled(
        "classes:\n"
        "  A: {annotations: {not_checked: nobody could read it}, attributes: {x: {}}}\n"
        "  B: {is_a: A}\n"
        "  C: {annotations: {partly_checked: the condition is not known}, attributes: {x: {}}}\n"
    )
    assert plan.classes["A"].not_checked == (
        NotChecked("class", "A", None, "nobody could read it"),
    )
    assert plan.classes["B"].not_checked == ()
    assert plan.classes["C"].not_checked == (
        NotChecked("class", "C", None, "the condition is not known", mandatory=False),
    )


def test_imported_classes_are_hidden_only_on_demand() -> None:
    hidden = open_schema_text(PROFILE.format(word="hidden"), "p.yaml")
    assert list(hidden.classes) == ["Minimum"]
    assert list(hidden.enums) == ["VehicleColour"]
    assert "record_id" in {slot.name for slot in hidden.classes["Minimum"].slots}
    shown = open_schema_text(PROFILE.format(word="shown"), "p.yaml")
    assert {"Minimum", "Vehicle"} <= set(shown.classes)
    assert shown.classes["Minimum"] == hidden.classes["Minimum"]
    with pytest.raises(SchemaError, match="the annotation imported_classes can't be 'gone'"):
        open_schema_text(PROFILE.format(word="gone"), "p.yaml")


@pytest.mark.parametrize("name", ["minimum", "vehicle known", "Vehicle - Known"])
def test_a_class_is_chosen_by_the_letters_of_its_title(name: str) -> None:
    plan = open_schema_text(PROFILE.format(word="hidden"), "p.yaml")
    assert choose_class(plan, name).name == "Minimum"
