"""`dqcheck schema`: the published formats of dqcheck's own documents."""

from __future__ import annotations

__all__ = ["app"]

import json

import typer

app = typer.Typer(
    help="Print the JSON Schema of a document that dqcheck writes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _schema() -> None:
    """Print the JSON Schema of a document that dqcheck writes."""


@app.command()
def bundle() -> None:
    """Print the JSON Schema of the run bundle, which `check --report json=PATH` writes."""
    from dqcheck.cli.output import print_text
    from dqcheck.reports.bundle import read_schema

    print_text(json.dumps(read_schema(), ensure_ascii=False, indent=2) + "\n")
