"""The scorecard for a terminal, in words and shapes that read without colour."""

from __future__ import annotations

__all__ = ["render"]

import io
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dqcheck.model import Severity
from dqcheck.privacy import DISTINCT_KEYS
from dqcheck.reports import Surface
from dqcheck.results import GateOutcome, Level, say_count, say_exit

Part = Mapping[str, Any]

_CHECKS_SHOWN = 20
_CODES_SHOWN = 8
_COLUMNS_SHOWN = 12
_SHAPES_SHOWN = 4
_BAR_WIDTH = 20
_NARROWEST = 60
_MARKS = {"violation": "✗ violation", "warning": "! warning", "info": "i info"}
_STYLES = {"violation": "bold red", "warning": "yellow", "info": "cyan"}
_ASCII = {
    "█": "#",
    "░": ".",
    "━": "=",
    "✗": "x",
    "✓": "+",
    "·": "-",
    "…": "...",
    "×": "x",
    "→": "->",
}


def render(bundle: Part, surface: Surface) -> bytes:
    """Return the scorecards of a run, ending in one line with the exit code and why.

    Args:
        bundle: Made by `reports.bundle.build`.
        surface: Width (at least 60 is used), colour, and the encoding of the bytes.
    """
    output = io.StringIO()
    console = Console(
        file=output,
        width=max(surface.width, _NARROWEST),
        force_terminal=surface.color,
        no_color=not surface.color,
        color_system="standard" if surface.color else None,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    page = _Page(console)
    several = len(bundle["exports"]) > 1
    for export in bundle["exports"]:
        _show_export(page, export, several=several)
    _show_run(page, bundle)
    plain = "\n".join(line.rstrip() for line in output.getvalue().split("\n"))
    return _encode(plain, surface.encoding)


def _encode(text: str, encoding: str) -> bytes:
    """Encode, with ASCII in place of the signs that the encoding lacks."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_replace(character, encoding) for character in text).encode(
            encoding, "replace"
        )


def _replace(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return _ASCII.get(character, "?")
    return character


class _Page:
    """Prints lines that wrap under their own indent."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = console.width

    def say(self, *parts: str | tuple[str, str], indent: int = 2) -> None:
        self.console.print(
            Padding(Text.assemble(*parts), (0, 0, 0, indent), expand=False), soft_wrap=False
        )

    def head(self, title: str) -> None:
        self.console.print()
        self.say((title, "bold"), indent=0)

    def rule(self, left: str, right: str) -> None:
        gap = self.width - Text(left).cell_len - Text(right).cell_len - 5
        if gap < 3:
            self.say(("━━ ", "bold"), (left, "bold"), indent=0)
            self.say(right, indent=3)
        else:
            self.say(("━━ ", "bold"), (left, "bold"), f" {'━' * gap} ", right, indent=0)


def _percent(rate: float) -> str:
    """Return the rate in per cent, rounded down: what is not all right never reads as 100.0 %."""
    tenths = int(rate * 1000 + 1e-9)
    return "<0.1 %" if rate > 0 and tenths == 0 else f"{tenths // 10}.{tenths % 10} %"


def _of(numerator: int, denominator: int) -> str:
    return f"{numerator:,} of {denominator:,}"


def _show_export(page: _Page, export: Part, *, several: bool) -> None:
    standard = " ".join(word for word in (export["standard"], export["standard_version"]) if word)
    name = export["path"] + (f" [{export['sheet']}]" if export["sheet"] else "")
    page.rule(name, f"{standard}, class {export['class']}" if standard else "")
    _show_level(page, export)
    if export["error"]:
        _show_error(page, export["error"])
    else:
        _show_dimensions(page, export["dimensions"])
        _show_worst(page, export["dimensions"])
        _show_checks(page, export)
        _show_codes(page, export["unknown_codes"])
        _show_columns(page, export["binding"])
        _show_file(page, export["faults"], export["notes"])
        _show_not_checked(page, export)
        page.console.print()
    if several:
        page.say(say_exit(GateOutcome(export["outcome"]), export["reasons"]), indent=0)
        page.console.print()


def _show_level(page: _Page, export: Part) -> None:
    level, ladder = export["level"], ", ".join(level.value for level in Level)
    if level is None:
        page.say("Level: ", ("none", "bold"), indent=0)
    else:
        page.say("Level: ", (level, "bold"), f"  (of: {ladder})", indent=0)
    if export["why_not_next"]:
        above = f'Below "{export["next_level"]}"' if export["next_level"] else "No higher"
        page.say(f"{above}, because:", indent=2)
        for why in export["why_not_next"]:
            page.say(f"· {why}", indent=4)
    if export["error"]:
        return
    clean = export["clean"]
    page.say(f"Rows: {export['rows_read']:,} read, {export['rows_rejected']:,} rejected.", indent=0)
    if clean["denominator"]:
        page.say(
            f"Without a violation: {_of(clean['numerator'], clean['denominator'])} "
            f"({_percent(clean['rate'])}).",
            indent=0,
        )
    if export["translatable"]:
        page.say(
            f"Translatable: {say_count(export['translatable'], 'value')} would be valid through "
            "a mapping; they are not counted as valid.",
            indent=0,
        )


def _show_error(page: _Page, error: Part) -> None:
    for label, text in (("found", error["found"]), ("hint", error["hint"])):
        if text:
            page.say(f"{label}: {text}", indent=2)
    for other in error["others"]:
        page.say(f"· {other['message']}", indent=2)


def _show_dimensions(page: _Page, dimensions: Iterable[Part]) -> None:
    page.head(f"{'Dimension':<15}{'Rate':>9}  {'':{_BAR_WIDTH}}  Cells right of cells checked")
    for found in dimensions:
        name = f"{found['dimension']:<13}"
        if found["rate"] is None:
            page.say(name, f"{'no rate':>9}  {found['reason']}")
            continue
        filled = int(found["rate"] * _BAR_WIDTH)
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        counts = _of(found["numerator"], found["denominator"])
        page.say(name, (f"{_percent(found['rate']):>9}", "bold"), f"  {bar}  {counts}")
    page.say(
        "Rates are means over required and recommended slots, weighted 4, 2 and 1 for critical, "
        "important and others; cells are not weighted."
    )


def _show_worst(page: _Page, dimensions: Iterable[Part]) -> None:
    worst: list[tuple[str, Part]] = []
    zeroed: dict[str, dict[str, None]] = {}
    for found in dimensions:
        measured = [slot for slot in found["slots"] if not slot["reason"] and slot["rate"] < 1]
        worst += [
            (found["dimension"], slot)
            for slot in sorted(measured, key=lambda slot: (slot["rate"], -slot["weight"]))[:1]
        ]
        for slot in found["slots"]:
            if slot["reason"]:
                zeroed.setdefault(slot["reason"], {})[_name(slot)] = None
    if worst:
        page.head("Worst slots")
    for dimension, slot in worst:
        counts = _of(slot["numerator"], slot["denominator"])
        page.say(
            f"{dimension:<13}{_percent(slot['rate']):>9}  {_name(slot)} "
            f"({slot['criticality']}): {counts} right"
        )
    if zeroed:
        page.head("Counted as 0, since nothing could be looked at")
    for reason, names in zeroed.items():
        page.say((reason, "bold"), f": {', '.join(names)}")


def _name(slot: Part) -> str:
    return " + ".join(slot["slots"]) or "the whole table"


def _show_checks(page: _Page, export: Part) -> None:
    checks, absent = export["checks"], set(export["binding"]["absent"])
    failing = [check for check in checks if check["outcome"] == "failed"]
    forgiven = [check for check in checks if check["outcome"] == "passed" and check["failed"]]
    passed = sum(check["outcome"] == "passed" for check in checks)
    page.head(f"Checks: {passed:,} passed, {len(failing):,} failed, of {len(checks):,}")
    # That an absent column has no values needs no saying again.
    failing = [check for check in failing if check["slot"] not in absent or not _is_missing(check)]
    failing.sort(
        key=lambda check: (-Severity(check["severity"]).rank, -check["failed"], check["id"])
    )
    for check in failing[:_CHECKS_SHOWN]:
        _show_check(page, check)
    if len(failing) > _CHECKS_SHOWN:
        page.say(f"… and {len(failing) - _CHECKS_SHOWN:,} more; --report json=PATH has all.")
    if forgiven:
        page.say(
            f"{say_count(len(forgiven), 'check')} passed within a tolerance: "
            + ", ".join(f"{check['id']} ({check['failed']:,})" for check in forgiven)
        )


def _is_missing(check: Part) -> bool:
    return str(check["id"]).endswith((".required", ".recommended"))


def _show_check(page: _Page, check: Part) -> None:
    severity = check["severity"]
    page.say(
        (_MARKS[severity], _STYLES[severity]),
        f"  {_of(check['failed'], check['checked'])}"
        + (f" ({check['unknown']:,} unknown)" if check["unknown"] else ""),
        "  ",
        (check["id"], "bold"),
    )
    page.say(check["message"] or check["title"], indent=6)
    if check["shapes"]:
        shapes = [f"{item['shape']} ×{item['count']:,}" for item in check["shapes"]]
        more = ", …" if len(shapes) > _SHAPES_SHOWN else ""
        page.say(f"shapes: {',  '.join(shapes[:_SHAPES_SHOWN])}{more}", indent=6)
    if check["fix"]:
        page.say(f"fix: {check['fix']}", indent=6)


def _show_codes(page: _Page, codes: Iterable[Part]) -> None:
    codes = tuple(codes)
    if not codes:
        return
    page.head("Values that are in no code list")
    for found in codes:
        page.say((found["slot"], "bold"), f" (list {found['list']})")
        for item in found["values"][:_CODES_SHOWN]:
            nearest = ", ".join(item["nearest"]) or "none"
            page.say(
                f"{item['value']}  in {say_count(item['rows'], 'row')} → nearest: {nearest}",
                indent=4,
            )
        if len(found["values"]) > _CODES_SHOWN:
            page.say(f"… and {len(found['values']) - _CODES_SHOWN:,} more", indent=4)
        if found["withheld_values"]:
            page.say(
                f"{say_count(found['withheld_values'], 'value')} in "
                f"{say_count(found['withheld_rows'], 'row')} not shown: fewer than "
                f"{DISTINCT_KEYS} records share one, so it may be personal",
                indent=4,
            )


def _show_columns(page: _Page, binding: Part) -> None:
    inexact = [slot for slot in binding["slots"] if slot["match"] != "exact"]
    if not (inexact or binding["unknown"] or binding["absent"]):
        return
    page.head("Columns")
    if not binding["headers_shown"]:
        page.say("Headers may be values here: their positions and shapes are shown.")
    for slot in inexact[:_COLUMNS_SHOWN]:
        page.say(f"{slot['position']}: {slot['header']} → {slot['slot']}, by {slot['match']} only")
    for column in binding["unknown"][:_COLUMNS_SHOWN]:
        near = ", ".join(column["suggestions"])
        page.say(
            f"{column['position']}: {column['header']} is no slot: nothing in it was checked"
            + (f"; did you mean {near}?" if near else "")
        )
    hidden = max(len(inexact) - _COLUMNS_SHOWN, 0)
    hidden += max(len(binding["unknown"]) - _COLUMNS_SHOWN, 0)
    if hidden:
        page.say(f"… and {hidden:,} more")
    if binding["absent"]:
        page.say(f"No column for: {', '.join(binding['absent'])}")


def _show_file(page: _Page, faults: Iterable[Part], notes: Iterable[str]) -> None:
    faults, notes = tuple(faults), tuple(notes)
    if not (faults or notes):
        return
    page.head("The file itself")
    for note in notes:
        page.say(f"· {note}")
    for fault in faults:
        page.say(
            (_MARKS[fault["severity"]], _STYLES[fault["severity"]]),
            f"  {say_count(fault['count'], 'place')}  ",
            (fault["check"], "bold"),
        )
        for place in fault["first"]:
            page.say(_place(place), indent=6)
        if fault["count"] > len(fault["first"]):
            page.say("…", indent=6)


def _place(place: Part) -> str:
    where = [f"{name} {place[name]:,}" for name in ("line", "row", "column") if place[name]]
    return ": ".join(part for part in (", ".join(where), place["detail"]) if part)


def _show_not_checked(page: _Page, export: Part) -> None:
    idle = [check for check in export["checks"] if check["outcome"] in {"error", "not_assessed"}]
    if not (idle or export["not_checked"]):
        return
    page.head("Not checked")
    for check in idle:
        page.say((check["id"], "bold"), f": {check['reason'] or 'could not run'}")
    for item in export["not_checked"]:
        page.say((item["id"], "bold"), f": {item['reason']}")


def _show_run(page: _Page, bundle: Part) -> None:
    run, gate = bundle["run"], bundle["gate"]
    for note in run["notes"]:
        page.say(note, indent=0)
    page.say(f"dqcheck {run['dqcheck']} as of {run['as_of']}", indent=0)
    line = say_exit(GateOutcome(gate["outcome"]), gate["reasons"])
    # One line whatever the width: pipelines read the last line.
    page.console.print(Text(line, style="bold"), soft_wrap=True)
