"""Canaries for Pandera: each asserts what we would wish, and fails loudly once it comes true.

When one of these passes, the workaround it names can go.
"""

from __future__ import annotations

import subprocess
import sys
import warnings

import pandera.polars as pa
import polars as pl
import pytest
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaErrors

SECRET = "ZZSECRET"
ROWS = pl.DataFrame({"hair": ["Black", SECRET], "eye": ["Blue", "Green"]})


def _only_black(data: PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col("hair") == "Black")


def _fail(schema: pa.DataFrameSchema) -> SchemaErrors:
    with pytest.raises(SchemaErrors) as caught:
        schema.validate(ROWS, lazy=True)
    return caught.value


@pytest.mark.xfail(
    raises=pytest.fail.Exception,
    reason="a LazyFrame is checked for its schema only: our backend evaluates lazy frames itself",
)
def test_a_lazy_frame_is_checked_like_any_other() -> None:
    schema = pa.DataFrameSchema({"hair": pa.Column(str, pa.Check.isin(["Black"]))})
    with pytest.raises(SchemaErrors):
        schema.validate(ROWS.lazy(), lazy=True)


def test_a_frame_in_memory_is_checked() -> None:
    _fail(pa.DataFrameSchema({"hair": pa.Column(str, pa.Check.isin(["Black"]))}))


@pytest.mark.xfail(
    raises=pytest.fail.Exception,
    reason="a null result counts as passed: we count unknown rows ourselves",
)
def test_a_check_that_says_nothing_does_not_pass() -> None:
    undecided = pa.Check(lambda data: data.lazyframe.select(pl.col(data.key) == pl.lit(None)))
    _fail(pa.DataFrameSchema({"hair": pa.Column(str, undecided)}))


@pytest.mark.xfail(
    raises=AssertionError, reason="error texts quote values: ours carry shapes and counts"
)
def test_errors_quote_no_values() -> None:
    error = _fail(pa.DataFrameSchema({"hair": pa.Column(str, pa.Check.isin(["Black"]))}))
    assert SECRET not in str(error)


@pytest.mark.xfail(
    raises=AssertionError,
    reason="failure cases of frame checks carry the whole row: we drop them at the door",
)
def test_failure_cases_of_a_frame_check_hold_no_rows() -> None:
    schema = pa.DataFrameSchema(
        {"hair": pa.Column(str), "eye": pa.Column(str)}, checks=pa.Check(_only_black)
    )
    assert "Green" not in str(_fail(schema).failure_cases.rows())


@pytest.mark.xfail(
    raises=AssertionError,
    reason="raise_warning keeps findings out of failure_cases: we keep severities ourselves",
)
def test_warnings_are_among_the_failure_cases() -> None:
    checks = [
        pa.Check.isin(["Black"], raise_warning=True, name="warned"),
        pa.Check.isin(["Red"], name="failed"),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        error = _fail(pa.DataFrameSchema({"hair": pa.Column(str, checks)}))
    assert "warned" in error.failure_cases["check"].to_list()


def test_a_column_check_sees_the_other_columns() -> None:
    """Our cross-slot checks hang on a column and rely on this."""

    def same_row(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select((pl.col("hair") == "Black") & (pl.col("eye") == "Blue"))

    _fail(pa.DataFrameSchema({"hair": pa.Column(str, pa.Check(same_row)), "eye": pa.Column(str)}))


@pytest.mark.xfail(
    raises=AssertionError,
    reason="pandera.polars loads pydantic: tests/house lets a check load it for that reason alone",
)
def test_importing_pandera_loads_no_pydantic() -> None:
    script = "import sys, pandera.polars; print('pydantic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
