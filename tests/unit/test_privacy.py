from __future__ import annotations

import hashlib
import hmac

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqcheck.errors import ConfigurationError, UsageError
from dqcheck.model import Privacy
from dqcheck.privacy import (
    CODE_SHAPE,
    check_show_values,
    is_column_name,
    make_token,
    make_token_key,
    may_show,
    runs_under_ci,
    safe_name,
    safe_path,
    safe_value,
    shape,
    shape_cells,
    token_expression,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SW1A 2AA", "AA9A 9AA"),
        ("O'Brien-Smith", "A'Aaaaa-Aaaaa"),
        ("Łukasz", "Aaaaaa"),
        ("e\u0301clair", "aaaaaa"),
        ("日本", "aa"),
        ("٣", "9"),
        ("a\x00b\x1b[31m\u202ec", "aa[99aa"),
        ("two\nlines\tand tabs", "aaa aaaaa aaa aaaa"),
        ("1234567890", "9999999999"),
        ("1" * 13, "999999999999…"),
        ("x" * 5000, "aaaaaaaaaaaa…"),
        ("a1" * 30, "a9" * 20 + "…"),
        ("", ""),
        ("\ud800", "?"),
    ],
)
def test_shape(text: str, expected: str) -> None:
    assert shape(text) == expected


@given(st.text())
def test_a_shape_holds_no_letter_or_digit_of_the_value(text: str) -> None:
    made = shape(text)
    assert all(character in "Aa9" for character in made if character.isalnum())
    assert len(made) <= 41
    assert shape(made.replace("…", "")) == made.replace("…", "")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_cut_reads_the_same_however_long_it_is(text: str) -> None:
    assert shape("A" * 500 + text) == shape("A" * 700 + text)


def test_names_lose_what_could_rewrite_a_terminal() -> None:
    assert safe_name("a\x1b[2Jb\u202ec\r\nd") == "a[2Jbc  d"
    assert safe_name("x" * 100) == "x" * 79 + "…"
    assert safe_path("d/" + "x" * 200) == "d/" + "x" * 200
    assert safe_path("\udcff.csv") == "?.csv"


@pytest.mark.parametrize("privacy", [each for each in Privacy if each is not Privacy.CODE])
def test_only_code_slots_ever_show_values(privacy: Privacy) -> None:
    assert not may_show("Black", privacy, known={"black"}, keys=10_000, show_values=True)


def test_code_slots_show_codes_common_values_and_what_is_asked_for() -> None:
    def shows(value: str, keys: int = 1, *, asked: bool = False) -> bool:
        return may_show(value, Privacy.CODE, known={"not known"}, keys=keys, show_values=asked)

    assert shows("Not  known ")
    assert shows("NOT KNOWN")
    assert not shows("J Smith")
    assert not shows("J Smith", 7)
    assert shows("J Smith", 8)
    assert shows("J Smith", asked=True)


def test_a_token_is_the_hmac_of_the_key() -> None:
    key = make_token_key(" secret of more than sixteen bytes\n")
    expected = hmac.new(
        b"secret of more than sixteen bytes", b"NHS 943", hashlib.sha256
    ).hexdigest()
    assert make_token(key, "NHS 943") == expected
    assert not key.weak
    assert "secret" not in repr(key)
    assert make_token_key("another secret").id != key.id
    assert make_token_key("short").weak


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="empty"):
        make_token_key(" \n")


def test_tokens_of_a_column() -> None:
    key = make_token_key("k" * 32)
    frame = pl.LazyFrame({"key": ["a", None, "b", "a"]})
    made = frame.select(token_expression(pl.col("key"), key)).collect(engine="streaming")
    a, b = make_token(key, "a"), make_token(key, "b")
    assert made["key"].to_list() == [a, None, b, a]
    none = frame.with_columns(token_expression(pl.col("key"), None).alias("key")).collect()
    assert none["key"].to_list() == [None] * 4


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, False), ("", False), ("0", False), ("false", False), ("true", True), ("1", True)],
)
def test_ci(value: str | None, expected: bool) -> None:
    assert runs_under_ci({} if value is None else {"CI": value}) is expected


def test_show_values_is_for_a_persons_own_terminal() -> None:
    check_show_values({}, to_terminal=True)
    with pytest.raises(UsageError, match="under CI"):
        check_show_values({"CI": "true"}, to_terminal=True)
    with pytest.raises(UsageError, match="no terminal"):
        check_show_values({}, to_terminal=False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Female", CODE_SHAPE),
        (" FEMALE ", CODE_SHAPE),
        ("m", CODE_SHAPE),
        ("Male|Female", CODE_SHAPE),
        ("[Male, other]", CODE_SHAPE),
        ("Grosse\u00a0Frau", CODE_SHAPE),
        ("GROSSE FRAU", CODE_SHAPE),
        ("Femal", "Aaaaa"),
        ("Zoe Male-Smith", "Aaa Aaaa-Aaaaa"),
        (None, None),
    ],
)
def test_the_shape_of_a_code_would_give_it_away(value: str | None, expected: str | None) -> None:
    hidden = {"gender": frozenset({"Female", "Male", "M", "Große Frau"})}
    frame = pl.DataFrame(
        {"slot": ["gender", "name"], "value": [value, value]},
        schema={"slot": pl.String, "value": pl.String},
    )
    found = frame.select(shape_cells(hidden).alias("shape"))["shape"].to_list()
    assert found == [expected, None if value is None else shape(value)]


def test_space_around_a_value_stays() -> None:
    assert safe_value("Grey ") == "Grey "
    assert safe_value("Gr\x1bey\n") == "Grey "
    assert safe_name(" Grey ") == "Grey"


@pytest.mark.parametrize(
    "text",
    ["dob", "Hair colour", "Audit time (UTC)", "eye_colour_2", "N/A?", "_id", "Prénom", "a" * 60],
)
def test_names_of_columns(text: str) -> None:
    assert is_column_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1990-01-01", "1/2/90", "07700 900123", "ann@example.org", "SW1A 2AA", "N1 9GU",
        "AB12 CDE", "QQ123456C", "Smith, Ann", "2nd", "a" * 61, "x\ny", "Ⓒ", "A½⅓", "№", "<b>",
    ],
)  # fmt: skip
def test_values_that_are_no_names_of_columns(text: str) -> None:
    assert not is_column_name(text)
