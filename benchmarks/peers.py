"""The benchmark's schema written by hand for Pandera's own Polars backend, as shipped (eager)."""

from __future__ import annotations

import sys

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

HAIR = ["Bald", "Black", "Brown", "Fair", "Grey", "White"]


def read_typed(path: str) -> pl.DataFrame:
    """Return the export at `path` with its columns typed; what can't be typed is null."""
    return pl.read_csv(path, infer_schema=False).with_columns(
        pl.col("date_of_birth").str.to_date("%Y-%m-%d", strict=False),
        pl.col("height_cm").cast(pl.Int64, strict=False),
        pl.col("weight_kg").cast(pl.Float64, strict=False),
        pl.col("recorded_at").str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False),
    )


def build_schema() -> pa.DataFrameSchema:
    """Return what sightings.yaml demands, without its rule."""
    day = pl.Series(["1900-01-01", "2026-01-01"]).str.to_date()
    return pa.DataFrameSchema(
        {
            "person_id": pa.Column(str, pa.Check.str_matches(r"^P[0-9]{8}$"), unique=True),
            "family_name": pa.Column(str, pa.Check.str_length(1, 35)),
            "given_name": pa.Column(str, pa.Check.str_length(1, 35)),
            "date_of_birth": pa.Column(pl.Date, pa.Check.in_range(day[0], day[1])),
            "sex": pa.Column(str, pa.Check.isin(["0", "1", "2", "9"])),
            "hair": pa.Column(str, pa.Check.isin(HAIR)),
            "eye": pa.Column(str, pa.Check.isin(["Blue", "Brown", "Green", "Grey"]), nullable=True),
            "height_cm": pa.Column(pl.Int64, pa.Check.in_range(50, 250)),
            "weight_kg": pa.Column(pl.Float64, pa.Check.in_range(2, 400), nullable=True),
            "postcode": pa.Column(
                str,
                pa.Check.str_matches(r"^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$"),
                nullable=True,
            ),
            "recorded_at": pa.Column(pl.Datetime("us")),
            "note": pa.Column(str, nullable=True),
        }
    )


if __name__ == "__main__":
    try:
        build_schema().validate(read_typed(sys.argv[1]), lazy=True)
    except SchemaErrors as errors:
        print(errors.failure_cases.height, "failure cases")
        raise SystemExit(1) from None
