"""What `share` reads in two steps is what `parse` and `valid` read in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqcheck.expressions import types
from dqcheck.expressions.evaluate import Context, build, share

QUICK = ["integer", "float", "double", "decimal", "date", "datetime"]
YEARS = ["0000", "0001", "1582", "1900", "2000", "2023", "2024", "9999"]
CLOCKS = ["", "T00:00:00", "T23:59:59Z", "T24:00:00", "T12:60:00", "T12:00:60", "T12:00:00+01:00"]
ODD = [
    *("", " ", "5", " 5", "5 ", "+5", "-0", "--5", "5.", ".5", ".", "1e5", "1E5", "e", "1_0"),
    *("٣", "INF", "inf", "-INF", "+INF", "NaN", "nan", "infinity", "1e400", "1e-400", "5\n"),
    *("9" * 18, "9" * 19, "-" + "9" * 20, "9" * 38, "9" * 39, "5.0", "5.00", "1,5", "true"),
    *("2024-1-05", "2024- 1-05", "+024-01-05", "-024-01-05", " 024-01-05", "02024-1-05"),
    *("2024-01-05 ", "2024-01-05Z", "2024-01-05+14:00", "2024/01/05", "20240105", "２０24-01-05"),
    *("2024-01-05T1:00:00", "2024-01-05t10:00:00", "2024-01-05 10:00:00", "2024-01-05T10:00"),
    *("2024-01-05T10:00:00.5", "2024-01-05T10:00:00.123456789Z", "2024-01-05T10:00:00-00:00"),
]


def compare(texts: Sequence[str | None], kind: str) -> None:
    frame = pl.LazyFrame({"slot": texts}, schema={"slot": pl.String})
    trees = [["value", "slot", kind], ["valid", "slot", kind]]
    context = Context(as_of=date(2026, 1, 1))
    shared, fused = share(frame, trees, context)
    assert fused.shared, "the type is read in one step after all"
    names = ["value", "valid"]
    pairs = list(zip(names, trees, strict=True))
    read = shared.select(build(tree, fused).alias(name) for name, tree in pairs).collect()
    plain = frame.select(build(tree, context).alias(name) for name, tree in pairs).collect()
    assert read.equals(plain)


@pytest.mark.parametrize("kind", QUICK)
def test_odd_texts_are_read_alike(kind: str) -> None:
    compare([*ODD, None], kind)


@pytest.mark.parametrize("kind", ["date", "datetime"])
@pytest.mark.parametrize("clock", CLOCKS)
def test_every_day_that_is_or_is_not_is_read_alike(kind: str, clock: str) -> None:
    days = [f"{y}-{m:02}-{d:02}{clock}" for y in YEARS for m in range(14) for d in range(33)]
    compare(days, kind)


@pytest.mark.parametrize("kind", QUICK)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_looks_like_the_type_is_read_alike(kind: str, data: st.DataObject) -> None:
    near = {
        "date": "[0-9+ ]{1,5}-[0-9 ]{1,3}-[0-9 ]{1,3}[Z ]?",
        "datetime": "[0-9]{4}-0[0-9]-[0-3][0-9]T[0-9 ]{1,2}:[0-9]{1,2}:[0-9]{1,2}[.Z+0:]{0,6}",
    }.get(kind, r"[ +-]?[0-9]{0,20}[.eE]?[+-]?[0-9]{0,4}[ \t]?")
    text = st.from_regex(near, fullmatch=True) | st.text(max_size=8) | st.none()
    compare(data.draw(st.lists(text, min_size=1, max_size=30)), kind)


def test_plain_forms_need_no_second_look() -> None:
    plain = {
        "integer": "42", "decimal": "4.2", "float": "4e2", "double": "4.2",
        "date": "2023-12-31", "datetime": "2023-12-31T23:59:59Z",
    }  # fmt: skip
    for kind, text in plain.items():
        found = types.quick(pl.col("slot"), kind)
        assert found is not None
        assert pl.DataFrame({"slot": [text]}).select(found[0].alias("is_plain")).item() is True
