"""The page about rules names every key and every finding of lint."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dqcheck.checks import lint
from dqcheck.documents.rules import (
    Fresh,
    Newest,
    RefersTo,
    Rows,
    Rule,
    RuleSet,
    RuleTolerance,
)


@pytest.fixture(scope="module")
def page(checkout: Path) -> str:
    return (checkout / "docs" / "rules.md").read_text(encoding="utf-8")


def test_every_key(page: str) -> None:
    keys = {
        field.alias or key
        for model in (RuleSet, Rule, RuleTolerance, RefersTo, Fresh, Newest, Rows)
        for key, field in model.model_fields.items()
    }
    assert {key for key in keys if not re.search(rf"\b{key}\b", page)} == set()


def test_every_finding_of_lint(page: str) -> None:
    source = Path(lint.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'Lint\(\s*"(error|warning)",\s*"([a-z-]+)"', source))
    rows = re.findall(r"^\| `([a-z-]+)` \| (error|warning) \|", page, re.MULTILINE)
    assert written
    assert {(level, code) for code, level in rows} == written
