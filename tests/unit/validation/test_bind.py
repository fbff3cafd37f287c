"""From columns to slots."""

from __future__ import annotations

from datetime import date

import polars as pl

from dqcheck.model import Column, Export, Kind, Match, items_column, kind_column
from dqcheck.readers.faults import FAULT_SCHEMA
from dqcheck.standards.plan import ClassPlan, SlotPlan
from dqcheck.validation.bind import ROW, bind, match_headers

SLOTS = (
    SlotPlan("hair_colour", "hair_colour", title="Hair colour", aliases=("HAIR_COL", "hair")),
    SlotPlan("eye_colour", "eye_colour", aliases=("EYES",)),
    SlotPlan("dob", "date_of_birth", aliases=("DOB",)),
)


def columns(*headers: str) -> tuple[Column, ...]:
    return tuple(Column(at, header, f"c{at}") for at, header in enumerate(headers, 1))


def matched(*headers: str) -> dict[str, tuple[str, Match]]:
    binding = match_headers(columns(*headers), SLOTS)
    return {slot: (column.header, match) for slot, (column, match) in binding.slots.items()}


def test_exact_before_case_before_alias() -> None:
    assert matched("hair_colour", "HAIR_COL") == {"hair_colour": ("hair_colour", Match.EXACT)}
    assert matched("HAIR_COL", "Hair Colour") == {"hair_colour": ("Hair Colour", Match.CASE)}
    assert matched("hair-col") == {"hair_colour": ("hair-col", Match.ALIAS)}


def test_a_slots_alias_is_the_name_data_uses() -> None:
    assert matched("date_of_birth")["dob"] == ("date_of_birth", Match.EXACT)
    assert matched("DOB")["dob"] == ("DOB", Match.ALIAS)


def test_one_column_a_slot_and_suggestions() -> None:
    binding = match_headers(columns("hair_colour", "hair_colour", "eye_color", "zzz"), SLOTS)
    assert binding.absent == ("eye_colour", "dob")
    assert [(column.position, near) for column, near in binding.unknown] == [
        (2, ()),
        (3, ("eye_colour",)),
        (4, ()),
    ]


def test_suggestions_know_titles_and_aliases_and_name_the_column_once() -> None:
    binding = match_headers(columns("eye  colr", "date of brith", "HARE_COL"), SLOTS)
    assert [near for _, near in binding.unknown] == [
        ("eye_colour",),
        ("date_of_birth",),
        ("hair_colour",),
    ]


def export(frame: pl.DataFrame, *headers: str, strict: bool = False) -> Export:
    return Export(
        path="x.csv",
        format="csv",
        columns=columns(*headers),
        frame=frame.lazy(),
        faults=pl.DataFrame(schema=FAULT_SCHEMA),
        rows_read=frame.height,
        strict_kinds=strict,
    )


def test_multivalued_cells_null_tokens_and_absent_columns() -> None:
    plan = ClassPlan(
        "C",
        slots=(
            SlotPlan("m", "m", multivalued=True, delimiter=";"),
            SlotPlan("n", "n", null_values=("N/K",)),
            SlotPlan("gone", "gone", multivalued=True),
        ),
    )
    frame = pl.DataFrame(
        {"row": [2, 3, 4], "c1": ["a; b;", "[x;y]", None], "c2": ["N/K", "n", None]},
        schema_overrides={"row": pl.UInt32},
    )
    bound = bind(export(frame, "m", "n"), plan, as_of=date(2026, 1, 1))
    found = bound.frame.collect()
    assert found[ROW].to_list() == [2, 3, 4]
    assert found[items_column("m")].to_list() == [["a", "b"], ["x", "y"], None]
    assert found["n"].to_list() == [None, "n", None]
    assert found["gone"].to_list() == [None] * 3
    assert bound.context.kinded == frozenset()


def test_kinds_travel_only_where_the_format_has_them() -> None:
    plan = ClassPlan("C", slots=(SlotPlan("a", "a"), SlotPlan("b", "b")))
    frame = pl.DataFrame(
        {"row": [2], "c1": ["5"], kind_column("c1"): [int(Kind.NUMBER)], "c2": ["5"]},
        schema_overrides={"row": pl.UInt32, kind_column("c1"): pl.UInt8},
    )
    bound = bind(export(frame, "a", "b", strict=True), plan, as_of=date(2026, 1, 1))
    assert bound.context.kinded == {"a"}
    assert kind_column("b") not in bound.frame.collect_schema()
