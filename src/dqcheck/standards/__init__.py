"""Standards: LinkML schemas, packaged or the user's own, compiled to plans.

LinkML is imported only where a schema must really be compiled; packaged standards ship compiled,
others are kept in the user's cache.
"""

from __future__ import annotations

__all__ = [
    "CodeListInfo",
    "StandardInfo",
    "choose_class",
    "list_code_lists",
    "list_standards",
    "open_code_list",
    "open_named",
    "open_schema",
    "open_schema_text",
    "open_standard",
]

from dqcheck.standards.choose import choose_class
from dqcheck.standards.lists import CodeListInfo, list_code_lists, open_code_list
from dqcheck.standards.open import (
    StandardInfo,
    list_standards,
    open_named,
    open_schema,
    open_schema_text,
    open_standard,
)
