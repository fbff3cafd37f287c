"""What forces publish of stop and search can be translated to the standard without loss."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dqcheck import readers
from dqcheck.model import Match
from dqcheck.standards import open_schema
from dqcheck.standards.plan import Plan
from dqcheck.validation.bind import match_headers

ROOT = Path(__file__).resolve().parents[3]
# Lists whose codes are what the files print; the others want the code for the printed word.
AS_PRINTED = {
    "search_type", "gender", "age_band", "ethnicity_observed_group", "legal_power",
    "search_object", "outcome",
}  # fmt: skip
TRANSLATED = {
    "ethnicity_18_plus_1", "more_than_outer_clothing", "outcome_linked", "part_of_operation",
}  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return open_schema(ROOT / "schemas" / "stop_search.yaml")


@pytest.mark.parametrize(
    "name",
    [
        "2019-12-derbyshire-stop-and-search.csv",
        "2019-12-durham-stop-and-search.csv",
        "2020-01-leicestershire-stop-and-search.csv",
        "2020-01-merseyside-stop-and-search.csv",
    ],
)
def test_every_header_and_every_coded_cell_has_a_place(shared: Path, plan: Plan, name: str) -> None:
    (export,) = readers.read(shared / "data" / name)
    slots = {slot.name: slot for slot in plan.classes["StopSearch"].slots}
    binding = match_headers(export.columns, slots.values())
    assert binding.unknown == ()
    assert len(binding.slots) == 15
    assert not [slot for slot, (_, match) in binding.slots.items() if match is Match.EXACT]

    coded = {slot for slot in binding.slots if slots[slot].enum}
    assert coded == AS_PRINTED | TRANSLATED
    for slot in coded:
        words = plan.enums[slots[slot].enum or ""]
        codes = [value.code for value in words.values]
        allowed = codes if slot in AS_PRINTED else words.words
        column = binding.slots[slot][0]
        cells = export.frame.select(cell=pl.col(column.name)).filter(pl.col("cell") != "")
        strangers = cells.filter(~pl.col("cell").is_in(list(allowed))).collect()
        assert strangers.height == 0, slot
        if slot in TRANSLATED:
            assert cells.filter(pl.col("cell").is_in(codes)).collect().height == 0, slot
