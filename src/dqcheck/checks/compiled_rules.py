"""The rules of a class, ready to run, and the JSON in which the packaged ones ship."""

from __future__ import annotations

__all__ = ["CompiledRules", "dump_rules", "parse_rules"]

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from dqcheck.model import (
    Check,
    CrossCheck,
    Dimension,
    NotChecked,
    Reference,
    Severity,
    TableCheck,
    TableCheckKind,
)
from dqcheck.standards.plan import Plan, check_from_json, reference_from_json

_FORMAT = "dqcheck-rules/1"


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """The rules of one class.

    Attributes:
        checks: Checks of rows, freshness among them.
        tables: Checks of the export as a whole.
        references: Values that must occur in another class.
        cross_checks: Checks of rows that read a record of another class.
        not_checked: Rules that are deactivated, with the reason.
    """

    checks: tuple[Check, ...] = ()
    tables: tuple[TableCheck, ...] = ()
    references: tuple[Reference, ...] = ()
    cross_checks: tuple[CrossCheck, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of all rules, those of deactivated ones included."""
        return (
            *(check.id for check in self.checks),
            *(check.id for check in self.tables),
            *(reference.id for reference in self.references),
            *(cross.id for cross in self.cross_checks),
            *(item.feature.removeprefix("rule ") for item in self.not_checked),
        )

    def without(self, ids: frozenset[str]) -> CompiledRules:
        """Return the rules but those of `ids`."""
        return CompiledRules(
            tuple(check for check in self.checks if check.id not in ids),
            tuple(check for check in self.tables if check.id not in ids),
            tuple(reference for reference in self.references if reference.id not in ids),
            tuple(cross for cross in self.cross_checks if cross.id not in ids),
            tuple(i for i in self.not_checked if i.feature.removeprefix("rule ") not in ids),
        )

    def joined(self, other: CompiledRules) -> CompiledRules:
        """Return these rules and `other`."""
        return CompiledRules(
            *((*getattr(self, f.name), *getattr(other, f.name)) for f in fields(CompiledRules))
        )


def dump_rules(plan: Plan, rules: Mapping[str, CompiledRules]) -> str:
    """Return the compiled rules of a standard, by class, as JSON; same rules, same text."""
    classes = {name: asdict(part) for name, part in sorted(rules.items())}
    head = {"format": _FORMAT, "standard": plan.name, "version": plan.version}
    return json.dumps({**head, "classes": classes}, ensure_ascii=False, indent=1) + "\n"


def parse_rules(text: str) -> dict[str, CompiledRules] | None:
    """Return the compiled rules written in `text`, by class, or None if it has another format."""
    data = json.loads(text)
    if data["format"] != _FORMAT:
        return None
    return {name: _rules_of_class(part) for name, part in data["classes"].items()}


def _rules_of_class(part: dict[str, Any]) -> CompiledRules:
    return CompiledRules(
        checks=tuple(check_from_json(item) for item in part["checks"]),
        tables=tuple(
            TableCheck(
                **{
                    **item,
                    "kind": TableCheckKind(item["kind"]),
                    "dimension": Dimension(item["dimension"]),
                    "severity": Severity(item["severity"]),
                    "purposes": tuple(item["purposes"]),
                }
            )
            for item in part["tables"]
        ),
        references=tuple(reference_from_json(item) for item in part["references"]),
        cross_checks=tuple(
            CrossCheck(**{**item, "check": check_from_json(item["check"])})
            for item in part["cross_checks"]
        ),
        not_checked=tuple(NotChecked(**item) for item in part["not_checked"]),
    )
