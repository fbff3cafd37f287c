"""The rule language: types, names and codes, and what the trees come to in Polars."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dqcheck.errors import ConfigurationError
from dqcheck.expressions.evaluate import Context, build
from dqcheck.expressions.parse import equate, parse
from dqcheck.expressions.resolve import resolve
from dqcheck.expressions.resolve_functions import FUNCTIONS
from dqcheck.model import items_column
from dqcheck.standards.plan import EnumPlan, SlotPlan, Value

SLOTS = {
    slot.name: slot
    for slot in (
        SlotPlan("age", "age", type="integer"),
        SlotPlan("height", "height", type="float"),
        SlotPlan("name", "name"),
        SlotPlan("dob", "dob", type="date", aliases=("birth_date",)),
        SlotPlan("at", "at", type="datetime"),
        SlotPlan("ok", "ok", type="boolean"),
        SlotPlan("hair", "hair", type=None, enum="Hair"),
        SlotPlan("eyes", "eyes", type=None, enum="Open"),
        SlotPlan("marks", "marks", type=None, enum="Hair", multivalued=True),
        SlotPlan("either", "either", type=None),
    )
}
ENUMS = {
    "Hair": EnumPlan(
        "Hair", "", "", "", (Value("Black", "Black hair", aliases=("blk",)), Value("Brown"))
    ),
    "Open": EnumPlan("Open", "", "", "", ()),
}
AS_OF = date(2026, 1, 31)
FULL = {
    "age": "25", "height": "1.5", "name": "Ann", "dob": "1990-02-03", "at": "2020-01-01T10:00:00",
    "ok": "true", "hair": "Black", "eyes": "Blue", "marks": "Black|Brown", "either": "7",
}  # fmt: skip


def _value(text: str, **cells: str | None) -> Any:
    row = {**FULL, **cells}
    frame = pl.DataFrame({name: [cell] for name, cell in row.items()}).cast(pl.String)
    frame = frame.with_columns(pl.col("marks").str.split("|").alias(items_column("marks")))
    tree = resolve(parse(text), SLOTS, ENUMS)
    return frame.select(build(tree, Context(AS_OF, frozenset({"marks"})))).item()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("age + 1", 26),
        ("-age // 7", -4),
        ("-age % 7", 3),
        ("age / 2", 12.5),
        ("age ** 2", 625.0),
        ("abs(-age)", 25),
        ("floor(height)", 1.0),
        ("ceil(height)", 2.0),
        ("round(height)", 2.0),
        ("round(height * 1.234, 1)", 1.9),
        ("min(age, height)", 1.5),
        ("max([age, 99])", 99),
        ("str(age) + name", "25Ann"),
        ("number('12') + 1", 13.0),
        ("strlen(name)", 3),
        ("len(name)", 3),
        ("len(marks)", 2),
        ("upper(name) + lower(name) + trim(' x ')", "ANNannx"),
        ("substring(name, 1, 2)", "nn"),
        ("substring('ABC', number('1'), 1)", "B"),
        ("replace(name, 'n+', 'm')", "Am"),
        ("starts_with(name, 'A') and ends_with(name, 'n') and contains(name, 'nn')", True),
        ("name matches '^A'", True),
        ("name not matches '^A'", False),
        ("matches(name, '^(?!B)')", True),
        ("hair == 'Black'", True),
        ("hair in ['Black', 'Brown'] and hair not in ['Brown']", True),
        ("eyes == 'Anything'", False),
        ("20 <= age < 30", True),
        ("age in [25, 26.5]", True),
        ("dob in [date('1990-02-03')]", True),
        ("dob < at", True),
        ("date(at) == date('2020-01-01')", True),
        ("at == datetime('2020-01-01T10:00:00')", True),
        ("today()", AS_OF),
        ("year(dob) * 10000 + month(dob) * 100 + day(dob)", 19900203),
        ("days_between(dob, add_days(dob, 3))", 3),
        ("years_between(dob, date('2026-02-02'))", 35),
        ("years_between(dob, date('2026-02-03'))", 36),
        ("max(dob, at)", datetime(2020, 1, 1, 10)),
        ("name if ok else 'other'", "Ann"),
        ("case((age < 18, 'child'), (True, 'adult'))", "adult"),
        ("case((age < 18, 'child'))", None),
        ("exactly_one(ok, age > 3, hair == 'Black')", False),
        ("implies(ok, age > 30)", False),
        ("'Brown' in marks", True),
        ("every(marks, item == 'Black')", False),
        ("some(marks, item == 'Black')", True),
        ("count(marks, item == 'Black' or item matches 'w')", 2),
        ("distinct(marks)", True),
        ("either == '7' and either > 6", True),
        ("either in ['7', '8']", True),
        ("'7' == either", True),
        ("(age + 1) is present", True),
        ("True and not False", True),
    ],
)
def test_gives(text: str, value: object) -> None:
    assert _value(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("age > 3", None),
        ("age > 3 or name == 'Ann'", True),
        ("{age} > 3 or name == 'Ann'", None),
        ("name == 'Ann' if name is present else {age} > 3", True),
        ("age is missing", True),
        ("age is present", False),
        ("coalesce(age, 7)", 7),
        ("age in [1, 2]", None),
        ("min(age, 3)", None),
        ("name == 'Bob' and age > 3", False),
        ("implies(age > 3, ok)", True),
        ("None", None),
    ],
)
def test_missing_operands_are_unknown(text: str, value: object) -> None:
    assert _value(text, age=None) == value


def test_values_that_can_not_be_read_are_unknown() -> None:
    assert _value("age > 3", age="x") is None
    assert _value("age is present", age="x") is True


def test_equals_expression_of_linkml() -> None:
    tree = resolve(equate("height", parse("{age} / 2")), SLOTS, ENUMS, expect="boolean")
    reads = ["value", "age", "integer"]
    assert tree == ["eq", ["value", "height", "float"], ["div", reads, ["lit", "integer", "2"]]]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("hair == 'Blakc'", ['"Blakc" is no code of "hair"', 'did you mean "Black"?']),
        ("hair in ['Brown', 'blk']", ['"blk" is no code', 'code is "Black"']),
        ("'Red' in marks", ['"Red" is no code of "marks"']),
        ("every(marks, item != 'Red')", ['"Red" is no code']),
        ("dob > 3", ['"dob", a date, can\'t be compared with a number']),
        ("dob > '2020-01-01'", ['date("2026-01-31")']),
        ("age == '25'", ['"age", a number, can\'t be compared with a text']),
        ("ok > False", ["have no order"]),
        ("birth_date < today()", ['no slot "birth_date"', 'did you mean "dob"?']),
        ("agee > 3", ['did you mean "age"?']),
        ("hair == Black", ['no slot "Black"', "a text needs quotes"]),
        ("ok == true", ['write "True"']),
        ("item == 'x'", ['no slot "item"']),
        ("marks == 'Black'", ['"marks" holds a list']),
        ("every(marks, age > 3)", ['can\'t be read while looking at the elements of "marks"']),
        ("every(name, item == 'x')", ['"name" holds one value']),
        ("every(3, item == 'x')", ["takes the name of a slot"]),
        ("name in marks", ['only a fixed value can be looked for in "marks"']),
        ("'x' in hair", ['"in" needs a list']),
        ("age in []", ["the list is empty"]),
        ("age + name", ["a number and a text can't be added"]),
        ("dob - today()", ["days_between()"]),
        ("dob + 1", ["add_days()"]),
        ("name * 2", ['a number is needed, and this is a text (slot "name")']),
        ("age and ok", ["a condition is needed", 'write "age is present"']),
        ("1 if name else 2", ["a condition is needed"]),
        ("strln(name) > 1", ['no function "strln"', 'did you mean "strlen"']),
        ("name.upper()", ["a row is flat"]),
        ("strlen(name, 2) > 1", ["takes 1 value, and 2 are given"]),
        ("min() > 1", ["takes at least 1 value"]),
        ("round(height, 1.5) > 1", ["whole number"]),
        ("name matches age", ["a pattern must be a text in quotes"]),
        ("name matches '('", ["not a regular expression"]),
        ("replace(name, '(?=x)', '') == ''", ["can't take look-around"]),
        ("dob == date('2020-13-01')", ["this is not a date"]),
        ("dob == date('2020')", ["this is not a date"]),
        ("date(dob) == dob", ["a date with time is needed"]),
        ("case(1) == 2", ["pairs of a condition and a value"]),
        ("hair == None", ['write "is missing"']),
        ("[1, 2]", ["a list can only stand"]),
        ("age", ["gives a number, and true or false is needed"]),
        ("coalesce(age, name) == 1", ["can't be compared"]),
    ],
)
def test_refuses_what_can_not_work(text: str, parts: list[str]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        resolve(parse(text), SLOTS, ENUMS, expect="boolean")
    for part in parts:
        assert part in str(raised.value)


def test_collects_all_faults_in_order() -> None:
    with pytest.raises(ConfigurationError) as raised:
        resolve(parse("agee == 3 or zork(2) or hair == 'x'"), SLOTS, ENUMS)
    columns = [fault.place and fault.place.column for fault in (raised.value, *raised.value.others)]
    assert columns == [1, 14, 25]


def test_every_function_is_documented() -> None:
    page = Path(__file__).parents[3] / "docs" / "expressions.md"
    documented = {
        match.group(1): match.group(2).strip()
        for match in re.finditer(
            r"^\| `(\w+)\(.*\)` \| [^|]+ \| (.*) \|$",
            page.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    }
    assert documented == {name: function.summary for name, function in FUNCTIONS.items()}
