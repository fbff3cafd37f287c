"""Which planted faults a run has found."""

from __future__ import annotations

__all__ = ["find_faults"]

from collections.abc import Sequence

import polars as pl

from dqcheck.demo.exports import Fault


def find_faults(faults: Sequence[Fault], findings: pl.DataFrame) -> tuple[bool, ...]:
    """Return, for each of `faults`, whether its check failed wherever the fault stands.

    Args:
        faults: What was planted in one export.
        findings: Of that export: `check_id` (String), `row` (an integer as a spreadsheet counts,
            null for a fault of the file or a column).
    """
    found = set(findings.select("check_id", "row").iter_rows())
    failed = {check for check, _ in found}
    return tuple(
        fault.check in failed and all((fault.check, row) in found for row in fault.rows)
        for fault in faults
    )
