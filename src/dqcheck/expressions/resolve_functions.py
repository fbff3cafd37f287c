"""The functions of the rule language, as data: what they take, give and become."""

from __future__ import annotations

__all__ = ["FUNCTIONS", "Function", "Type"]

from dataclasses import dataclass
from typing import Literal

# `any` is a slot of no single type, `failed` a part that is already reported.
Type = Literal[
    "number", "text", "boolean", "date", "datetime", "time", "list", "nothing", "any", "failed"
]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the rule language.

    Attributes:
        parameters: What it takes: types; `day` is a date or datetime, `pattern` a regular
            expression in quotes, `constant` a text in quotes, `slots` the name of a slot that
            holds a list, `condition` a boolean about `item`, `pairs` pairs of round brackets,
            `kind` a kind of identifier in quotes, `dummies` one of which dummies are known;
            `same` values of one type; a last `…` repeats the one before; `digits?` may be left out.
        result: The type it gives; `same` is the type of its arguments.
        operator: The operator of the expression tree, where it is no more than that.
        summary: What it gives, in plain words.
    """

    parameters: tuple[str, ...]
    result: str
    operator: str
    summary: str


FUNCTIONS: dict[str, Function] = {
    # Text
    "strlen": Function(("text",), "number", "length", "number of characters"),
    "len": Function(("text or slots",), "number", "", "number of characters, or of elements"),
    "lower": Function(("text",), "text", "lower", "in small letters"),
    "upper": Function(("text",), "text", "upper", "in capital letters"),
    "trim": Function(("text",), "text", "trim", "without white space at both ends"),
    "matches": Function(
        ("text", "pattern"), "boolean", "", "whether the pattern is found anywhere in the text"
    ),
    "replace": Function(
        ("text", "pattern", "constant"), "text", "", "with all that matches the pattern replaced"
    ),
    "starts_with": Function(("text", "text"), "boolean", "starts", "whether it begins so"),
    "ends_with": Function(("text", "text"), "boolean", "ends", "whether it ends so"),
    "contains": Function(("text", "text"), "boolean", "contains", "whether it holds that part"),
    "substring": Function(
        ("text", "number", "number"),
        "text",
        "substring",
        "the part from a position (the first is 0), of so many characters",
    ),
    "str": Function(("any",), "text", "to_text", "the value as text"),
    "number": Function(
        ("text",), "number", "to_number", "the number the text spells; unknown if it spells none"
    ),
    # Numbers
    "abs": Function(("number",), "number", "abs", "without its sign"),
    "floor": Function(("number",), "number", "", "the next whole number down"),
    "ceil": Function(("number",), "number", "", "the next whole number up"),
    "round": Function(
        ("number", "digits?"),
        "number",
        "",
        "rounded to so many digits after the point, else whole; halves go away from zero",
    ),
    "min": Function(("same", "…"), "same", "min", "the least"),
    "max": Function(("same", "…"), "same", "max", "the greatest"),
    # Dates
    "date": Function(("day or constant",), "date", "", 'a date, as date("2026-01-31")'),
    "datetime": Function(
        ("constant",), "datetime", "", 'a date and time, as datetime("2026-01-31T09:30:00")'
    ),
    "today": Function((), "date", "today", "the day of the run (its as-of date)"),
    "year": Function(("day",), "number", "year", "the year"),
    "month": Function(("day",), "number", "month", "the month, 1 to 12"),
    "day": Function(("day",), "number", "day", "the day of the month"),
    "days_between": Function(
        ("day", "day"), "number", "days_between", "days from the first to the second"
    ),
    "years_between": Function(
        ("day", "day"), "number", "years_between", "whole years from the first to the second"
    ),
    "add_days": Function(("day", "number"), "same", "add_days", "the day so many days later"),
    # Identifiers
    "is_identifier": Function(
        ("text", "kind"), "boolean", "", "whether it is a right identifier of the kind"
    ),
    "is_dummy": Function(
        ("text or day", "dummies"), "boolean", "", "whether it is a known dummy of the kind"
    ),
    "vrm_era": Function(
        ("text",), "text", "vrm_era", "the era whose shape a registration mark has"
    ),
    "vrm_issued_from": Function(
        ("text",), "date", "vrm_issued_from", "the first day on which the mark's age was issued"
    ),
    "grid_easting": Function(
        ("text",), "number", "grid_easting", "the easting of a grid reference, in metres"
    ),
    "grid_northing": Function(
        ("text",), "number", "grid_northing", "the northing of a grid reference, in metres"
    ),
    "grid_metres": Function(
        ("text",), "number", "grid_metres", "the side of the square that a grid reference names"
    ),
    # Choices
    "case": Function(("pairs", "…"), "same", "", "the value of the first pair that holds"),
    "coalesce": Function(("same", "…"), "same", "coalesce", "the first value that is known"),
    "implies": Function(
        ("boolean", "boolean"), "boolean", "implies", "whether the second holds if the first does"
    ),
    "exactly_one": Function(
        ("boolean", "…"), "boolean", "one", "whether one of them holds and the others do not"
    ),
    # Lists
    "every": Function(("slots", "condition"), "boolean", "every", "whether all elements do"),
    "some": Function(("slots", "condition"), "boolean", "some", "whether an element does"),
    "count": Function(("slots", "condition"), "number", "count_if", "number of elements that do"),
    "distinct": Function(("slots",), "boolean", "distinct", "whether no element occurs twice"),
}
