"""Every packaged rule says of its own rows what it should, and ships as it is written."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from dqcheck.checks.build import build, compiled_folder
from dqcheck.checks.compile_rules import RuleUse
from dqcheck.checks.examples import Example, run_examples
from dqcheck.checks.lint import lint_rule
from dqcheck.checks.locate import packaged_documents
from dqcheck.checks.rulebook import Rulebook, open_rulebooks
from dqcheck.checks.rules import load_rules
from dqcheck.model import CrossCheck, Dimension
from dqcheck.standards import open_standard

BOOKS = open_rulebooks([], open_standard)
USES = [(book, use) for book in BOOKS for use in book.uses]
OF_ROWS = [(book, use) for book, use in USES if use.rule.kind not in ("rows", "newest")]


@pytest.mark.parametrize(("book", "use"), USES, ids=[use.rule.id for _, use in USES])
def test_own_rows(book: Rulebook, use: RuleUse) -> None:
    wrong = [example for example in run_examples(book.plan, use) if not example.agrees]
    assert wrong == list[Example]()


@pytest.mark.parametrize(("book", "use"), OF_ROWS, ids=[use.rule.id for _, use in OF_ROWS])
def test_an_empty_row_is_for_completeness_to_count(book: Rulebook, use: RuleUse) -> None:
    rule = use.rule.model_copy(update={"passing": ({},), "failing": ()})
    verdicts = {example.verdict for example in run_examples(book.plan, replace(use, rule=rule))}
    said_of = {
        "address.easting.with_northing": "passes",
        "address.latitude.with_longitude": "passes",
    }
    # Completeness is the one dimension that may speak of what is missing.
    counts = {"fails"} if rule.dimension is Dimension.COMPLETENESS else set()
    assert verdicts <= {said_of.get(use.rule.id, "has nothing to say"), *counts}


def test_lint_finds_nothing() -> None:
    assert [item for _, use in USES for item in lint_rule(use)] == []


def test_compiled_rules_are_those_of_the_documents() -> None:
    shipped = {path.name: path.read_text("utf-8") for path in compiled_folder().glob("*.json")}
    assert shipped == build(open_standard), "run python -m dqcheck.checks.build"


def test_loaded_rules_are_those_of_the_documents() -> None:
    for book in BOOKS:
        for class_plan in book.plan.classes.values():
            rules = load_rules(book.plan, class_plan)
            products = {
                use.rule.id: use.products[class_plan.name]
                for use in book.uses
                if class_plan.name in use.products
            }
            loaded = (*rules.checks, *rules.tables, *rules.references, *rules.cross_checks)
            own = {
                product.id: product
                for product in loaded
                if (product.check if isinstance(product, CrossCheck) else product).source
                == book.name
            }
            assert own == products


def test_a_run_on_packaged_rules_reads_no_yaml() -> None:
    code = """
import sys
from dqcheck.checks.rules import load_rules
from dqcheck.standards import open_standard
plan = open_standard("person")
assert load_rules(plan, plan.classes["Person"]).checks
assert not {"yaml", "pydantic", "linkml_runtime", "pandas"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_documents_are_of_packaged_standards() -> None:
    assert {"person", "vehicle", "address"} <= set(packaged_documents())
