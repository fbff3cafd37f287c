"""Where LinkML's own evaluator has an answer, the rule language gives the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from linkml_runtime.utils.eval_utils import eval_expr

from dqcheck.expressions.evaluate import Context, build
from dqcheck.expressions.parse import parse
from dqcheck.expressions.resolve import resolve
from dqcheck.standards.plan import SlotPlan

SLOTS = {
    "a": SlotPlan("a", "a", type="integer"),
    "b": SlotPlan("b", "b", type="integer"),
    "s": SlotPlan("s", "s"),
}
_NUMBERS = st.integers(-9, 9)
_TEXTS = st.text(alphabet="xyz ", min_size=1, max_size=3)

_number = st.deferred(
    lambda: st.one_of(
        st.integers(0, 9).map(str),
        st.sampled_from(["{a}", "{b}"]),
        st.tuples(_number, st.sampled_from(["+", "-", "*"]), _number).map(_bracketed),
        st.tuples(_number, _number).map(lambda pair: f"max([{pair[0]}, {pair[1]}])"),
        st.tuples(_number, _number).map(lambda pair: f"min([{pair[0]}, {pair[1]}])"),
        _number.map(lambda part: f"(-{part})"),
        _text.map(lambda part: f"strlen({part})"),
        st.tuples(_number, _condition, _number).map(_ternary),
        st.tuples(_condition, _number, _number).map(_case),
    )
)
_text = st.deferred(
    lambda: st.one_of(
        _TEXTS.map(lambda text: f'"{text}"'),
        st.just("{s}"),
        st.tuples(_text, st.just("+"), _text).map(_bracketed),
        st.tuples(_text, _condition, _text).map(_ternary),
    )
)
_condition = st.deferred(
    lambda: st.one_of(
        st.tuples(_number, st.sampled_from(["==", "<", "<=", ">", ">="]), _number).map(_bracketed),
        st.tuples(_text, st.just("=="), _text).map(_bracketed),
        st.sampled_from(["True", "False"]),
    )
)


def _bracketed(parts: tuple[str, ...]) -> str:
    return f"({' '.join(parts)})"


def _ternary(parts: tuple[str, str, str]) -> str:
    return f"({parts[0]} if {parts[1]} else {parts[2]})"


def _case(parts: tuple[str, str, str]) -> str:
    return f"case(({parts[0]}, {parts[1]}), (True, {parts[2]}))"


@given(
    text=st.one_of(_number, _text, _condition),
    a=st.none() | _NUMBERS,
    b=st.none() | _NUMBERS,
    s=st.none() | _TEXTS,
)
def test_agrees_with_linkml(text: str, a: int | None, b: int | None, s: str | None) -> None:
    expected: Any = eval_expr(text, a=a, b=b, s=s)
    cells = {"a": None if a is None else str(a), "b": None if b is None else str(b), "s": s}
    frame = pl.DataFrame({name: [cell] for name, cell in cells.items()}).cast(pl.String)
    tree = resolve(parse(text), SLOTS, {})
    assert frame.select(build(tree, Context(date(2026, 1, 1)))).item() == expected
