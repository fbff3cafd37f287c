"""From documents of rules to what runs: compiling, joining, replacing, refusing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dqcheck.checks.compiled_rules import dump_rules, parse_rules
from dqcheck.checks.locate import find_documents
from dqcheck.checks.rules import CompiledRules, load_rules
from dqcheck.errors import ConfigurationError, DqcheckError, Place, UsageError
from dqcheck.model import (
    Check,
    Dimension,
    NotChecked,
    Reference,
    Severity,
    TableCheck,
    TableCheckKind,
    Tolerance,
)
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan, SlotPlan, Value

_RECORD = (SlotPlan("id", "id", identifier=True), SlotPlan("seen", "seen", type="datetime"))
_CAR = ClassPlan(
    "Car",
    ancestors=("Car", "Record"),
    slots=(
        *_RECORD,
        SlotPlan("built", "built", type="date"),
        SlotPlan("colour", "colour", type=None, enum="Colour"),
        SlotPlan("extras", "extras", multivalued=True),
        SlotPlan("maker", "maker"),
    ),
)
PLAN = Plan(
    "fleet",
    "1.0",
    classes={
        "Record": ClassPlan("Record", abstract=True, ancestors=("Record",), slots=_RECORD),
        "Car": _CAR,
        "Maker": ClassPlan("Maker", ancestors=("Maker", "Record"), slots=_RECORD),
    },
    enums={"Colour": EnumPlan("Colour", "", "", "", (Value("Red"), Value("Blue")))},
)
_HEAD = 'dqcheck_rules: "1"\nstandard: fleet\nrules:\n'
_TEXTS = "title: T, dimension: validity, severity: warning"


def _write(folder: Path, *rules: str, name: str = "fleet.yaml") -> Path:
    path = folder / name
    path.write_text(_HEAD + "".join(f"  - {{{rule}}}\n" for rule in rules), encoding="utf-8")
    return path


def _load(path: Path, class_name: str = "Car", plan: Plan = PLAN) -> CompiledRules:
    return load_rules(plan, plan.classes[class_name], [path])


def test_a_row_rule_becomes_a_check(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        f"id: fleet.built.known, {_TEXTS}, expect: built <= today(), when: colour == 'Red',"
        " tolerance: {share: 0.1}, rationale: W, fix: F, authority: A, message: M",
    )
    holds = ["le", ["value", "built", "date"], ["today"]]
    red = ["eq", ["text", "colour"], ["lit", "string", "Red"]]
    assert _load(path).checks == (
        Check(
            id="fleet.built.known",
            slot="built",
            slots=("built", "colour"),
            dimension=Dimension.VALIDITY,
            severity=Severity.WARNING,
            expression=["if", red, holds, ["lit", None, None]],
            applies=["not", ["true", ["not", red]]],
            title="T",
            message="M",
            why="W",
            fix="F",
            source=str(path),
            authority="A",
            tolerance=Tolerance(share=0.1),
        ),
    )
    assert _load(path, "Maker") == CompiledRules()


def test_freshness_is_a_check_of_rows(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "id: fleet.seen.fresh, title: T, dimension: timeliness, severity: info,"
        " fresh: {slot: seen, within_days: 7}, classes: [Car]",
    )
    (check,) = _load(path).checks
    age = ["days_between", ["value", "seen", "datetime"], ["today"]]
    assert check.expression == ["le", age, ["lit", "integer", "7"]]
    assert check.applies == ["lit", "boolean", "true"]


def test_table_rules_become_table_checks(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        f"id: fleet.Car.enough, {_TEXTS}, rows: {{minimum: 10}}",
        "id: fleet.seen.alive, title: T, dimension: timeliness, severity: info,"
        " newest: {slot: seen, within_days: 7}",
    )
    rows = TableCheck(
        "fleet.Car.enough",
        TableCheckKind.ROW_COUNT,
        None,
        Dimension.VALIDITY,
        Severity.WARNING,
        minimum=10,
        title="T",
        message="T",
        source=str(path),
    )
    newest = replace(
        rows,
        id="fleet.seen.alive",
        kind=TableCheckKind.NEWEST,
        slot="seen",
        dimension=Dimension.TIMELINESS,
        severity=Severity.INFO,
        minimum=None,
        max_age_days=7,
        type="datetime",
    )
    assert _load(path).tables == (rows, newest)
    # The slot of the id is in all classes; the class of an id is itself.
    assert _load(path, "Maker").tables == (newest,)


def test_cross_file_rules_become_references(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "id: fleet.maker.known, title: T, dimension: consistency, severity: warning,"
        " exists_in: Maker.id",
    )
    assert _load(path).references == (
        Reference(
            "fleet.maker.known", "maker", "Maker", "id", Severity.WARNING, "T",
            message="T", source=str(path),
        ),
    )  # fmt: skip


def test_a_rule_for_a_parent_class_applies_to_its_children(tmp_path: Path) -> None:
    path = _write(tmp_path, f"id: fleet.Record.seen, {_TEXTS}, expect: seen is present")
    assert [_load(path, name).ids for name in ("Car", "Maker")] == [("fleet.Record.seen",)] * 2
    assert _load(path).checks[0].slot is None


def test_a_deactivated_rule_is_not_checked(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        f"id: fleet.built.known, {_TEXTS}, expect: built is present, deactivated: true, reason: R",
    )
    left_out = NotChecked("rule fleet.built.known", "Car", "built", "deactivated: R")
    assert _load(path) == CompiledRules(not_checked=(left_out,))


def test_a_later_document_replaces_a_rule(tmp_path: Path) -> None:
    first = _write(
        tmp_path,
        f"id: fleet.built.known, {_TEXTS}, expect: built is present",
        f"id: fleet.built.old, {_TEXTS}, expect: built is present",
        name="a.yaml",
    )
    second = _write(
        tmp_path,
        "id: fleet.built.known, title: New, dimension: validity, severity: info,"
        " expect: built is missing, replaces: fleet.built.known, reason: R",
        f"id: fleet.built.newer, {_TEXTS}, expect: built is missing,"
        " replaces: fleet.built.old, reason: R",
        name="b.yaml",
    )
    rules = load_rules(PLAN, _CAR, [tmp_path])
    assert rules == load_rules(PLAN, _CAR, [first, second])
    assert [(check.id, check.title) for check in rules.checks] == [
        ("fleet.built.known", "New"),
        ("fleet.built.newer", "T"),
    ]


def test_documents_of_other_standards_are_passed_over(tmp_path: Path) -> None:
    path = _write(tmp_path, f"id: fleet.built.known, {_TEXTS}, expect: nonsense")
    other = replace(PLAN, name="other")
    assert load_rules(other, _CAR, [path]) == CompiledRules()


def test_json_keeps_all(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        f"id: fleet.built.known, {_TEXTS}, expect: built <= today(), tolerance: {{count: 3}},"
        " purposes: [tracing, safeguarding, tracing]",
        f"id: fleet.Car.enough, {_TEXTS}, rows: {{minimum: 10}}, purposes: [tracing]",
        "id: fleet.maker.known, title: T, dimension: consistency, severity: info,"
        " exists_in: Maker.id, purposes: [tracing]",
        f"id: fleet.built.off, {_TEXTS}, expect: built is present, deactivated: true, reason: R",
    )
    rules = {"Car": _load(path), "Maker": CompiledRules()}
    assert rules["Car"].checks[0].purposes == ("safeguarding", "tracing")
    assert parse_rules(dump_rules(PLAN, rules)) == rules
    assert parse_rules('{"format": "other/2"}') is None


# The mark stands where the fault is found; at the beginning for the rule as a whole.
_MARK = "§"


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        (f"id: fleet.built.x, {_TEXTS}, expect: §bilt is present", ['no slot "bilt"', '"built"']),
        (f"id: fleet.built.x, {_TEXTS}, expect: built >§", ["a value is needed"]),
        (f"id: fleet.built.x, {_TEXTS}, expect: §built", ["true or false is needed"]),
        (f"id: fleet.built.x, {_TEXTS}, expect: '§colour == \"Rde\"'", ['"Rde"', '"Red"']),
        (f"id: §fleet.bult.x, {_TEXTS}, expect: built is present", ['"bult"', '"built"']),
        (f"id: §flet.built.x, {_TEXTS}, expect: built is present", ['begin with "fleet."']),
        (f"id: §built, {_TEXTS}, expect: built is present", ['"id"']),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present, classes: [§Cra]",
            ['no class "Cra"', '"Car"'],
        ),
        (f"§id: fleet.built.x, {_TEXTS}", ["exactly one of"]),
        (f"§id: fleet.built.x, {_TEXTS}, expect: a, rows: {{minimum: 1}}", ["exactly one of"]),
        (f"id: fleet.Car.x, {_TEXTS}, rows: §{{}}", ["minimum or maximum"]),
        (f"id: fleet.Car.x, {_TEXTS}, rows: {{minimum: 2, §maximum: 1}}", ["less than"]),
        (f"id: fleet.Car.x, {_TEXTS}, rows: {{minimum: 1}}, §when: id is present", ["go with"]),
        (
            f"id: fleet.Car.x, {_TEXTS}, rows: {{minimum: 1}}, §tolerance: {{count: 1}}",
            ["no tolerance"],
        ),
        (
            "id: fleet.built.x, title: T, dimension: validity, §severity: violation,"
            " expect: built is present, purposes: [tracing]",
            ["a warning or info"],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present, purposes: [§Tracing it]",
            ["purposes"],
        ),
        (
            "id: fleet.maker.x, title: T, §dimension: validity, severity: info,"
            " exists_in: Maker.id",
            ["measures consistency"],
        ),
        (
            "id: fleet.seen.x, title: T, §dimension: validity, severity: info,"
            " fresh: {slot: seen, within_days: 1}",
            ["measures timeliness"],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present, §replaces: fleet.built.x",
            ["say why"],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present, §deactivated: true",
            ["say why"],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present, replaces: §fleet.built.y,"
            " reason: R",
            ['no rule "fleet.built.y"'],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present, passing: [{{§bult: a}}]",
            ['no slot "bult"', '"built"'],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present, failing: [{{§built: [a]}}]",
            ["one value, not a list"],
        ),
        (
            f"id: fleet.Car.x, {_TEXTS}, rows: {{minimum: 1}}, failing: [§{{built: a}}]",
            ['"row_count"'],
        ),
        (
            f"id: fleet.built.x, {_TEXTS}, expect: built is present, §sevrity: x",
            ['unknown key "sevrity"', '"severity"'],
        ),
        (
            "id: fleet.built.x, title: T, dimension: §valid, severity: warning, expect: x",
            ['"dimension" must be', 'mean "validity"'],
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
    assert raised.value.place == Place(str(path), 4, 6 + at if at else 5)


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("dimension: timeliness, newest: {slot: sen, within_days: 1}", 'no slot "sen"'),
        ("dimension: timeliness, newest: {slot: colour, within_days: 1}", "holds no date"),
        ("dimension: consistency, exists_in: Makr.id", 'no class "Makr"'),
        ("dimension: consistency, exists_in: Maker.ident", 'no slot "ident"'),
        ("dimension: consistency, exists_in: Car.extras", 'no slot "extras" with one value'),
    ],
)
def test_faults_of_other_kinds(tmp_path: Path, rule: str, part: str) -> None:
    path = _write(tmp_path, f"id: fleet.maker.x, title: T, severity: info, {rule}")
    with pytest.raises(ConfigurationError, match=part):
        _load(path)


def test_all_faults_are_collected(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        f"id: fleet.built.x, {_TEXTS}, expect: bilt is present, when: colour == 'Rde'",
        f"id: fleet.built.x, {_TEXTS}, expect: zork(built)",
    )
    with pytest.raises(ConfigurationError) as raised:
        _load(path)
    faults = (raised.value, *raised.value.others)
    assert [fault.place and fault.place.line for fault in faults] == [4, 4, 5, 5]


def test_ids_of_the_schema_are_taken(tmp_path: Path) -> None:
    path = _write(tmp_path, f"id: fleet.built.type, {_TEXTS}, expect: built is present")
    check = _load(path).checks[0]
    car = replace(_CAR, checks=(check,))
    with pytest.raises(ConfigurationError, match="the id of a check of the schema"):
        load_rules(PLAN, car, [path])


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        find_documents([tmp_path / "x.yaml"])
    with pytest.raises(UsageError, match="has no rules"):
        find_documents([tmp_path])


def test_faults_are_of_one_family() -> None:
    assert issubclass(ConfigurationError, DqcheckError)
    assert ConfigurationError.exit_code == 2
