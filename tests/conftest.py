"""What all tests share: Hypothesis profiles, the reference folder, a world of their own."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Timings on shared machines say nothing, so that neither profile has a deadline. In CI the
# examples are the same each time; at a developer's desk they are new ones.
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=100,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dev", deadline=None, max_examples=30)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the folder that holds pyproject.toml."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the reference folder beside the checkout, or skip the test where there is none."""
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference folder ../shared is not here")
    return folder


@pytest.fixture
def outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide that the tests run in CI, where dqcheck refuses to show values."""
    for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session", autouse=True)
def _own_world(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the developer's key, compiled plans and terminal settings out of the tests."""
    os.environ["DQCHECK_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
    for name in ("DQCHECK_KEY", "DQCHECK_KEY_FILE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def violations(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """Return what says which violations rows have, given the plan, the class and the rows.

    Rows are a list of dicts, or the text of a CSV file.
    """
    from dqcheck import readers
    from dqcheck.model import Outcome, Severity
    from dqcheck.validation import bind, validate

    table = tmp_path_factory.mktemp("rows") / "rows.csv"

    def find(plan: Any, class_name: str, rows: list[dict[str, Any]] | str) -> list[str]:
        if isinstance(rows, str):
            table.write_text(rows, encoding="utf-8")
            (export,) = readers.read(table)
        else:
            export = readers.read_records(rows, "rows")
        class_plan = plan.classes[class_name]
        bound = bind(export, class_plan, as_of=date(2026, 11, 22))
        found = validate(export, bound, plan, class_plan)
        return [
            measured.check_id
            for check, measured in zip(found.checks, found.measurements, strict=True)
            if measured.outcome is Outcome.FAILED
            and check.severity is Severity.VIOLATION
            and not check.id.endswith(".column_present")
        ]

    return find
