"""The pilot: invented exports of three agencies, with faults whose places are known.

All people, vehicles and places are invented: registration marks begin with a letter pair that is
not issued, VINs with a country that is not assigned, property and street numbers with 9999 and 99,
postcodes with districts that do not exist, PNC identifiers with a year before there was a PNC;
grid points lie in the sea, and phone numbers in the range kept for drama.
"""

from __future__ import annotations

__all__ = [
    "AS_OF",
    "EXPORTS",
    "DemoExport",
    "Fault",
    "find_faults",
    "prepare_folder",
    "write_exports",
]

from datetime import date

from dqcheck.demo.compare import find_faults
from dqcheck.demo.exampleton import ADDRESSES, DESCRIPTIONS
from dqcheck.demo.exports import DemoExport, Fault
from dqcheck.demo.northfolk import PERSONS, VEHICLES
from dqcheck.demo.write import prepare_folder, write_exports

AS_OF = date(2026, 11, 1)
"""The day the exports count as checked on: the same every time."""

EXPORTS = (
    DemoExport("clean/persons.csv", "person", "persons.csv"),
    DemoExport("clean/vehicles.csv", "vehicle", "vehicles.csv"),
    DemoExport("clean/addresses.csv", "address", "addresses.csv"),
    PERSONS,
    VEHICLES,
    DESCRIPTIONS,
    ADDRESSES,
)
"""All exports of the demo, in the order in which they are checked: clean ones first."""
