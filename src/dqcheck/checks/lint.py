"""What is wrong with a rule that works: no rows of its own, nothing said to those who must act."""

from __future__ import annotations

__all__ = ["Lint", "lint_rule"]

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from dqcheck.checks.compile_products import Product
from dqcheck.checks.compile_rules import RuleUse
from dqcheck.errors import Place
from dqcheck.expressions.evaluate import slots_of
from dqcheck.model import Check, CrossCheck, Reference


@dataclass(frozen=True, slots=True)
class Lint:
    """A fault of a rule.

    Attributes:
        level: An error fails the lint, a warning does not.
        code: A name for it.
        rule_id: The rule.
        message: What is wrong and what to do, in plain words.
        place: Where.
    """

    level: Literal["error", "warning"]
    code: str
    rule_id: str
    message: str
    place: Place


def lint_rule(use: RuleUse) -> Iterator[Lint]:
    """Yield the faults of a compiled rule."""
    rule, source = use.rule, use.source
    checks = [check for product in use.products.values() for check in _row_checks(product)]
    if not rule.failing:
        yield Lint("error", "no-failing-row", rule.id, "add a row that breaks it", source.at("id"))
    if not rule.passing:
        yield Lint(
            "error", "no-passing-row", rule.id, "add a row that satisfies it", source.at("id")
        )
    if (rule.exists_in or rule.refers_to) and not rule.given:
        message = "add rows of the other class that the examples refer to"
        yield Lint("error", "no-given-row", rule.id, message, source.at("id"))
    if any(not check.slots for check in checks):
        message = "it reads no slot, so that it says the same of every row"
        yield Lint("error", "reads-no-slot", rule.id, message, source.at("expect"))
    if rule.when is not None and any(not slots_of(_when(p)) for p in use.products.values()):
        message = "the precondition reads no slot, so that it holds for all rows or for none"
        yield Lint("warning", "constant-precondition", rule.id, message, source.at("when"))
    if any(check.slot and check.slot not in check.slots for check in checks):
        message = f'findings will hang on "{rule.target}", which it does not read'
        yield Lint("warning", "target-not-read", rule.id, message, source.at("id"))
    if not rule.rationale:
        yield Lint("warning", "no-rationale", rule.id, "say why it matters", source.at("id"))
    if not rule.fix:
        yield Lint("warning", "no-fix", rule.id, "say how to put a fault right", source.at("id"))


def _row_checks(product: Product) -> Iterator[Check]:
    if isinstance(product, Check):
        yield product
    elif isinstance(product, CrossCheck):
        yield product.check


def _when(product: Product) -> Any:
    """Return the precondition of what a rule with one became."""
    if isinstance(product, Reference):
        return product.when
    (check,) = _row_checks(product)
    return (check.expression[2] if isinstance(product, CrossCheck) else check.expression)[1]
