"""The fused backend against Pandera's own: same verdicts, same failing rows."""

from __future__ import annotations

from datetime import date

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from dqcheck.expressions.evaluate import Context, build, slots_of
from dqcheck.model import Check, Dimension, Severity, items_column
from dqcheck.validation.schema import FusedSchema, compile_schema, count_checks

CONTEXT = Context(as_of=date(2026, 11, 22), multivalued=frozenset({"m"}))
SLOTS = ("a", "b", "c", "m")
TYPES = ("integer", "float", "date", "datetime", "boolean", "time", "curie", "date_or_datetime")

lexical = st.sampled_from(
    [
        "", "0", "-1", "+7", "99999999999999999999", "1e400", "-0.0", "INF", "NaN", " 5 ", "5.0",
        "2024-02-29", "2023-02-29", "2024-02-29T24:00:00", "2024-02-29T10:00:00+14:00",
        "10:00:00Z", "true", "TRUE", "a:b", "ﬁ", "İ", "\u200b", "🚓", "e\u0301", "0007",
    ]
)  # fmt: skip
text = st.one_of(lexical, st.text(max_size=6).filter(lambda t: "\x00" not in t))
cell = st.one_of(st.none(), text.filter(bool))


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    count = draw(st.integers(0, 8))
    rows = draw(st.lists(st.tuples(cell, cell, cell, cell), min_size=count, max_size=count))
    columns = {slot: [row[at] for row in rows] for at, slot in enumerate(SLOTS)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(SLOTS, pl.String))
    return frame.with_columns(pl.col("m").str.split("|").alias(items_column("m")))


def comparisons(slot: str) -> st.SearchStrategy[list[object]]:
    def typed(kind: str, literal: str) -> st.SearchStrategy[list[object]]:
        operator = st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"])
        return operator.map(lambda op: [op, ["value", slot, kind], ["lit", kind, literal]])

    return st.one_of(
        typed("integer", "5"),
        typed("float", "0.5"),
        typed("date", "2024-02-29"),
        typed("datetime", "2024-02-29T00:00:00"),
        st.just(["lt", ["value", slot, "date"], ["today"]]),
        st.just(["matches", ["text", slot], "^[0-9a-z]+$"]),
        st.just(["matches_python", ["text", slot], "^(?!0)"]),
        st.just(["in_enum", ["text", slot], "e", ["5", "true", "ﬁ"]]),
        st.just(["ge", ["length", ["text", slot]], ["lit", "integer", "2"]]),
        st.just(["present", slot]),
        st.sampled_from(TYPES).map(lambda kind: ["valid", slot, kind]),
    )


def join(inner: st.SearchStrategy[list[object]]) -> st.SearchStrategy[list[object]]:
    return st.one_of(
        inner.map(lambda tree: ["not", tree]),
        inner.map(lambda tree: ["true", tree]),
        st.tuples(st.sampled_from(["and", "or", "one", "implies"]), inner, inner).map(list),
        st.tuples(inner, inner, inner).map(lambda parts: ["if", *parts]),
    )


single = st.sampled_from(["a", "b", "c"]).flatmap(comparisons)
listed = st.one_of(
    comparisons(".").filter(lambda tree: tree[0] != "present").map(lambda t: ["every", "m", t]),
    comparisons(".").filter(lambda tree: tree[0] != "present").map(lambda t: ["some", "m", t]),
    st.just(["distinct", "m"]),
    st.just(["le", ["count", "m"], ["lit", "integer", "2"]]),
)
trees = st.recursive(st.one_of(single, listed), join, max_leaves=4)


def make_checks(found: list[list[object]]) -> list[Check]:
    checks = []
    for number, tree in enumerate(found):
        slots = tuple(sorted(slots_of(tree)))
        checks.append(
            Check(
                id=f"s.{slots[0]}.check_{number}",
                slot=slots[0],
                slots=slots,
                dimension=Dimension.VALIDITY,
                severity=Severity.VIOLATION,
                expression=tree,
                applies=["lit", "boolean", "true"],
                title="",
            )
        )
    return checks


def failing_rows_of_pandera(
    schema: pa.DataFrameSchema, frame: pl.DataFrame
) -> dict[str, list[int]]:
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.select("check", "index")
        return {
            str(check): sorted(rows)
            for check, rows in cases.group_by("check").agg("index").iter_rows()
        }
    return {}


@given(frames(), st.lists(trees, min_size=1, max_size=4))
def test_same_verdict_and_same_failing_rows(frame: pl.DataFrame, found: list[list[object]]) -> None:
    checks = make_checks(found)
    stock = compile_schema("s", SLOTS, checks, CONTEXT, hidden={}, fused=False)
    fused = compile_schema("s", SLOTS, checks, CONTEXT, hidden={})
    assert not isinstance(stock, FusedSchema)

    expected = failing_rows_of_pandera(stock, frame)
    counts = count_checks(frame.lazy(), fused)
    assert {name: count.failed for name, count in counts.items() if count.failed} == {
        name: len(rows) for name, rows in expected.items()
    }
    for check in checks:
        failed = frame.lazy().with_row_index("at").filter(~build(check.expression, CONTEXT))
        assert failed.collect()["at"].to_list() == expected.get(check.id, [])
    for given_frame in (frame, frame.lazy()):
        if expected:
            with pytest.raises(SchemaErrors):
                fused.validate(given_frame, lazy=True)
        else:
            fused.validate(given_frame, lazy=True)


@given(frames(), st.lists(trees, min_size=1, max_size=3))
def test_counts_add_up(frame: pl.DataFrame, found: list[list[object]]) -> None:
    fused = compile_schema("s", SLOTS, make_checks(found), CONTEXT, hidden={})
    counts = count_checks(frame.lazy(), fused)
    for count in counts.values():
        assert 0 <= count.failed <= count.checked
        assert count.checked + count.unknown == frame.height


def test_errors_carry_shapes_and_no_values() -> None:
    frame = pl.DataFrame(
        {"a": ["Zebedee-1", "x"], "b": [None, None]}, schema={"a": pl.String, "b": pl.String}
    )
    check = make_checks([["matches", ["text", "a"], "^x$"]])
    schema = compile_schema("s", ("a", "b"), check, CONTEXT, hidden={})
    with pytest.raises(SchemaErrors) as raised:
        schema.validate(frame, lazy=True)
    assert raised.value.failure_cases.to_dicts() == [
        {"failure_case": "Aaaaaaa-9", "count": 1, "column": "a", "check": "s.a.check_0"}
    ]
    said = f"{raised.value} {raised.value.message} {raised.value.args} {vars(raised.value)}"
    for error in raised.value.schema_errors:
        said += f"{error} {vars(error)}"
    assert "Zebedee" not in said


def test_missing_and_mistyped_columns_fail() -> None:
    schema = compile_schema("s", ("a", "b"), [], CONTEXT, hidden={})
    with pytest.raises(SchemaErrors) as raised:
        schema.validate(pl.DataFrame({"a": [1]}), lazy=True)
    assert raised.value.error_counts == {"WRONG_DATATYPE": 1, "COLUMN_NOT_IN_DATAFRAME": 1}


def test_a_sample_proves_nothing() -> None:
    schema = compile_schema("s", ("a",), [], CONTEXT, hidden={})
    with pytest.raises(TypeError, match="all rows"):
        schema.validate(pl.DataFrame({"a": ["x"]}), head=1)
