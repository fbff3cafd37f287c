"""The visible cases of LinkML's own compliance suite, typed and as CSV."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
AIMS = {"typed": 0.99, "csv": 0.97}


def _harness() -> ModuleType:
    spec = importlib.util.spec_from_file_location("conformance_harness", HERE / "harness.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], tuple[dict[str, Any], bool]]:
    """Return for each case and kind of rows the case, and whether we hold the rows valid."""
    harness = _harness()
    path = shared / "conformance" / "cases.jsonl"
    if not path.is_file():
        pytest.skip("the conformance cases are not here")
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    folder = tmp_path_factory.mktemp("conformance")
    return {
        (case["id"], rows): (case, valid)
        for case in cases
        for rows, valid in harness.run(case, folder).items()
    }


def _deviates(case: dict[str, Any], rows: str, says_valid: bool) -> bool:
    expected = case["expected_valid" if rows == "typed" else "csv_expected_valid"]
    lenient = says_valid and case["coercion_allowed"]
    return says_valid != expected and not lenient


def _listed() -> dict[tuple[str, str], bool]:
    groups = yaml.safe_load((HERE / "deviations.yaml").read_text(encoding="utf-8"))
    assert all(group["reason"].strip() for group in groups)
    return {
        (case["id"], case["rows"]): case["says"] == "valid"
        for group in groups
        for case in group["cases"]
    }


def test_every_deviation_is_listed_with_a_reason_and_every_listed_one_deviates(
    found: dict[tuple[str, str], tuple[dict[str, Any], bool]],
) -> None:
    deviating = {key: says for key, (case, says) in found.items() if _deviates(case, key[1], says)}
    assert deviating == _listed()


@pytest.mark.parametrize("rows", ["typed", "csv"])
def test_the_share_of_right_answers_is_kept(
    found: dict[tuple[str, str], tuple[dict[str, Any], bool]], rows: str
) -> None:
    wrong = [
        _deviates(case, rows, says) for (_, kind), (case, says) in found.items() if kind == rows
    ]
    assert 1 - sum(wrong) / len(wrong) > AIMS[rows]
