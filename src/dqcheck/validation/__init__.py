"""Validation: checks become a Pandera schema, which is evaluated in one fused query."""

from dqcheck.validation.bind import Bound, bind, canonical, match_headers
from dqcheck.validation.run import validate
from dqcheck.validation.special import References

__all__ = ["Bound", "References", "bind", "canonical", "match_headers", "validate"]
