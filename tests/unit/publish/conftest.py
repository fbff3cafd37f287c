"""A small standard that has all that the forms must carry, or must say they lose."""

from __future__ import annotations

from pathlib import Path

import pytest

from dqcheck.standards import open_schema
from dqcheck.standards.plan import Plan

FLEET = r"""
id: https://example.org/fleet
name: fleet
title: Fleet <b>& more</b>
version: 2.0.0
license: CC0-1.0
prefixes: {linkml: https://w3id.org/linkml/, ex: https://example.org/}
default_prefix: ex
imports: [linkml:types]
types:
  Mark: {typeof: string, pattern: "^[A-Z0-9]{1,7}$"}
enums:
  Colour:
    title: Colours
    permissible_values:
      "01": {title: Red}
      "dark 'blue'": {title: "Blue </script><script>alert(1)</script>", aliases: [navy]}
      "X|Y": {title: Other, annotations: {role: other}}
      "02": {deprecated: old, annotations: {replaced_by: "01", retired_on: "2024-04-01"}}
  Extra: {permissible_values: {Towbar: , Sunroof: }}
  Open: {permissible_values: {A: , B: }}
classes:
  Thing: {abstract: true, attributes: {note: {}}}
  Car:
    is_a: Thing
    tree_root: true
    title: A car
    description: "One car | and\nnothing *else*"
    attributes:
      mark: {identifier: true, range: Mark, pattern: "^[A-Z]", title: Mark}
      the colour: {range: Colour, required: true, examples: [{value: "01"}]}
      extras: {range: Extra, multivalued: true}
      tags: {multivalued: true, pattern: "^[a-z]+$"}
      wheels: {range: integer, minimum_value: 3, maximum_value: 8}
      length_m: {range: decimal, minimum_value: 0.5}
      built: {range: date, minimum_value: "1990-01-01"}
      seen: {range: datetime}
      sold: {range: boolean}
      loose: {range: Open, annotations: {severity: warning}}
      either: {any_of: [{range: integer}, {range: date}]}
      hint: {recommended: true, annotations: {why: It helps., fix: Write one.}}
    unique_keys:
      one_a_day: {unique_key_slots: [built, wheels]}
    rules:
      - title: sold cars have a day
        preconditions: {slot_conditions: {sold: {equals_string: "true"}}}
        postconditions: {slot_conditions: {built: {required: true}}}
  Keeper:
    attributes:
      keeper_id: {identifier: true}
      car: {range: Car, required: true, inlined: false}
"""


@pytest.fixture(scope="session")
def fleet_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a schema file of a fleet of cars."""
    file = tmp_path_factory.mktemp("schema") / "fleet.yaml"
    file.write_text(FLEET, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def fleet(fleet_file: Path) -> Plan:
    """Return the plan of a fleet of cars."""
    return open_schema(fleet_file)
