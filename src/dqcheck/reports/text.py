"""The scorecard for a terminal, in words and shapes that read without colour."""

from __future__ import annotations

__all__ = ["render"]

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from dqcheck.model import Severity
from dqcheck.privacy import CODE_SHAPE
from dqcheck.reports import Surface
from dqcheck.reports.page import Page
from dqcheck.results import GateOutcome, Level, say_count, say_exit, say_failed, say_path

Part = Mapping[str, Any]

_CHECKS_SHOWN = 20
_CODES_SHOWN = 8
_COLUMNS_SHOWN = 12
_SHAPES_SHOWN = 4
_BAR_WIDTH = 20
_ALWAYS_SAID = ("passed", "failed")
_MATCHES = {"case": "capitals or spacing", "alias": "a known alias"}
_MARKS = {"violation": "✗ violation", "warning": "! warning", "info": "i info"}
_STYLES = {"violation": "bold red", "warning": "yellow", "info": "cyan"}


def render(bundle: Part, surface: Surface) -> bytes:
    """Return the scorecards of a run, ending in one line with the exit code and why.

    Args:
        bundle: Made by `reports.bundle.build`.
        surface: Width (at least 60 is used), colour, and the encoding of the bytes.
    """
    page = Page(surface)
    several = len(bundle["exports"]) > 1
    for export in bundle["exports"]:
        _show_export(page, export, several=several)
    _show_run(page, bundle)
    return page.encode()


def _percent(rate: float) -> str:
    """Return the rate in per cent, rounded down: what is not all right never reads as 100.0 %."""
    tenths = int(rate * 1000 + 1e-9)
    return "<0.1 %" if rate > 0 and tenths == 0 else f"{tenths // 10}.{tenths % 10} %"


def _of(numerator: int, denominator: int) -> str:
    return f"{numerator:,} of {denominator:,}"


def _show_export(page: Page, export: Part, *, several: bool) -> None:
    standard = " ".join(word for word in (export["standard"], export["standard_version"]) if word)
    name = say_path(export["path"]) + (f" [{export['sheet']}]" if export["sheet"] else "")
    page.rule(name, f"{standard}, class {export['class']}" if standard else "")
    if export["outcome"] == GateOutcome.MISCONFIGURED:
        page.say(("error: ", "bold red"), export["error"]["message"])
    else:
        _show_level(page, export)
    if export["error"]:
        _show_error(page, export["error"])
    else:
        _show_dimensions(page, export["dimensions"])
        _show_worst(page, export["dimensions"])
        _show_checks(page, export)
        _show_codes(page, export["unknown_codes"])
        _show_columns(page, export["binding"], export["slots"])
        _show_file(page, export)
        _show_not_checked(page, export)
        page.skip()
    if several:
        page.say(say_exit(GateOutcome(export["outcome"]), export["reasons"]), indent=0)
        page.skip()


def _show_level(page: Page, export: Part) -> None:
    level, ladder = export["level"], ", ".join(level.value for level in Level)
    if level is None:
        page.say("Level: ", ("none", "bold"), indent=0)
    else:
        page.say("Level: ", (level, "bold"), f"  (of: {ladder})", indent=0)
    if export["why_not_next"]:
        above = f'It does not reach "{export["next_level"]}", because:'
        page.say(above if export["next_level"] else "Because:", indent=2)
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
            f"Translatable through a mapping, and not valid as sent: "
            f"{say_count(export['translatable'], 'value')}.",
            indent=0,
        )


def _show_error(page: Page, error: Part) -> None:
    for label in ("place", "found", "hint"):
        if error[label]:
            page.say(f"{label}: {error[label]}", indent=4)
    for other in error["others"]:
        page.say(f"· {other['message']}", indent=2)
        _show_error(page, other)


def _show_dimensions(page: Page, dimensions: Iterable[Part]) -> None:
    page.head(f"{'Dimension':<15}{'Rate':>9}  {'':{_BAR_WIDTH}}  Cells right of cells checked")
    rated = False
    for found in dimensions:
        name = f"{found['dimension']:<13}"
        rated |= found["rate"] is not None
        if found["rate"] is None:
            page.say(name, f"{'no rate':>9}  {found['reason']}")
            continue
        filled = int(found["rate"] * _BAR_WIDTH)
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        counts = _of(found["numerator"], found["denominator"])
        page.say(name, (f"{_percent(found['rate']):>9}", "bold"), f"  {bar}  {counts}")
    if not rated:
        return
    page.say(
        "Rates are means over required and recommended slots, weighted 4, 2 and 1 for critical, "
        "important and others; cells are not weighted."
    )


def _show_worst(page: Page, dimensions: Iterable[Part]) -> None:
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


def _show_checks(page: Page, export: Part) -> None:
    checks, absent = export["checks"], set(export["binding"]["absent"])
    # What is wrong with the file itself is said under a heading of its own.
    told = {fault["check"] for fault in export["faults"]}
    failing = [
        check for check in checks if check["outcome"] == "failed" and check["id"] not in told
    ]
    forgiven = [check for check in checks if check["outcome"] == "passed" and check["failed"]]
    page.head(_count_checks(checks))
    # That an absent column has no values needs no saying again.
    said = [check for check in failing if check["slot"] not in absent or not _is_missing(check)]
    said.sort(key=lambda check: (-Severity(check["severity"]).rank, -check["failed"], check["id"]))
    for check in said[:_CHECKS_SHOWN]:
        _show_check(page, check)
    more = len(failing) - len(said[:_CHECKS_SHOWN])
    if more:
        page.say(f"… and {more:,} more (all in --report json=PATH)")
    if forgiven:
        page.say(
            f"{say_count(len(forgiven), 'check')} passed within a tolerance: "
            + ", ".join(f"{check['id']} ({check['failed']:,})" for check in forgiven)
        )


def _count_checks(checks: Collection[Part]) -> str:
    outcomes = [check["outcome"] for check in checks]
    counts = {
        "passed": outcomes.count("passed"),
        "failed": outcomes.count("failed"),
        "could not run": outcomes.count("error") + outcomes.count("not_assessed"),
        "had nothing to decide": outcomes.count("not_applicable"),
    }
    shown = [
        f"{count:,} {words}" for words, count in counts.items() if count or words in _ALWAYS_SAID
    ]
    return f"Checks: {', '.join(shown)}, of {len(outcomes):,}"


def _is_missing(check: Part) -> bool:
    return str(check["id"]).endswith((".required", ".recommended"))


def _show_check(page: Page, check: Part) -> None:
    severity = check["severity"]
    page.say(
        (_MARKS[severity], _STYLES[severity]),
        f"  {say_failed(check['unit'], check['failed'], check['checked'])}"
        + (f" ({check['unknown']:,} unknown)" if check["unknown"] else ""),
        "  ",
        (check["id"], "bold"),
    )
    message = check["message"] or check["title"]
    page.say(_begin(message + (f": {check['reason']}" if check["reason"] else "")), indent=6)
    if check["shapes"]:
        shapes = [f"{_quote_shape(item['shape'])} ×{item['count']:,}" for item in check["shapes"]]
        more = ", …" if len(shapes) > _SHAPES_SHOWN else ""
        page.say(f"shapes: {', '.join(shapes[:_SHAPES_SHOWN])}{more}", indent=6)
    if check["fix"]:
        page.say(f"fix: {check['fix']}", indent=6)


def _begin(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _quote_shape(shape: str) -> str:
    return shape if shape == CODE_SHAPE else f'"{shape}"'


def _show_codes(page: Page, codes: Iterable[Part]) -> None:
    codes = tuple(codes)
    if not codes:
        return
    page.head("Values that are in no code list")
    for found in codes:
        page.say((found["slot"], "bold"), f" (list {found['list']})")
        for item in found["values"][:_CODES_SHOWN]:
            nearest = ", ".join(f'"{code}"' for code in item["nearest"]) or "none"
            page.say(
                f'"{item["value"]}" in {say_count(item["rows"], "row")} → nearest: {nearest}',
                indent=4,
            )
        if len(found["values"]) > _CODES_SHOWN:
            page.say(f"… and {len(found['values']) - _CODES_SHOWN:,} more", indent=4)
        if found["withheld_values"]:
            page.say(
                f"{say_count(found['withheld_values'], 'value')} in "
                f"{say_count(found['withheld_rows'], 'row')} not shown: "
                f"{found['withheld_reason']}",
                indent=4,
            )


def _show_columns(page: Page, binding: Part, slots: Iterable[Part]) -> None:
    inexact = [slot for slot in binding["slots"] if slot["match"] != "exact"]
    if not (inexact or binding["unknown"] or binding["absent"]):
        return
    page.head("Columns")
    if not binding["headers_shown"]:
        page.say(
            "Headers may be values here: their positions and shapes are shown. If the file has no "
            "headers, name its columns in their order: --read header=NAME,NAME,…"
        )
    for slot in inexact[:_COLUMNS_SHOWN]:
        page.say(f"{_name_column(slot)} → {slot['slot']}, by {_MATCHES[slot['match']]} only")
    # Those that may be slots first: the list is cut.
    if binding["headers_shown"] and not all(one["header_shown"] for one in binding["unknown"]):
        page.say("Headers that may be values are shown as shapes.")
    unknown = sorted(binding["unknown"], key=lambda column: not column["suggestions"])
    for column in unknown[:_COLUMNS_SHOWN]:
        page.say(_say_unknown(column))
    hidden = max(len(inexact) - _COLUMNS_SHOWN, 0)
    hidden += max(len(binding["unknown"]) - _COLUMNS_SHOWN, 0)
    if hidden:
        page.say(f"… and {hidden:,} more")
    if binding["absent"]:
        page.say(f"No column for: {_say_absent(binding['absent'], slots)}")


def _say_absent(absent: Collection[str], slots: Iterable[Part]) -> str:
    """Return the absent slots: by name those that are asked for, by count those that are not."""
    asked = {slot["slot"] for slot in slots if slot["required"] or slot["recommended"]}
    named = [name for name in absent if name in asked]
    others = len(absent) - len(named)
    if others:
        named.append(f"{say_count(others, 'slot')} that {'is' if others == 1 else 'are'} optional")
    return ", ".join(named)


def _name_column(column: Part) -> str:
    header = f'"{column["header"]}"' if column["header"] else "(no header)"
    return f"column {column['position']} {header}"


def _say_unknown(column: Part) -> str:
    what = " is no slot" if column["header"] else ""
    if column["repeats"]:
        what = f" repeats the header of column {column['repeats']}"
    near = " or ".join(f'"{name}"' for name in column["suggestions"])
    hint = f"; did you mean {near}?" if near and not column["repeats"] else ""
    return f"{_name_column(column)}{what}: nothing in it was checked{hint}"


def _show_file(page: Page, export: Part) -> None:
    if not (export["faults"] or export["notes"]):
        return
    page.head("The file itself")
    for note in export["notes"]:
        page.say(f"· {note}")
    checks = {check["id"]: check for check in export["checks"]}
    for fault in sorted(export["faults"], key=lambda fault: -Severity(fault["severity"]).rank):
        page.say(
            (_MARKS[fault["severity"]], _STYLES[fault["severity"]]),
            f"  {say_count(fault['count'], 'place')}  ",
            (fault["check"], "bold"),
        )
        for place in fault["first"]:
            page.say(_place(place), indent=6)
        if fault["count"] > len(fault["first"]):
            page.say("…", indent=6)
        if fault["check"] in checks:
            page.say(f"fix: {checks[fault['check']]['fix']}", indent=6)


def _place(place: Part) -> str:
    where = [f"{name} {place[name]:,}" for name in ("line", "row", "column") if place[name]]
    return ": ".join(part for part in (", ".join(where), place["detail"]) if part)


def _show_not_checked(page: Page, export: Part) -> None:
    idle = [check for check in export["checks"] if check["outcome"] in {"error", "not_assessed"}]
    if not (idle or export["not_checked"]):
        return
    page.head("Not checked")
    for check in idle:
        page.say((check["id"], "bold"), f": {check['reason'] or 'could not run'}")
    for item in export["not_checked"]:
        aside = "" if item["mandatory"] else " (the gate does not ask for it)"
        page.say((item["id"], "bold"), f": {item['reason']}{aside}")


def _show_run(page: Page, bundle: Part) -> None:
    run, gate = bundle["run"], bundle["gate"]
    for note in run["notes"]:
        page.say(note, indent=0)
    page.say(f"dqcheck {run['dqcheck']} as of {run['as_of']}", indent=0)
    line = say_exit(GateOutcome(gate["outcome"]), gate["reasons"])
    # One line whatever the width: pipelines read the last line.
    page.end(line)
