"""Validation: checks become a Pandera schema, which is evaluated in one fused query."""

from dqcheck.validation.bind import Bound, bind, match_headers
from dqcheck.validation.run import validate

__all__ = ["Bound", "bind", "match_headers", "validate"]
