"""Words that everything else is said in."""

from __future__ import annotations

__all__ = ["Criticality", "Dimension", "Kind", "Outcome", "Privacy", "Severity"]

from enum import IntEnum, StrEnum


class Dimension(StrEnum):
    """The six dimensions of the UK Government Data Quality Framework (2020)."""

    COMPLETENESS = "completeness"
    UNIQUENESS = "uniqueness"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    VALIDITY = "validity"
    ACCURACY = "accuracy"


class Severity(StrEnum):
    """How bad a finding is, least first (SHACL's three severities)."""

    INFO = "info"
    WARNING = "warning"
    VIOLATION = "violation"

    @property
    def rank(self) -> int:
        """Return 0 for info, 1 for warning, 2 for violation."""
        return list(Severity).index(self)


class Outcome(StrEnum):
    """What became of a check (OHDSI Data Quality Dashboard's words)."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


class Privacy(StrEnum):
    """The privacy class of a slot; what is unclassified is `direct`, save enum ranges: `code`."""

    DIRECT = "direct"
    QUASI = "quasi"
    SENSITIVE = "sensitive"
    FREE_TEXT = "free_text"
    CODE = "code"
    NONE = "none"


class Criticality(StrEnum):
    """How much a slot weighs in a dimension's rate: 4, 2 and 1."""

    CRITICAL = "critical"
    IMPORTANT = "important"
    OTHER = "other"

    @property
    def weight(self) -> int:
        """Return 4, 2 or 1."""
        return {"critical": 4, "important": 2, "other": 1}[self.value]


class Kind(IntEnum):
    """The physical kind of a cell, where the format has one (JSON, Parquet, Excel)."""

    NULL = 0
    TEXT = 1
    NUMBER = 2
    BOOLEAN = 3
    DATE = 4
    DATETIME = 5
    TIME = 6
    ERROR = 7
    LIST = 8
    OBJECT = 9
