"""The rules that apply to a class: the packaged ones, and the project's on top.

Packaged rules ship compiled, as JSON, so that a run on a packaged standard reads no YAML; the
documents themselves ship too, and are what is compiled where no JSON fits the standard's version.
"""

from __future__ import annotations

__all__ = ["CompiledRules", "load_rules", "packaged_rules"]

from collections.abc import Sequence
from pathlib import Path

from dqcheck.checks.compiled_rules import CompiledRules, parse_rules
from dqcheck.checks.locate import find_documents, packaged_documents
from dqcheck.errors import ConfigurationError
from dqcheck.standards.plan import ClassPlan, Plan


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


def packaged_rules(plan: Plan) -> dict[str, CompiledRules]:
    """Return the packaged rules that hold for a schema, by class.

    For a packaged standard they are its own; for another schema those of the packaged standards
    that it imports, under its own name.

    Raises:
        ConfigurationError: If there is no compiled form and the document is wrong.
    """
    if plan.source != "packaged":
        if not plan.imports:
            return {}
        from dqcheck.checks.compile_rules import imported_rules

        return imported_rules(plan)
    compiled = Path(__file__).parent / "compiled" / f"{plan.name}@{plan.version}.json"
    if compiled.is_file():
        rules = parse_rules(compiled.read_text(encoding="utf-8"))
        if rules is not None:
            return rules
    documents = packaged_documents()
    document = documents.get(f"{plan.name}@{plan.version}") or documents.get(plan.name)
    if document is None:
        return {}
    from dqcheck.checks.compile_rules import add_documents

    return add_documents(plan, {}, [document], packaged=True)


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
