"""Rules that look at other records of the run: compiling and refusing them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dqcheck.checks.compiled_rules import dump_rules, parse_rules
from dqcheck.checks.rules import CompiledRules, load_rules
from dqcheck.errors import ConfigurationError, Place
from dqcheck.model import Reference, Severity, Tolerance
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan, SlotPlan, Value

PLAN = Plan(
    "fleet",
    "1.0",
    classes={
        "Car": ClassPlan(
            "Car",
            ancestors=("Car",),
            slots=(
                SlotPlan("built", "built", type="date"),
                SlotPlan("colour", "colour", type=None, enum="Colour"),
                SlotPlan("maker", "maker"),
            ),
        ),
        "Maker": ClassPlan(
            "Maker",
            ancestors=("Maker",),
            slots=(
                SlotPlan("id", "id", identifier=True),
                SlotPlan("seen", "seen", type="datetime"),
                SlotPlan("names", "names", multivalued=True),
            ),
        ),
        "Note": ClassPlan("Note", ancestors=("Note",), slots=(SlotPlan("text", "text"),)),
    },
    enums={"Colour": EnumPlan("Colour", "", "", "", (Value("Red"), Value("Blue")))},
)
_HEAD = 'dqcheck_rules: "1"\nstandard: fleet\nrules:\n'
_TEXTS = "title: T, dimension: validity, severity: warning"


def _write(folder: Path, *rules: str) -> Path:
    path = folder / "fleet.yaml"
    path.write_text(_HEAD + "".join(f"  - {{{rule}}}\n" for rule in rules), encoding="utf-8")
    return path


def _load(path: Path, class_name: str = "Car") -> CompiledRules:
    return load_rules(PLAN, PLAN.classes[class_name], [path])


def test_cross_file_rules_take_a_precondition_and_a_tolerance(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "id: fleet.maker.known, title: T, dimension: consistency, severity: warning,"
        " exists_in: Maker.id, when: colour == 'Red', tolerance: {count: 2}, message: M,"
        " rationale: W, fix: F, authority: A",
    )
    assert _load(path).references == (
        Reference(
            "fleet.maker.known", "maker", "Maker", "id", Severity.WARNING, "T",
            when=["eq", ["text", "colour"], ["lit", "string", "Red"]],
            tolerance=Tolerance(count=2), message="M", why="W", fix="F", authority="A",
            source=str(path),
        ),
    )  # fmt: skip


def test_rules_may_read_the_record_referred_to(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        f"id: fleet.built.known, {_TEXTS}, expect: built <= firm.seen,"
        " refers_to: {firm: {class: Maker, by: maker}}, when: colour == 'Red'",
    )
    (cross,) = _load(path).cross_checks
    assert (cross.name, cross.by, cross.target_class, cross.target_slot) == (
        "firm", "maker", "Maker", "id",
    )  # fmt: skip
    assert cross.check.slots == ("built", "colour", "firm.id", "firm.seen", "maker")
    assert cross.target_slots == ("id", "seen")
    # Without such a record nothing can be said.
    assert cross.check.expression[:2] == ["if", ["present", "firm.id"]]
    assert _load(path, "Maker") == CompiledRules()


def test_json_keeps_all(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        f"id: fleet.built.cross, {_TEXTS}, expect: built <= firm.seen, purposes: [tracing],"
        " refers_to: {firm: {class: Maker, by: maker}}",
        "id: fleet.maker.red, title: T, dimension: consistency, severity: info,"
        " exists_in: Maker.id, when: colour == 'Red', tolerance: {share: 0.1}",
        f"id: fleet.built.off, {_TEXTS}, expect: built <= firm.seen, deactivated: true, reason: R,"
        " refers_to: {firm: {class: Maker, by: maker}}",
    )
    rules = {"Car": _load(path)}
    assert rules["Car"].ids == ("fleet.maker.red", "fleet.built.cross", "fleet.built.off")
    assert parse_rules(dump_rules(PLAN, rules)) == rules
    assert rules["Car"].without(frozenset({"fleet.built.cross"})).cross_checks == ()


# The mark stands where the fault is found; at the beginning for the rule as a whole.
_MARK = "§"


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built <= §firm.sen,"
            " refers_to: {firm: {class: Maker, by: maker}}",
            ['no slot "firm.sen"', '"firm.seen"'],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built <= firm§,"
            " refers_to: {firm: {class: Maker, by: maker}}",
            ['"." is needed', "firm.slot"],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built <= firm§.seen",
            ['"firm" has no parts'],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built <= firm.seen,"
            " refers_to: {firm: {class: §Makr, by: maker}}",
            ['no class "Makr"', '"Maker"'],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built <= firm.seen, classes: [Car],"
            " refers_to: {firm: {class: Maker, by: §makr}}",
            ['no slot "makr" with one value in Car', '"maker"'],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built <= maker.seen,"
            " refers_to: §{maker: {class: Maker, by: maker}}",
            ['"maker" is a slot of Car', "something else"],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built <= a.seen,"
            " refers_to: §{a: {class: Maker, by: maker}, b: {class: Maker, by: maker}}",
            ["refers_to"],
        ),
        (
            "id: fleet.maker.x, title: T, dimension: consistency, severity: info,"
            " exists_in: Maker.id, §refers_to: {firm: {class: Maker, by: maker}}",
            ["looks at no other record"],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present, §given: [{{id: a}}]",
            ["rows of another class"],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built <= firm.seen, given: [{{§sen: a}}],"
            " refers_to: {firm: {class: Maker, by: maker}}",
            ['no slot "sen" in Maker'],
        ),
        (
            f"id: fleet.text.x, {_TEXTS}, expect: text == §firm.names, classes: [Note],"
            " refers_to: {firm: {class: Maker, by: text}}",
            ['no slot "firm.names"'],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present and note.text is present,"
            " refers_to: {note: {class: §Note, by: maker}}",
            ["Note has no identifier"],
        ),
        (
            "id: fleet.maker.x, title: T, dimension: consistency, severity: info,"
            " exists_in: Maker.id, when: '§colour == \"Rde\"'",
            ['"Rde"', '"Red"'],
        ),
    ],
)
def test_faults_have_places(tmp_path: Path, rule: str, parts: list[str]) -> None:
    path = _write(tmp_path, rule.replace(_MARK, ""))
    with pytest.raises(ConfigurationError) as raised:
        _load(path)
    for part in parts:
        assert part in str(raised.value)
    at = rule.index(_MARK)
    assert raised.value.place == Place(str(path), 4, 6 + at)
