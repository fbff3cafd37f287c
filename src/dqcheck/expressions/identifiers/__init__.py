"""Identifiers that can be tested by themselves, and the dummies that stand in their place.

Each kind is a Polars expression over text: no row is ever looked at in Python.
`docs/identifiers.md` says of each kind what is tested, on whose word and how sure that is.
"""

from __future__ import annotations

__all__ = ["DUMMIES", "KINDS", "OPERATORS"]

from collections.abc import Callable, Mapping

import polars as pl

from dqcheck.expressions.identifiers import contacts, people, places, vehicles
from dqcheck.expressions.identifiers.dummies import DUMMIES
from dqcheck.expressions.identifiers.kind import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (*people.KINDS, *vehicles.KINDS, *places.KINDS, *contacts.KINDS)
}
"""All kinds of identifier by name."""

OPERATORS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    **{f"identifier:{name}": kind.holds for name, kind in KINDS.items()},
    **{f"dummy:{name}": dummy.found for name, dummy in DUMMIES.items()},
    "vrm_era": vehicles.vrm_era,
    "vrm_issued_from": vehicles.vrm_issued_from,
    "grid_easting": places.grid_easting,
    "grid_northing": places.grid_northing,
    "grid_metres": places.grid_metres,
}
"""What expression trees can ask of a text: whether it is an identifier or a dummy of a kind, and
what can be read out of it."""
