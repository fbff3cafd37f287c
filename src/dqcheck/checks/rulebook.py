"""Documents of rules opened together with their standards, for testing, linting and listing."""

from __future__ import annotations

__all__ = ["Rulebook", "failing_cells", "open_rulebooks"]

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dqcheck.checks.compile_rules import RuleUse, compile_document, read_document, read_uses
from dqcheck.checks.locate import find_documents, packaged_documents
from dqcheck.checks.rules import packaged_rules
from dqcheck.documents.rules import Cells
from dqcheck.errors import ConfigurationError, DqcheckError, Place, raise_together
from dqcheck.standards.plan import Plan


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A document of rules, compiled against its standard.

    Attributes:
        name: How the document is called.
        plan: The compiled schema.
        uses: Its rules.
    """

    name: str
    plan: Plan
    uses: tuple[RuleUse, ...]


def open_rulebooks(paths: Sequence[Path], open_plan: Callable[[str], Plan]) -> tuple[Rulebook, ...]:
    """Return the documents at `paths`, or the current packaged ones if there are none.

    Args:
        paths: Documents, or folders of them.
        open_plan: What opens the schema of a standard, by name.

    Raises:
        ConfigurationError: With all faults of all documents.
        UsageError: If a path is not there, or a standard is not known.
    """
    packaged = packaged_documents()
    own = {path.resolve(): name for name, path in packaged.items()}
    current = tuple(path for name, path in packaged.items() if "@" not in name)
    documents = find_documents(paths) or current
    books: list[Rulebook] = []
    faults: list[DqcheckError] = []
    for path in documents:
        name = own.get(path.resolve())
        label = f"rules/{path.name}" if name and not paths else str(path)
        try:
            books.append(_open(path, label, name, books, open_plan))
        except DqcheckError as fault:
            faults.append(fault)
    raise_together(faults)
    return tuple(books)


def failing_cells(plan: Plan) -> dict[str, tuple[Cells, ...]]:
    """Return the failing rows that the packaged rules of a packaged standard bring, by id.

    Raises:
        ConfigurationError: With all faults of the document.
    """
    packaged = packaged_documents()
    path = packaged.get(f"{plan.name}@{plan.version}") or packaged.get(plan.name)
    if plan.source != "packaged" or path is None:
        return {}
    uses = read_uses(plan, path, f"rules/{path.name}")
    return {use.rule.id: use.rule.failing for use in uses if not use.rule.given}


def _open(
    path: Path,
    label: str,
    packaged_as: str | None,
    before: Sequence[Rulebook],
    open_plan: Callable[[str], Plan],
) -> Rulebook:
    rules, node = read_document(path, label)
    plan = open_plan(packaged_as or rules.standard)
    if plan.name != rules.standard:
        raise ConfigurationError(
            f'the rules are for "{rules.standard}", and the schema is "{plan.name}"',
            place=Place(label),
        )
    beside = [
        book for book in before if (book.plan.name, book.plan.version) == (plan.name, plan.version)
    ]
    taken = {use.rule.id for book in beside for use in book.uses}
    if packaged_as is None:
        taken |= {check_id for part in packaged_rules(plan).values() for check_id in part.ids}
    return Rulebook(label, plan, compile_document(plan, rules, node, label=label, taken=taken))
