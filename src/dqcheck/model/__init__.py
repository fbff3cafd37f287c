"""The words of dqcheck: what passes between its parts.

Everything here is a frozen value of the standard library. Rows live in Polars frames, whose
columns are stated where they pass.
"""

from dqcheck.model.checks import (
    Check,
    CrossCheck,
    Key,
    NotChecked,
    Reference,
    TableCheck,
    TableCheckKind,
    Tolerance,
)
from dqcheck.model.exports import Binding, Column, Export, Match, items_column, kind_column
from dqcheck.model.findings import Measurement, SlotTally, SlotUnion, Spread, Validation
from dqcheck.model.words import Criticality, Dimension, Kind, Outcome, Privacy, Severity

__all__ = [
    "Binding",
    "Check",
    "Column",
    "Criticality",
    "Dimension",
    "Export",
    "Key",
    "Kind",
    "CrossCheck",
    "Match",
    "Measurement",
    "NotChecked",
    "Outcome",
    "Privacy",
    "Reference",
    "Severity",
    "SlotTally",
    "SlotUnion",
    "Spread",
    "TableCheck",
    "TableCheckKind",
    "Tolerance",
    "Validation",
    "items_column",
    "kind_column",
]
