"""YAML that others read: plain data, in the order given."""

from __future__ import annotations

__all__ = ["write_yaml"]

from typing import Any

import yaml


def write_yaml(data: Any) -> str:
    """Return plain data as YAML: lists, dicts with text keys, texts, numbers, booleans, None.

    Texts that YAML would read as something else are quoted.
    """
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
