"""A rule's own rows, and what lint says of rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dqcheck.checks.compile_rules import RuleUse, compile_document, read_document
from dqcheck.checks.examples import run_examples
from dqcheck.checks.lint import lint_rule
from dqcheck.checks.tables import aggregate, judge
from dqcheck.expressions.evaluate import Context
from dqcheck.model import Dimension, Measurement, Outcome, Severity, TableCheck, TableCheckKind
from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan

PLAN = Plan(
    "fleet",
    "1.0",
    classes={
        "Car": ClassPlan(
            "Car",
            slots=(
                SlotPlan("id", "id"),
                SlotPlan("seen", "seen", type="date"),
                SlotPlan("doors", "doors", type="integer"),
                SlotPlan("extras", "extras", multivalued=True, delimiter=";"),
                SlotPlan("maker", "maker"),
            ),
        ),
        "Maker": ClassPlan(
            "Maker",
            slots=(
                SlotPlan("name", "name", identifier=True),
                SlotPlan("since", "since", type="date"),
            ),
        ),
    },
)


def _use(folder: Path, rule: str) -> RuleUse:
    path = folder / "fleet.yaml"
    text = f'dqcheck_rules: "1"\nstandard: fleet\nas_of: 2026-06-30\nrules:\n  - {{{rule}}}\n'
    path.write_text(text, encoding="utf-8")
    rules, node = read_document(path)
    (use,) = compile_document(PLAN, rules, node, label="fleet.yaml")
    return use


@pytest.mark.parametrize(
    ("rule", "verdicts"),
    [
        (
            "id: fleet.doors.few, title: T, dimension: validity, severity: info,"
            " expect: doors <= 5, when: seen is present,"
            " passing: [{doors: 4, seen: x}, {doors: 9}],"
            " failing: [{doors: 6, seen: x}, {doors: x, seen: x}, {doors: 3, seen: x}]",
            ["passes", "has nothing to say", "fails", "can't be decided", "passes"],
        ),
        (
            "id: fleet.extras.few, title: T, dimension: validity, severity: info,"
            " expect: 'len(extras) <= 1', passing: [{extras: a}, {}],"
            " failing: [{extras: [a, b]}, {extras: 'a;b'}]",
            ["passes", "passes", "fails", "fails"],
        ),
        (
            "id: fleet.maker.known, title: T, dimension: consistency, severity: info,"
            " exists_in: Maker.name, given: [{name: A}], passing: [{maker: A}],"
            " failing: [{maker: B}, {}]",
            ["passes", "fails", "has nothing to say"],
        ),
        (
            "id: fleet.maker.known, title: T, dimension: consistency, severity: info,"
            " exists_in: Maker.name, when: doors > 2, given: [{name: A}],"
            " passing: [{maker: A, doors: 3}, {maker: B, doors: 2}],"
            " failing: [{maker: B, doors: 3}, {maker: B}, {doors: 3}]",
            ["passes", "has nothing to say", "fails", "can't be decided", "has nothing to say"],
        ),
        (
            "id: fleet.seen.after, title: T, dimension: consistency, severity: info,"
            " refers_to: {firm: {class: Maker, by: maker}},"
            " expect: seen >= firm.since or firm.since is missing, when: maker is present,"
            " given: [{name: A, since: 2001-01-01}, {name: B}],"
            " passing: [{maker: A, seen: 2001-01-01}, {maker: B, seen: 1999-01-01}, {}],"
            " failing: [{maker: A, seen: 1999-01-01}, {maker: C, seen: 1999-01-01}, {maker: A}]",
            [
                "passes",
                "passes",
                "has nothing to say",
                "fails",
                "can't be decided",
                "can't be decided",
            ],
        ),
        (
            "id: fleet.Car.enough, title: T, dimension: completeness, severity: info,"
            " rows: {minimum: 2, maximum: 3}, passing: [{row_count: 2}, {row_count: 3}],"
            " failing: [{row_count: 1}, {row_count: 4}]",
            ["passes", "passes", "fails", "fails"],
        ),
        (
            "id: fleet.seen.alive, title: T, dimension: timeliness, severity: info,"
            " newest: {slot: seen, within_days: 7},"
            " passing: [{seen: 2000-01-01}, {seen: 2026-06-23}],"
            " failing: [{seen: 2026-06-22}, {seen: 2999-01-01}]",
            ["passes", "passes", "fails", "fails"],
        ),
        (
            "id: fleet.seen.fresh, title: T, dimension: timeliness, severity: info,"
            " fresh: {slot: seen, within_days: 7}, passing: [{seen: 2026-06-23}],"
            " failing: [{seen: 2026-06-22}]",
            ["passes", "fails"],
        ),
    ],
)
def test_verdicts(tmp_path: Path, rule: str, verdicts: list[str]) -> None:
    assert [example.verdict for example in run_examples(PLAN, _use(tmp_path, rule))] == verdicts


_GOOD = (
    "id: fleet.doors.few, title: T, dimension: validity, severity: info, expect: doors <= 5,"
    " rationale: W, fix: F, passing: [{doors: 4}], failing: [{doors: 6}]"
)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (("", ""), []),
        ((", failing: [{doors: 6}]", ""), ["no-failing-row"]),
        ((", passing: [{doors: 4}]", ""), ["no-passing-row"]),
        ((" rationale: W,", ""), ["no-rationale"]),
        ((" fix: F,", ""), ["no-fix"]),
        (("expect: doors <= 5", "expect: 1 < 2"), ["reads-no-slot", "target-not-read"]),
        (("rationale", "when: True, rationale"), ["constant-precondition"]),
        (("doors.few", "maker.few"), ["target-not-read"]),
    ],
)
def test_lint(tmp_path: Path, change: tuple[str, str], codes: list[str]) -> None:
    assert [item.code for item in lint_rule(_use(tmp_path, _GOOD.replace(*change)))] == codes


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ("id: fleet.maker.known, exists_in: Maker.name", ["no-given-row"]),
        (
            "id: fleet.maker.known, exists_in: Maker.name, when: True, given: [{name: A}]",
            ["constant-precondition"],
        ),
        (
            "id: fleet.maker.known, exists_in: Maker.name, when: seen is present,"
            " given: [{name: A}]",
            [],
        ),
        (
            "id: fleet.maker.old, refers_to: {firm: {class: Maker, by: maker}},"
            " expect: seen > firm.since, when: 1 < 2",
            ["no-given-row", "constant-precondition"],
        ),
        (
            "id: fleet.doors.old, refers_to: {firm: {class: Maker, by: maker}},"
            " expect: seen > firm.since, given: [{name: A}]",
            ["target-not-read"],
        ),
    ],
)
def test_lint_of_rules_across_classes(tmp_path: Path, rule: str, codes: list[str]) -> None:
    rest = (
        ", title: T, dimension: consistency, severity: info, fix: F, rationale: W,"
        " passing: [{maker: A}], failing: [{maker: B}]"
    )
    assert [item.code for item in lint_rule(_use(tmp_path, rule + rest))] == codes


AS_OF = date(2026, 6, 30)


def _newest(kind: str) -> TableCheck:
    return TableCheck(
        "fleet.seen.alive", TableCheckKind.NEWEST, "seen", Dimension.TIMELINESS, Severity.INFO,
        max_age_days=7, type=kind,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "cells", "outcome"),
    [
        ("date", ["2026-06-23", "x", None], Outcome.PASSED),
        ("date", ["2026-06-22", "2026-07-01"], Outcome.FAILED),
        ("datetime", ["2026-06-30T23:59:59"], Outcome.PASSED),
        ("datetime", ["2026-07-01T00:00:00"], Outcome.NOT_ASSESSED),
        ("date", [None, "x"], Outcome.NOT_ASSESSED),
        ("date", [], Outcome.NOT_ASSESSED),
    ],
)
def test_newest(kind: str, cells: list[str | None], outcome: Outcome) -> None:
    check = _newest(kind)
    frame = pl.LazyFrame({"seen": pl.Series(cells, dtype=pl.String)})
    value = frame.select(aggregate(check, Context(AS_OF))).collect().item()
    assert judge(check, value, AS_OF).outcome is outcome


def test_a_verdict_on_a_table_counts_one() -> None:
    check = TableCheck(
        "fleet.Car.enough", TableCheckKind.ROW_COUNT, None, Dimension.COMPLETENESS, Severity.INFO,
        minimum=3,
    )  # fmt: skip
    value = pl.LazyFrame({"seen": ["a", "b"]}).select(aggregate(check, Context(AS_OF))).collect()
    assert judge(check, value.item(), AS_OF) == Measurement(
        "fleet.Car.enough", Outcome.FAILED, checked=1, failed=1, reason="2 rows"
    )
