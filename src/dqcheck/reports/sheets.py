"""Text that is safe in spreadsheets."""

from __future__ import annotations

__all__ = ["escape_formula", "escape_formulas"]

import re

import polars as pl

# OWASP, "CSV Injection": what starts so is run as a formula. A plain number is not.
_STARTS = r"^[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"[+\-]?[0-9]+(?:\.[0-9]+)?"


def escape_formulas(text: pl.Expr) -> pl.Expr:
    """Return String expressions with an apostrophe before what a spreadsheet would run.

    Plain numbers such as `-1.5` stay.
    """
    formula = text.str.contains(_STARTS) & ~text.str.contains(f"^{_NUMBER}$")
    return pl.when(formula).then("'" + text).otherwise(text).name.keep()


def escape_formula(text: str) -> str:
    """Return one text as `escape_formulas` does."""
    formula = re.match(_STARTS, text) and not re.fullmatch(_NUMBER, text)
    return "'" + text if formula else text
