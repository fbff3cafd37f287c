"""Rules of places against what others say: the lookup of ONS, and the points of PROJ."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dqcheck.checks.compile_rules import RuleUse
from dqcheck.checks.examples import run_examples
from dqcheck.checks.rulebook import Rulebook, open_rulebooks
from dqcheck.standards import open_standard

# Latitude and longitude with easting and northing, by PROJ (EPSG:4326 to EPSG:27700).
POINTS = [
    ("50.07", "-5.71", 134622, 25472),
    ("51.5", "-0.13", 529897, 179553),
    ("52.63", "1.3", 623424, 308696),
    ("51.48", "-3.18", 318153, 176332),
    ("53.48", "-2.24", 384170, 398169),
    ("54.97", "-1.61", 425065, 564001),
    ("55.95", "-3.19", 325785, 673636),
    ("57.15", "-2.09", 394654, 806572),
    ("58.21", "-6.39", 142236, 932983),
    ("60.15", "-1.14", 447852, 1140922),
    ("56.82", "-5.11", 210293, 774147),
    ("53.31", "-4.63", 224876, 382455),
    ("52.48", "1.75", 654735, 293510),
    ("49.96", "-5.2", 170585, 11555),
    ("58.64", "-3.07", 337985, 972953),
    ("57.6", "-7.5", 71587, 869995),
]


@pytest.fixture(scope="module")
def uses() -> dict[str, tuple[Rulebook, RuleUse]]:
    books = open_rulebooks([], open_standard)
    return {use.rule.id: (book, use) for book in books for use in book.uses}


def disagree(
    uses: dict[str, tuple[Rulebook, RuleUse]], name: str, **rows: list[dict[str, str]]
) -> list[Any]:
    """Return the rows (`passing`, `failing`) of which a rule says something else."""
    book, use = uses[name]
    mine = {"passing": (), "failing": (), **{key: tuple(value) for key, value in rows.items()}}
    found = run_examples(book.plan, replace(use, rule=use.rule.model_copy(update=mine)))
    assert found
    return [one for one in found if not one.agrees]


def test_force_of_a_council_is_that_of_the_lookup(
    shared: Path, uses: dict[str, tuple[Rulebook, RuleUse]]
) -> None:
    name = "organisations/community_safety_partnerships.csv"
    with (shared / "reference" / name).open(encoding="utf-8", newline="") as lines:
        pairs = [
            {"local_authority_code": row["lad_code"], "police_force": row["pfa_code"]}
            for row in csv.DictReader(lines)
        ]
    rule = "address.police_force.agrees_with_local_authority_code"
    assert disagree(uses, rule, passing=pairs) == []


def test_all_districts_are_judged(uses: dict[str, tuple[Rulebook, RuleUse]]) -> None:
    councils = [value.code for value in open_standard("areas").enums["LocalAuthority"].values]
    wrong = [
        {
            "local_authority_code": code,
            "police_force": "E23000001" if code.startswith(("S", "N", "W")) else "S23000009",
        }
        for code in councils
        # Counties and combined authorities can lie in several forces' areas.
        if code[:3] not in ("E10", "E47", "E61")
    ]
    assert len(wrong) > 400
    rule = "address.police_force.agrees_with_local_authority_code"
    assert disagree(uses, rule, failing=wrong) == []


def test_points_agree_to_within_three_kilometres(
    uses: dict[str, tuple[Rulebook, RuleUse]],
) -> None:
    def move(east: int, north: int) -> list[dict[str, str]]:
        return [
            {
                "latitude": latitude,
                "longitude": longitude,
                "easting": str(easting + east),
                "northing": str(northing + north),
            }
            for latitude, longitude, easting, northing in POINTS
        ]

    near = [*move(0, 0), *move(1900, 0), *move(0, -1900)]
    far = [*move(4100, 0), *move(-4100, 0), *move(0, 4100), *move(0, -4100)]
    rule = "address.latitude.agrees_with_grid"
    assert disagree(uses, rule, passing=near, failing=far) == []
