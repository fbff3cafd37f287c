"""Writes the export that is checked: 12 columns, any number of rows, always the same bytes."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

BATCH_ROWS = 250_000
# A prime beyond any share one would ask for, so that faulty rows fall at irregular distances.
SPREAD = 1_000_003

# What a sound cell of each column cycles through, and what a faulty one holds.
CYCLES = {
    "family_name": ["Smith", "Jones", "Taylor", "O’Neil", "Brown", "Ünal", "Evans"],
    "given_name": ["Ann", "Bob", "Cy", "Di", "Ed"],
    "sex": ["1", "2", "9", "0"],
    "hair": ["Black", "Fair", "Grey", "Brown", "White"],
    "eye": ["Blue", "Brown", "Green"],
    "postcode": ["SW1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH"],
    "note": ["seen near shop", "", "tall, thin"],
}
FAULTY = {
    "person_id": "P10000000",
    "family_name": "",
    "given_name": "X" * 40,
    "date_of_birth": "31/12/1980",
    "sex": "F",
    "hair": "Mousey",
    "eye": "brown ",
    "height_cm": "5ft 11",
    "weight_kg": "4000",
    "postcode": "unknown",
    "recorded_at": "2024-02-30T00:00:00",
}
COLUMNS = [
    *("person_id", "family_name", "given_name", "date_of_birth", "sex", "hair", "eye"),
    *("height_cm", "weight_kg", "postcode", "recorded_at", "note"),
]


def build_batch(start: int, stop: int, faulty_ratio: float) -> pl.DataFrame:
    """Return rows `start` up to `stop` as text; in `faulty_ratio` of them one cell is wrong."""
    row = pl.int_range(start, stop, eager=True).alias("row")
    number = pl.col("row")
    sound = {
        "person_id": pl.format("P{}", number + 10_000_000),
        "date_of_birth": (
            pl.date(1950, 1, 1) + pl.duration(days=(number * 37) % 25_000)
        ).dt.strftime("%Y-%m-%d"),
        "height_cm": (150 + (number * 13) % 60).cast(pl.String),
        "weight_kg": pl.format("{}.{}", 50 + (number * 17) % 60, number % 10),
        "recorded_at": (
            pl.datetime(2020, 1, 1) + pl.duration(minutes=number % 1_000_000)
        ).dt.strftime("%Y-%m-%dT%H:%M:%S"),
    }
    for name, values in CYCLES.items():
        cycle = pl.Series(values)
        sound[name] = pl.lit(cycle).gather(number * 31 % len(values))
    is_faulty = (number * 7_919) % SPREAD < faulty_ratio * SPREAD
    names = list(FAULTY)
    return row.to_frame().select(
        pl.when(is_faulty & (number % len(names) == names.index(name)))
        .then(pl.lit(FAULTY[name]))
        .otherwise(sound[name])
        .alias(name)
        if name in FAULTY
        else sound[name].alias(name)
        for name in COLUMNS
    )


def write_export(path: Path, rows: int, faulty_ratio: float) -> None:
    """Write `rows` rows as CSV (UTF-8, comma) in batches, so that any size fits in memory."""
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        for start in range(0, rows, BATCH_ROWS):
            batch = build_batch(start, min(start + BATCH_ROWS, rows), faulty_ratio)
            batch.write_csv(file, include_header=start == 0)
    unfinished.rename(path)


if __name__ == "__main__":
    write_export(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
