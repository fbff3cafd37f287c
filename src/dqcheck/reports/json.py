"""The run bundle itself, as JSON."""

from __future__ import annotations

__all__ = ["render"]

import json
from collections.abc import Mapping
from typing import Any

from dqcheck.reports import Surface


def render(bundle: Mapping[str, Any], surface: Surface) -> bytes:
    """Return the bundle as UTF-8 JSON, one space of indent; the same bundle gives the same bytes.

    Args:
        bundle: Made by `reports.bundle.build`.
        surface: Not asked: JSON is the same everywhere.
    """
    del surface
    return (json.dumps(bundle, ensure_ascii=False, indent=1) + "\n").encode()
