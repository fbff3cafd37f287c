"""What the annotation `identifier_check` makes of a type or a slot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import polars as pl
import pytest
from jsonasobj2 import items
from linkml_runtime.utils.schemaview import SchemaView

from dqcheck.errors import SchemaError
from dqcheck.expressions.evaluate import Context, build
from dqcheck.expressions.identifiers import KINDS
from dqcheck.model import Severity, items_column
from dqcheck.standards import open_schema
from dqcheck.standards.plan import Plan

NHS = """\
types:
  Nhs:
    typeof: string
    pattern: "^[0-9]{10}$"
    annotations: {identifier_check: nhs_number}
"""


def answers(plan: Plan, texts: list[str | None]) -> dict[str, list[bool | None]]:
    """Return what each check of the slot `a` of the class `C` says of the texts."""
    frame = pl.DataFrame({"a": texts}, schema={"a": pl.String})
    context = Context(date(2026, 11, 22))
    return {
        check.id: frame.select(build(check.expression, context)).to_series().to_list()
        for check in plan.classes["C"].checks
    }


def test_a_cell_counts_once(compiled: Callable[[str], Plan]) -> None:
    plan = compiled(NHS + "classes: {C: {attributes: {a: {range: Nhs}}}}\n")
    # A wrong shape, a wrong digit, a Scottish number, zeros, a test number, nothing.
    texts = ["943476591", "9434765918", "1904851231", "0000000000", "9434765919", None]
    assert answers(plan, texts) == {
        "t.a.type": [True, True, True, True, True, None],
        "t.a.pattern": [False, True, True, True, True, None],
        "t.a.check_digit": [None, False, True, True, True, None],
        "t.a.issued_range": [None, None, False, False, True, None],
        "t.a.not_dummy": [None, None, True, False, False, None],
    }


def test_only_what_is_certain_is_a_violation(compiled: Callable[[str], Plan]) -> None:
    plan = compiled(NHS + "classes: {C: {attributes: {a: {range: Nhs}}}}\n")
    checks = {check.id: check for check in plan.classes["C"].checks}
    assert checks["t.a.check_digit"].severity is Severity.VIOLATION
    assert checks["t.a.issued_range"].severity is Severity.WARNING
    assert checks["t.a.not_dummy"].severity is Severity.WARNING
    assert checks["t.a.check_digit"].authority == KINDS["nhs_number"].authority


def test_a_slots_own_fix_is_about_its_form(compiled: Callable[[str], Plan]) -> None:
    plan = compiled(
        NHS + "classes: {C: {attributes: {a: {range: Nhs, annotations: {fix: No spaces.}}}}}\n"
    )
    fixes = {check.id: check.fix for check in plan.classes["C"].checks}
    assert fixes["t.a.pattern"] == "No spaces."
    assert "document" in fixes["t.a.check_digit"]


def test_kinds_come_from_parents_too(compiled: Callable[[str], Plan]) -> None:
    plan = compiled(
        NHS.replace("classes:", "")
        + "  Own: {typeof: Nhs}\nclasses: {C: {attributes: {a: {range: Own}}}}\n"
    )
    assert answers(plan, ["9434765918"])["t.a.check_digit"] == [False]


def test_a_slot_may_say_its_kind(compiled: Callable[[str], Plan]) -> None:
    plan = compiled("""\
classes:
  C:
    attributes:
      a: {pattern: "^[0-9]+$", annotations: {identifier_check: uprn}}
""")
    assert answers(plan, ["x", "0", "12"]) == {
        "t.a.type": [True, True, True],
        "t.a.pattern": [False, True, True],
        "t.a.not_zero": [None, False, True],
    }


def test_elements_of_lists_are_looked_at(compiled: Callable[[str], Plan]) -> None:
    plan = compiled(
        NHS
        + """\
classes:
  C:
    attributes:
      a: {range: Nhs, multivalued: true}
      b:
        pattern: "^[0-9]{10}$"
        multivalued: true
        annotations: {identifier_check: nhs_number}
"""
    )
    lists = [["9434765919", "9434765918"], ["4010232137", "x"], ["4010232137"], None]
    frame = pl.DataFrame(
        {items_column(name): lists for name in "ab"} | {"a": ["l"] * 4, "b": ["l"] * 4}
    )
    context = Context(date(2026, 11, 22), multivalued=frozenset("ab"))
    checks = {check.id: check.expression for check in plan.classes["C"].checks}
    for slot in "ab":
        found = frame.select(build(checks[f"t.{slot}.check_digit"], context)).to_series().to_list()
        assert found == [False, None, True, None]


def test_nothing_is_said_twice(compiled: Callable[[str], Plan]) -> None:
    """A kind of which the pattern says all has no check; without the pattern it has one."""
    schema = """\
types:
  T: {{typeof: string, {}annotations: {{identifier_check: usrn}}}}
classes: {{C: {{attributes: {{a: {{range: T}}}}}}}}
"""
    said = compiled(schema.format("pattern: '^[1-9][0-9]{0,7}$', "))
    bare = compiled(schema.format(""))
    assert set(answers(said, ["0"])) == {"t.a.type", "t.a.pattern"}
    assert answers(bare, ["0", "1"])["t.a.identifier"] == [False, True]


def test_advice_does_not_decide_between_ranges(compiled: Callable[[str], Plan]) -> None:
    plan = compiled(NHS + "classes: {C: {attributes: {a: {any_of: [{range: Nhs}]}}}}\n")
    # A test number, and one with a wrong digit.
    assert answers(plan, ["9434765919", "9434765918"])["t.a.any_of"] == [True, False]


def test_unknown_kinds_are_a_fault_with_its_place(compiled: Callable[[str], Plan]) -> None:
    for where in (
        "types: {T: {typeof: string, annotations: {identifier_check: nhs}}}\n"
        "classes: {C: {attributes: {a: {range: T}}}}\n",
        "classes: {C: {attributes: {a: {annotations: {identifier_check: nhs}}}}}\n",
    ):
        with pytest.raises(SchemaError) as raised:
            compiled(where)
        assert "t.yaml:9" in str(raised.value)
        assert "nhs_number" in str(raised.value)


# --- the shipped types


@pytest.fixture(scope="module")
def core(request: pytest.FixtureRequest) -> SchemaView:
    return SchemaView(str(request.config.rootpath / "schemas" / "core.yaml"))


def kinds_of(core: SchemaView) -> Iterator[tuple[str, str, str]]:
    """Yield name, kind and pattern of the types of core that have a kind."""
    for name, one in core.all_types(imports=False).items():
        notes = {str(tag): str(note.value) for tag, note in items(one.annotations)}
        if "identifier_check" in notes:
            yield str(name), notes["identifier_check"], str(one.pattern)


def test_types_have_their_kinds(core: SchemaView) -> None:
    assert {name: kind for name, kind, _ in kinds_of(core)} == {
        "ArrestSummonsNumber": "asn",
        "ChiNumber": "chi_number",
        "CroNumber": "cro_number",
        "DriverNumber": "driver_number",
        "EmailAddress": "email",
        "GridReference": "grid_reference",
        "NationalInsuranceNumber": "nino",
        "NhsNumber": "nhs_number",
        "PassportNumber": "passport_uk",
        "PhoneNumber": "phone_number",
        "PncId": "pnc_id",
        "Postcode": "postcode",
        "PrisonNumber": "prison_number",
        "Uprn": "uprn",
        "Usrn": "usrn",
        "Vin": "vin",
        "Vrm": "vrm",
    }


def test_kinds_without_more_than_a_shape_have_the_shape_of_their_type(core: SchemaView) -> None:
    for name, kind, pattern in kinds_of(core):
        if KINDS[kind].test is None:
            assert KINDS[kind].shape == pattern, name


def test_right_values_have_the_form_of_their_type(core: SchemaView) -> None:
    """One at least, for whoever makes examples of them; the others are shorter forms."""
    for name, kind, pattern in kinds_of(core):
        right = pl.Series(KINDS[kind].right)
        assert right.str.contains(pattern).any(), name
        assert right.str.contains(pattern)[0], name


def test_shipped_slots_have_the_checks_of_their_types(request: pytest.FixtureRequest) -> None:
    plan = open_schema(request.config.rootpath / "schemas" / "address.yaml")
    ids = {check.id for check in plan.classes["Address"].checks}
    assert {
        "address.uprn.not_zero", "address.postcode.known_area", "address.postcode.not_dummy",
    } <= ids  # fmt: skip
