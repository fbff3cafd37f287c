"""`dqcheck rules`: test, lint and list documents of rules."""

from __future__ import annotations

__all__ = ["app", "lint", "list_rules", "run_tests"]

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dqcheck.cli.output import print_text

if TYPE_CHECKING:
    from dqcheck.checks.rulebook import Rulebook
    from dqcheck.standards.plan import Plan

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Test, lint and list rules: what a schema can't say.",
)

_PATHS = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Documents of rules, or folders of them; the packaged rules by default.",
        show_default=False,
    ),
]
_SCHEMA = Annotated[
    Path | None,
    typer.Option(
        "--schema",
        help="The LinkML schema the rules are for, where it is no packaged standard.",
        show_default=False,
    ),
]


class ListFormat(StrEnum):
    """How `list` writes."""

    TEXT = "text"
    JSON = "json"


@app.command("test")
def run_tests(paths: _PATHS = None, schema: _SCHEMA = None) -> None:
    """Run every rule's own passing and failing rows, and say which rule fails which row.

    Exit codes: 0 all rows as expected, 1 some are not, 2 a document, schema or path is wrong.
    """
    from dqcheck.checks.examples import run_examples

    books = _open(paths, schema)
    examples = [
        example for book in books for use in book.uses for example in run_examples(book.plan, use)
    ]
    wrong = [example for example in examples if not example.agrees]
    print_text(
        "".join(
            f"{item.place}: {item.rule_id} ({item.class_name}): "
            f"the row {item.verdict}, and should be one that {item.expected}\n"
            for item in wrong
        )
    )
    rule_count = sum(len(book.uses) for book in books)
    _end(
        1 if wrong else 0,
        f"{len(examples) - len(wrong)} of {len(examples)} rows of {rule_count} rules as expected",
    )


@app.command()
def lint(paths: _PATHS = None, schema: _SCHEMA = None) -> None:
    """Find rules without rows of their own, without a reason or a fix, or without effect.

    Exit codes: 0 no errors (warnings may be there), 1 errors, 2 a document, schema or path is
    wrong.
    """
    from dqcheck.checks.lint import lint_rule

    found = [item for book in _open(paths, schema) for use in book.uses for item in lint_rule(use)]
    print_text(
        "".join(
            f"{item.place}: {item.level} [{item.code}] {item.rule_id}: {item.message}\n"
            for item in found
        )
    )
    errors = sum(item.level == "error" for item in found)
    warnings = len(found) - errors
    _end(1 if errors else 0, f"{errors} errors, {warnings} warnings")


@app.command("list")
def list_rules(
    paths: _PATHS = None,
    schema: _SCHEMA = None,
    output_format: Annotated[
        ListFormat, typer.Option("--format", help="Write text for people, or JSON.")
    ] = ListFormat.TEXT,
) -> None:
    """List rules: id, severity, dimension, classes and what each demands.

    Exit codes: 0 listed, 2 a document, schema or path is wrong.
    """
    books = _open(paths, schema)
    rows = [
        {
            "id": use.rule.id,
            "severity": use.rule.severity.value,
            "dimension": use.rule.dimension.value,
            "kind": use.rule.kind,
            "classes": sorted(use.products),
            "deactivated": use.rule.deactivated,
            "replaces": use.rule.replaces or "",
            "title": use.rule.title,
            "authority": use.rule.authority or "",
            "document": book.name,
        }
        for book in books
        for use in book.uses
    ]
    if output_format is ListFormat.JSON:
        import json

        print_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        width = max((len(str(row["id"])) for row in rows), default=0)
        print_text(
            "".join(
                f"{row['id']:<{width}}  {row['severity']:<9}  {row['dimension']:<12}  "
                f"{row['title']}{' (deactivated)' if row['deactivated'] else ''}\n"
                for row in rows
            )
        )
    _end(0, f"{len(rows)} rules in {len(books)} documents")


def _open(paths: list[Path] | None, schema: Path | None) -> tuple[Rulebook, ...]:
    from dqcheck.checks.rulebook import open_rulebooks

    return open_rulebooks(paths or [], _opener(schema))


def _opener(schema: Path | None) -> Callable[[str], Plan]:
    from dqcheck import standards

    if schema is None:
        return standards.open_standard
    plan = standards.open_schema(schema)
    return lambda name: plan


def _end(code: int, summary: str) -> None:
    sys.stderr.write(f"exit {code}: {summary}\n")
    raise typer.Exit(code)
