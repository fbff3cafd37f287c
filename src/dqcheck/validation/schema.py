"""Checks as a Pandera schema, and the backend that runs all of them in one streaming query.

The schema is an ordinary `pandera.polars.DataFrameSchema`, so it runs on Pandera's own backend
anywhere. As a `FusedSchema` it is evaluated by `FusedBackend`: one `select` of counts over the
lazy frame, however many checks there are.
"""

from __future__ import annotations

__all__ = [
    "Counts",
    "FusedBackend",
    "FusedSchema",
    "compile_schema",
    "count_checks",
    "count_results",
    "evaluate_checks",
    "holds",
    "read_counts",
]

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.backends.polars.container import DataFrameSchemaBackend
from pandera.errors import (
    FailureCaseMetadata,
    SchemaError,
    SchemaErrorReason,
    SchemaErrors,
)

from dqcheck.engines import collect
from dqcheck.expressions.evaluate import Context, Tree, build, share
from dqcheck.model import Check
from dqcheck.privacy import shape_cells

_SHAPES_SHOWN = 10
_NO_DATA = pl.LazyFrame()
_HIDDEN = "dqcheck.hidden"


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows a check decided, rows that failed it, and rows it could not decide."""

    checked: int
    failed: int
    unknown: int


def holds(data: PolarsData, *, expression: Tree, applies: Tree, context: Context) -> pl.LazyFrame:
    """Return whether `expression` holds, one Boolean column; null says nothing.

    It is given the tree, not what Polars makes of it, so that schemas can be copied and pickled.
    `applies` is for the fused backend, which counts the rows that can't be decided.
    """
    return data.lazyframe.select(build(expression, context))


class FusedSchema(pa.DataFrameSchema):
    """A Pandera schema whose checks run fused."""


def compile_schema(
    name: str,
    slots: Iterable[str],
    checks: Sequence[Check],
    context: Context,
    *,
    hidden: Mapping[str, Set[str]],
    fused: bool = True,
) -> pa.DataFrameSchema:
    """Return the Pandera schema of `checks`.

    A check of several slots hangs on the first of them, since a frame-level failure case carries
    the whole row.

    Args:
        name: The schema's name.
        slots: All columns the frame has for slots, String.
        checks: What must hold.
        context: For building the expressions.
        hidden: By slot, the words that may not show even as shapes (`reports.redact.hide_words`).
        fused: False for a plain schema that Pandera's own backend runs.
    """
    hung: dict[str, list[pa.Check]] = {slot: [] for slot in slots}
    for check in checks:
        home = check.slot or next(iter(check.slots), None) or next(iter(hung))
        hung[home].append(
            pa.Check(
                holds,
                name=check.id,
                error=check.id,
                expression=check.expression,
                applies=check.applies,
                context=context,
            )
        )
    columns = {
        slot: pa.Column(
            pl.String, found, nullable=True, metadata={_HIDDEN: hidden.get(slot, frozenset())}
        )
        for slot, found in hung.items()
    }
    return (FusedSchema if fused else pa.DataFrameSchema)(columns, name=name)


def _checks(schema: pa.DataFrameSchema) -> dict[str, tuple[str, pa.Check]]:
    return {
        check.name: (column.name, check)
        for column in schema.columns.values()
        for check in column.checks
    }


def evaluate_checks(
    frame: pl.LazyFrame, schema: pa.DataFrameSchema, columns: Mapping[str, pl.Expr] | None = None
) -> pl.LazyFrame:
    """Return the result of each check as a Boolean column of its id, and `columns` beside them.

    Args:
        frame: Has the schema's columns.
        schema: Made by `compile_schema`.
        columns: Further columns over `frame`, by name.
    """
    frame, built = _share(frame, schema)
    found = _checks(schema)
    return frame.select(
        *(built(check, "expression").alias(name) for name, (_, check) in found.items()),
        *(built(check, "applies").alias(_applies(name)) for name, (_, check) in found.items()),
        *(expr.alias(name) for name, expr in (columns or {}).items()),
    )


def count_results(
    checked: pl.LazyFrame,
    schema: pa.DataFrameSchema,
    aggregates: Mapping[str, pl.Expr] | None = None,
) -> pl.LazyFrame:
    """Return the counts of all checks and the values of `aggregates`, one row.

    Args:
        checked: Made by `evaluate_checks`: a step of its own, since Polars shares common parts
            between the columns of one selection but not between aggregations; in one step the
            same checks took ten times as long.
        schema: The same schema.
        aggregates: Further aggregations over the columns of `checked`, by name.
    """
    counted: list[pl.Expr] = []
    for check_id in _checks(schema):
        result = pl.col(check_id)
        counted += [
            result.is_not_null().sum().alias(f"{check_id}\x1fchecked"),
            (~result).sum().alias(f"{check_id}\x1ffailed"),
            (result.is_null() & pl.col(_applies(check_id))).sum().alias(f"{check_id}\x1funknown"),
        ]
    counted += [expr.alias(f"+{name}") for name, expr in (aggregates or {}).items()]
    return checked.select(counted)


def read_counts(
    counted: pl.DataFrame, schema: pa.DataFrameSchema
) -> tuple[dict[str, Counts], dict[str, Any]]:
    """Return counts by check id, and the aggregates by name, from the row of `count_results`."""
    row = counted.row(0, named=True) if counted.width else {}
    counts = {
        check_id: Counts(
            checked=row[f"{check_id}\x1fchecked"] or 0,
            failed=row[f"{check_id}\x1ffailed"] or 0,
            unknown=row[f"{check_id}\x1funknown"] or 0,
        )
        for check_id in _checks(schema)
    }
    return counts, {name[1:]: value for name, value in row.items() if name.startswith("+")}


def count_checks(frame: pl.LazyFrame, schema: pa.DataFrameSchema) -> dict[str, Counts]:
    """Return the counts of all checks of `schema` on `frame`, from one streaming query."""
    if not _checks(schema):
        return {}
    counted = collect(count_results(evaluate_checks(frame, schema), schema))
    return read_counts(counted, schema)[0]


def _share(
    frame: pl.LazyFrame, schema: pa.DataFrameSchema
) -> tuple[pl.LazyFrame, Callable[[pa.Check, str], pl.Expr]]:
    """Return `frame` with the typed values of all checks, and what builds a part of a check."""
    found = [check._check_kwargs for _, check in _checks(schema).values()]
    if not found:
        return frame, _built
    trees = [kwargs[part] for kwargs in found for part in ("expression", "applies")]
    frame, context = share(frame, trees, found[0]["context"])
    return frame, lambda check, part: build(check._check_kwargs[part], context)


def _built(check: pa.Check, part: str) -> pl.Expr:
    return build(check._check_kwargs[part], check._check_kwargs["context"])


def _applies(check_id: str) -> str:
    return f"{check_id}\x1fapplies"


class FusedBackend(DataFrameSchemaBackend):
    """Evaluates all checks in one query; raises Pandera's `SchemaErrors` without data."""

    def validate(  # type: ignore[override]
        self,
        check_obj: pl.DataFrame | pl.LazyFrame,
        schema: pa.DataFrameSchema,
        *,
        lazy: bool = False,
        **sampling: object,
    ) -> pl.DataFrame | pl.LazyFrame:
        """Return `check_obj` if all checks hold.

        Raises:
            SchemaErrors: With one error a failing check (`lazy=True`), holding shapes of the
                failing values and their counts, no values.
            SchemaError: The first of them (`lazy=False`).
            TypeError: If asked to validate a sample: a sample proves nothing of the rest.
        """
        if any(value is not None for name, value in sampling.items() if name != "inplace"):
            msg = "a fused schema checks all rows: head, tail and sample are not supported"
            raise TypeError(msg)
        frame = check_obj.lazy()
        errors = [*self._column_errors(frame, schema)]
        if not errors:
            counts = count_checks(frame, schema)
            errors = [
                self._check_error(frame, schema, check_id, count.failed)
                for check_id, count in counts.items()
                if count.failed
            ]
        if not errors:
            return check_obj
        if not lazy:
            raise errors[0]
        raise SchemaErrors(schema=schema, schema_errors=errors, data=_NO_DATA)

    def _column_errors(
        self, frame: pl.LazyFrame, schema: pa.DataFrameSchema
    ) -> Iterable[SchemaError]:
        dtypes = frame.collect_schema()
        for name in schema.columns:
            if name not in dtypes:
                yield self._error(
                    schema,
                    f"column {name!r} is missing",
                    "column_in_dataframe",
                    SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME,
                )
            elif dtypes[name] != pl.String:
                yield self._error(
                    schema,
                    f"column {name!r} is {dtypes[name]}, not String",
                    f"dtype('{name}')",
                    SchemaErrorReason.WRONG_DATATYPE,
                )

    def _check_error(
        self, frame: pl.LazyFrame, schema: pa.DataFrameSchema, check_id: str, failed: int
    ) -> SchemaError:
        column, check = _checks(schema)[check_id]
        words = schema.columns[column].metadata[_HIDDEN]
        shapes = collect(
            frame.filter(~_built(check, "expression"))
            .select(slot=pl.lit(column), value=pl.col(column))
            .group_by(shape_cells({column: words} if words else {}).alias("failure_case"))
            .agg(pl.len().alias("count"))
            .sort("count", "failure_case", descending=[True, False], nulls_last=True)
            .head(_SHAPES_SHOWN)
            .select(
                "failure_case",
                "count",
                pl.lit(column).alias("column"),
                pl.lit(check_id).alias("check"),
            )
        )
        return self._error(
            schema,
            f"{check_id}: {failed} rows fail",
            check,
            SchemaErrorReason.DATAFRAME_CHECK,
            failure_cases=shapes,
        )

    def _error(
        self,
        schema: pa.DataFrameSchema,
        message: str,
        check: pa.Check | str,
        reason: SchemaErrorReason,
        failure_cases: pl.DataFrame | None = None,
    ) -> SchemaError:
        return SchemaError(  # type: ignore[no-untyped-call]
            schema,
            data=_NO_DATA,
            message=message,
            failure_cases=failure_cases,
            check=check,
            reason_code=reason,
        )

    def failure_cases_metadata(
        self, schema_name: str, schema_errors: list[SchemaError]
    ) -> FailureCaseMetadata:
        """Return shapes and counts of failing values, one row a shape: no values.

        The frame has `failure_case` (String, the shape), `count` (UInt32), `column`, `check`.
        """
        empty = {
            "failure_case": pl.String,
            "count": pl.UInt32,
            "column": pl.String,
            "check": pl.String,
        }
        frames = [
            error.failure_cases
            for error in schema_errors
            if isinstance(error.failure_cases, pl.DataFrame)
        ]
        cases = pl.concat(frames, how="vertical_relaxed") if frames else pl.DataFrame(schema=empty)
        error_counts: dict[str, int] = {}
        for error in schema_errors:
            reason = error.reason_code.name if error.reason_code else "UNKNOWN"
            error_counts[reason] = error_counts.get(reason, 0) + 1
        message = {
            "schema": schema_name,
            "errors": [str(error.args[0]) for error in schema_errors],
        }
        return FailureCaseMetadata(failure_cases=cases, message=message, error_counts=error_counts)


for _frame in (pl.LazyFrame, pl.DataFrame):
    FusedSchema.register_backend(_frame, FusedBackend, force=True)
