"""Whatever is written, the answer is a tree or a fault with a place."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from dqcheck.errors import ConfigurationError
from dqcheck.expressions.parse import parse
from dqcheck.expressions.resolve import resolve
from dqcheck.expressions.resolve_functions import FUNCTIONS
from dqcheck.standards.plan import EnumPlan, SlotPlan, Value

SLOTS = {
    "age": SlotPlan("age", "age", type="integer"),
    "dob": SlotPlan("dob", "dob", type="date"),
    "hair": SlotPlan("hair", "hair", type=None, enum="Hair"),
    "marks": SlotPlan("marks", "marks", multivalued=True),
    "any": SlotPlan("any", "any", type=None),
}
ENUMS = {"Hair": EnumPlan("Hair", "", "", "", (Value("Black"),))}
_WORDS = st.sampled_from(
    [
        *FUNCTIONS, *SLOTS, "item", "and", "or", "not", "in", "is", "missing", "present", "matches",
        "if", "else", "True", "None", "(", ")", "[", "]", ",", "==", "<", "+", "-", "*", "/", "**",
        "{age}", "'x'", '"Black"', "r'('", "1", "2.5", "date('2020-01-01')",
    ]
)  # fmt: skip


def _fault(text: str) -> ConfigurationError | None:
    try:
        resolve(parse(text), SLOTS, ENUMS)
    except ConfigurationError as fault:
        return fault
    return None


def _read(text: str) -> None:
    fault = _fault(text)
    assert fault is None or (fault.place is not None and fault.place.column is not None)


@given(st.text())
@example("9" * 5000)
@example("1e999999")
@example("\ud800")
def test_any_text(text: str) -> None:
    _read(text)


@given(st.lists(_WORDS, max_size=14).map(" ".join))
def test_any_words(text: str) -> None:
    _read(text)


_PART = st.recursive(
    st.sampled_from(["age", "dob", "hair", "marks", "any", "item", "'x'", "1", "True", "None"]),
    lambda parts: st.one_of(
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), st.lists(parts, max_size=3)).map(
            lambda call: f"{call[0]}({', '.join(call[1])})"
        ),
        st.tuples(parts, st.sampled_from(["+", "/", "==", "<", "in", "and"]), parts).map(
            lambda three: f"({' '.join(three)})"
        ),
        st.lists(parts, max_size=2).map(lambda items: f"[{', '.join(items)}]"),
    ),
    max_leaves=8,
)


@given(_PART)
def test_any_well_formed_expression(text: str) -> None:
    _read(text)
