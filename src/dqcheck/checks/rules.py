"""The rules that apply to a class: the packaged ones, and the project's on top.

Packaged rules ship compiled, as JSON, so that a run on a packaged standard reads no YAML; the
documents themselves ship too, and are what is compiled where no JSON fits the standard's version.
"""

from __future__ import annotations

__all__ = [
    "FORMAT",
    "CompiledRules",
    "dump_rules",
    "find_documents",
    "load_rules",
    "packaged_documents",
    "packaged_rules",
]

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

from dqcheck.errors import ConfigurationError, Place, UsageError
from dqcheck.model import (
    Check,
    Dimension,
    NotChecked,
    Reference,
    Severity,
    TableCheck,
    TableCheckKind,
)
from dqcheck.standards.plan import ClassPlan, Plan, check_from_json

FORMAT = "dqcheck-rules/1"
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """The rules of one class.

    Attributes:
        checks: Checks of rows, freshness among them.
        tables: Checks of the export as a whole.
        references: Values that must occur in another class.
        not_checked: Rules that are deactivated, with the reason.
    """

    checks: tuple[Check, ...] = ()
    tables: tuple[TableCheck, ...] = ()
    references: tuple[Reference, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of all rules, those of deactivated ones included."""
        return (
            *(check.id for check in self.checks),
            *(check.id for check in self.tables),
            *(reference.id for reference in self.references),
            *(item.feature.removeprefix("rule ") for item in self.not_checked),
        )

    def without(self, ids: frozenset[str]) -> CompiledRules:
        """Return the rules but those of `ids`."""
        return CompiledRules(
            tuple(check for check in self.checks if check.id not in ids),
            tuple(check for check in self.tables if check.id not in ids),
            tuple(reference for reference in self.references if reference.id not in ids),
            tuple(i for i in self.not_checked if i.feature.removeprefix("rule ") not in ids),
        )

    def joined(self, other: CompiledRules) -> CompiledRules:
        """Return these rules and `other`."""
        return CompiledRules(
            *((*getattr(self, f.name), *getattr(other, f.name)) for f in fields(CompiledRules))
        )


def load_rules(plan: Plan, class_plan: ClassPlan, paths: Sequence[Path] = ()) -> CompiledRules:
    """Return the rules that apply to `class_plan`.

    Args:
        plan: The compiled schema; if it is a packaged one, its packaged rules apply.
        class_plan: The class.
        paths: Documents of rules of the project, or folders of them, in order. Documents for
            other standards are passed over.

    Raises:
        ConfigurationError: With all faults of the first document that has any.
        UsageError: If a path is not there.
    """
    packaged = packaged_rules(plan)
    rules = packaged
    documents = find_documents(paths)
    if documents:
        from dqcheck.checks.compile_rules import add_documents

        rules = add_documents(plan, packaged, documents)
    found = rules.get(class_plan.name, CompiledRules())
    _refuse_taken(class_plan, found)
    return found


def find_documents(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the documents that `paths` name: files, and all YAML files of folders, sorted.

    Raises:
        UsageError: If a path is not there, or a folder has no documents.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.iterdir() if item.suffix in _SUFFIXES)
            if not inside:
                raise UsageError("the folder has no rules", place=Place(str(path)))
            found.extend(inside)
        elif path.exists():
            found.append(path)
        else:
            raise UsageError("there is no such file or folder of rules", place=Place(str(path)))
    return tuple(dict.fromkeys(found))


def packaged_documents() -> dict[str, Path]:
    """Return the packaged documents by name: `person`, or `person@1.0.0` for old versions."""
    shipped = Path(str(resources.files("dqcheck"))) / "data" / "rules"
    folder = shipped if shipped.is_dir() else Path(__file__).parents[3] / "rules"
    current = sorted(folder.glob("*.yaml"))
    return {path.stem: path for path in (*current, *sorted((folder / "versions").glob("*.yaml")))}


def dump_rules(plan: Plan, rules: Mapping[str, CompiledRules]) -> str:
    """Return the compiled rules of a standard, by class, as JSON; same rules, same text."""
    classes = {name: asdict(part) for name, part in sorted(rules.items())}
    head = {"format": FORMAT, "standard": plan.name, "version": plan.version}
    return json.dumps({**head, "classes": classes}, ensure_ascii=False, indent=1) + "\n"


def packaged_rules(plan: Plan) -> dict[str, CompiledRules]:
    """Return the packaged rules of a packaged standard, by class; none for other schemas.

    Raises:
        ConfigurationError: If there is no compiled form and the document is wrong.
    """
    if plan.source != "packaged":
        return {}
    compiled = Path(__file__).parent / "compiled" / f"{plan.name}@{plan.version}.json"
    if compiled.is_file():
        data = json.loads(compiled.read_text(encoding="utf-8"))
        if data["format"] == FORMAT:
            return {name: _rules_from_json(part) for name, part in data["classes"].items()}
    documents = packaged_documents()
    document = documents.get(f"{plan.name}@{plan.version}") or documents.get(plan.name)
    if document is None:
        return {}
    from dqcheck.checks.compile_rules import add_documents

    return add_documents(plan, {}, [document], packaged=True)


def _rules_from_json(part: dict[str, Any]) -> CompiledRules:
    return CompiledRules(
        checks=tuple(check_from_json(item) for item in part["checks"]),
        tables=tuple(
            TableCheck(
                **{
                    **item,
                    "kind": TableCheckKind(item["kind"]),
                    "dimension": Dimension(item["dimension"]),
                    "severity": Severity(item["severity"]),
                }
            )
            for item in part["tables"]
        ),
        references=tuple(
            Reference(**{**item, "severity": Severity(item["severity"])})
            for item in part["references"]
        ),
        not_checked=tuple(NotChecked(**item) for item in part["not_checked"]),
    )


def _refuse_taken(class_plan: ClassPlan, rules: CompiledRules) -> None:
    taken = {
        item.id
        for group in (class_plan.checks, class_plan.keys, class_plan.references)
        for item in group
    }
    for check_id in rules.ids:
        if check_id in taken:
            raise ConfigurationError(
                f'the rule "{check_id}" has the id of a check of the schema',
                hint="give it another id; what the schema says is never repeated in rules",
            )
