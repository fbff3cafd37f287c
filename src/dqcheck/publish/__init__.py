"""Publishing a standard: what is made from it for those who adopt it.

A writer is `write(plan, out)`: it writes the standard to `out`, a file or (`FOLDERS`) a folder, and
returns what is lost on the way, a sentence each.
"""

from __future__ import annotations

__all__ = ["FOLDERS", "FORMATS", "publish"]

import importlib
from pathlib import Path

from dqcheck.standards.plan import Plan

FORMATS = {
    "csvw": "dqcheck.publish.csvw:write",
    "excel-template": "dqcheck.publish.template:write",
    "html": "dqcheck.publish.site:write",
    "json-schema": "dqcheck.publish.json_schema:write",
    "markdown": "dqcheck.publish.markdown:write",
    "odcs": "dqcheck.publish.odcs:write",
    "pandera": "dqcheck.publish.pandera:write",
    "shacl": "dqcheck.publish.shacl:write",
    "sql": "dqcheck.publish.sql:write",
}
"""What a standard can be written as, and what writes it."""

FOLDERS = frozenset({"html"})
"""The formats that are written as a folder of files."""


def publish(plan: Plan, form: str, out: Path) -> tuple[str, ...]:
    """Write a standard in another form.

    Args:
        plan: The standard.
        form: One of `FORMATS`.
        out: Where to: a file, or a folder for the formats in `FOLDERS`.

    Returns:
        What the form can't say of the standard, a sentence each.

    Raises:
        UsageError: If it can't be written there.
    """
    module, name = FORMATS[form].split(":")
    losses: tuple[str, ...] = getattr(importlib.import_module(module), name)(plan, out)
    return losses
