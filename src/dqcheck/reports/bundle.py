"""The run bundle: one redacted JSON document from which every report is made."""

from __future__ import annotations

__all__ = ["FORMAT", "build", "read_schema"]

import difflib
import json
import math
from importlib.resources import files
from typing import Any

import polars as pl

from dqcheck.errors import DqcheckError
from dqcheck.model import Check, Measurement, Privacy
from dqcheck.privacy import DISTINCT_KEYS, fold, safe_name, safe_path, safe_value
from dqcheck.reports.redact import Redaction, redact
from dqcheck.results import (
    Checked,
    DimensionScore,
    ExportRun,
    Level,
    Run,
    Scorecard,
    SlotRate,
    Verdict,
    find_not_checked,
    find_unit,
    not_checked_id,
)
from dqcheck.standards.plan import EnumPlan

FORMAT = "dqcheck-bundle/1"

_CLASS_WORDS = {
    Privacy.DIRECT: "slots that name a person, and of unclassified ones,",
    Privacy.QUASI: "slots that help to single a person out",
    Privacy.SENSITIVE: "sensitive slots",
    Privacy.FREE_TEXT: "slots of free text",
    Privacy.NONE: "slots that are not of privacy class code",
}
_FAULTS_SHOWN = 5
_NEAREST_SHOWN = 3


def read_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the bundle; every field is described in it."""
    text = files("dqcheck.reports").joinpath("bundle.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def build(run: Run, verdict: Verdict) -> dict[str, Any]:
    """Return the bundle of a run: plain JSON values, redacted here and nowhere else.

    The same run gives the same bundle; it holds no clock but `run.as_of`.

    Args:
        run: What was found, with raw values.
        verdict: The gate's verdict on it, with one verdict an export.
    """
    return {
        "schema": FORMAT,
        "run": {
            "dqcheck": run.version,
            "libraries": dict(sorted(run.libraries.items())),
            "as_of": run.as_of.isoformat(),
            "key_id": run.key.id if run.key else None,
            "options": {
                "fail_on": run.gate.fail_on.value,
                "ignored": sorted(run.gate.ignored),
                "rejected_count": run.gate.rejected.count,
                "rejected_share": run.gate.rejected.share,
                "show_values": run.show_values,
                "others": dict(sorted(run.options.items())),
            },
            "notes": _notes(run),
        },
        "exports": [
            _export(export, found, run)
            for export, found in zip(run.exports, verdict.exports, strict=True)
        ],
        "gate": _verdict(verdict),
    }


def _notes(run: Run) -> list[str]:
    notes = list(run.notes)
    if run.key is not None and run.key.weak:
        notes.append(
            "The key for record tokens is so short that they could be guessed: use 32 bytes."
        )
    return notes


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.value,
        "exit_code": verdict.exit_code,
        "reasons": list(verdict.reasons),
    }


def _export(run: ExportRun, verdict: Verdict, whole: Run) -> dict[str, Any]:
    checked = run.checked
    return {
        "path": safe_path(run.path),
        "standard": run.standard,
        "class": run.class_name,
        **_verdict(verdict),
        "error": _error(run.error) if run.error else None,
        **_level(run.scorecard),
        "dimensions": [_dimension(score) for score in run.scorecard.dimensions],
        **(_found(checked, whole) if checked else _nothing_found()),
    }


def _level(card: Scorecard) -> dict[str, Any]:
    above = list(Level)[card.level.rank + 1 :] if card.level is not None else list(Level)
    return {
        "level": card.level.value if card.level is not None else None,
        "next_level": above[0].value if above else None,
        "why_not_next": list(card.why_not_next),
        "clean": {
            "numerator": card.clean,
            "denominator": card.rows,
            "rate": _share(card.clean, card.rows),
        },
        "translatable": card.translatable,
    }


def _share(part: int, whole: int) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(rate: float) -> float:
    """Return the rate to six places, rounded down: what is not all right never reads as 1."""
    return math.floor(rate * 1e6 + 1e-9) / 1e6


def _error(error: DqcheckError) -> dict[str, Any]:
    return {
        "message": error.message,
        "place": safe_path(str(error.place)) if error.place else None,
        "found": error.found,
        "hint": error.hint,
        "others": [_error(other) for other in error.others],
    }


def _dimension(score: DimensionScore) -> dict[str, Any]:
    return {
        "dimension": score.dimension.value,
        "rate": None if score.rate is None else _rounded(score.rate),
        "numerator": score.numerator,
        "denominator": score.denominator,
        "reason": score.reason,
        "worst": None if score.worst is None else _slot_rate(score.worst),
        "slots": [_slot_rate(slot) for slot in score.slots],
    }


def _slot_rate(slot: SlotRate) -> dict[str, Any]:
    return {
        "slots": list(slot.slots),
        "criticality": slot.criticality.value,
        "weight": slot.criticality.weight,
        "rate": _rounded(slot.rate),
        "numerator": slot.right,
        "denominator": slot.checked,
        "reason": slot.reason,
    }


def _found(checked: Checked, run: Run) -> dict[str, Any]:
    redaction = redact(checked, show_values=run.show_values)
    export = checked.export
    return {
        "standard_version": checked.plan.version,
        "format": export.format,
        "sheet": None if export.sheet is None else safe_name(export.sheet),
        "sha256": export.sha256,
        "layout": dict(sorted(export.layout.items())),
        "notes": list(export.notes),
        "rows_read": export.rows_read,
        "rows_rejected": export.rows_rejected,
        "binding": _binding(checked, redaction),
        "slots": _slots(checked),
        "checks": _checks(checked),
        "unknown_codes": _unknown_codes(checked, redaction),
        "faults": _faults(export.faults),
        "not_checked": [
            {
                "id": not_checked_id(checked.plan.name, item),
                "feature": item.feature,
                "class": item.class_name,
                "slot": item.slot,
                "reason": item.reason,
                "mandatory": item.mandatory,
            }
            for item in find_not_checked(checked.class_plan, checked.validation)
        ],
    }


def _nothing_found() -> dict[str, Any]:
    return {
        "standard_version": None,
        "format": None,
        "sheet": None,
        "sha256": "",
        "layout": {},
        "notes": [],
        "rows_read": 0,
        "rows_rejected": 0,
        "binding": {"headers_shown": False, "slots": [], "absent": [], "unknown": []},
        "slots": [],
        "checks": [],
        "unknown_codes": [],
        "faults": [],
        "not_checked": [],
    }


def _binding(checked: Checked, redaction: Redaction) -> dict[str, Any]:
    binding = checked.binding
    matched = {fold(column.header): column.position for column, _ in binding.slots.values()}
    return {
        "headers_shown": redaction.headers_shown,
        "slots": [
            {
                "slot": slot,
                "position": column.position,
                "header": redaction.name_column(column),
                "match": match.value,
            }
            for slot, (column, match) in sorted(
                binding.slots.items(), key=lambda item: item[1][0].position
            )
        ],
        "absent": list(binding.absent),
        "unknown": [
            {
                "position": column.position,
                "header": redaction.name_column(column),
                "header_shown": column.position in redaction.columns,
                # A suggestion shows what a hidden header is like.
                "suggestions": list(suggestions) if redaction.headers_shown else [],
                "repeats": matched.get(fold(column.header)),
            }
            for column, suggestions in binding.unknown
        ],
    }


def _slots(checked: Checked) -> list[dict[str, Any]]:
    plans = {slot.name: slot for slot in checked.class_plan.slots}
    return [
        {
            "slot": tally.slot,
            "title": plans[tally.slot].title,
            "criticality": plans[tally.slot].criticality.value,
            "privacy": plans[tally.slot].privacy.value,
            "required": plans[tally.slot].required,
            "recommended": plans[tally.slot].recommended,
            "rows": tally.rows,
            "valid": tally.valid,
            "other": tally.other,
            "default": tally.default,
            "invalid": tally.invalid,
            "missing": tally.missing,
            "translatable": tally.translatable,
            "violating": tally.violating,
        }
        for tally in checked.validation.tallies
    ]


def _checks(checked: Checked) -> list[dict[str, Any]]:
    validation = checked.validation
    shapes: dict[str, list[dict[str, Any]]] = {}
    for check_id, shape, count in validation.shapes.select("check", "shape", "count").iter_rows():
        shapes.setdefault(check_id, []).append({"shape": shape, "count": count})
    return [
        _check(check, found, shapes.get(check.id, []))
        for check, found in zip(validation.checks, validation.measurements, strict=True)
    ]


def _check(check: Check, found: Measurement, shapes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": check.id,
        "slot": check.slot,
        "dimension": check.dimension.value,
        "severity": check.severity.value,
        "outcome": found.outcome.value,
        "checked": found.checked,
        "failed": found.failed,
        "unknown": found.unknown,
        "unit": find_unit(check),
        "reason": found.reason,
        "repeated": None
        if found.spread is None
        else {"within": found.spread.within, "across": found.spread.across},
        "title": check.title,
        "message": check.message,
        "why": check.why,
        "fix": check.fix,
        "authority": check.authority,
        "tolerance": {"count": check.tolerance.count, "share": check.tolerance.share},
        "purposes": list(check.purposes),
        "shapes": shapes,
    }


def _unknown_codes(checked: Checked, redaction: Redaction) -> list[dict[str, Any]]:
    """Return the commonest values that are no code, where they may be shown, and how many not."""
    found: list[dict[str, Any]] = []
    for slot in checked.class_plan.slots:
        rows = checked.validation.codes.filter(pl.col("slot") == slot.name)
        enum = checked.plan.enums.get(slot.enum or "")
        if rows.is_empty() or enum is None:
            continue
        # At most 50 values a slot come here, so that a loop is no loop over rows.
        values = list(rows.select("value", "rows", "keys").iter_rows())
        shown = [item for item in values if redaction.may_show(slot.name, item[0])]
        withheld = [item for item in values if not redaction.may_show(slot.name, item[0])]
        found.append(
            {
                "slot": slot.name,
                "list": enum.name,
                "values": [
                    {
                        "value": safe_value(value),
                        "rows": count,
                        "keys": keys,
                        "nearest": _find_nearest(value, enum),
                    }
                    for value, count, keys in shown
                ],
                "withheld_values": len(withheld),
                "withheld_rows": sum(count for _, count, _ in withheld),
                "withheld_reason": _why_withheld(slot.privacy) if withheld else "",
            }
        )
    return found


def _why_withheld(privacy: Privacy) -> str:
    if privacy is Privacy.CODE:
        return f"fewer than {DISTINCT_KEYS} records share one, so it may be personal"
    return f"values of {_CLASS_WORDS[privacy]} are never shown"


def _find_nearest(value: str, enum: EnumPlan) -> list[str]:
    """Return the permissible values nearest to `value`: by code, title or alias, best first."""
    codes: dict[str, str] = {}
    for permissible in enum.values:
        for word in (permissible.code, permissible.title, *permissible.aliases):
            codes.setdefault(fold(word), permissible.code)
    folded = fold(value)
    if folded in codes:
        return [codes[folded]]
    near = difflib.get_close_matches(folded, codes, n=_NEAREST_SHOWN * 2, cutoff=0.6)
    return list(dict.fromkeys(codes[word] for word in near))[:_NEAREST_SHOWN]


def _faults(faults: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the faults of the file by kind, each with its first places."""
    ordered = faults.sort("check", "line", "row", "column", nulls_last=True, maintain_order=True)
    return [
        {
            "check": str(group["check"][0]),
            "severity": str(group["severity"][0]),
            "count": group.height,
            "first": group.head(_FAULTS_SHOWN).select("row", "line", "column", "detail").to_dicts(),
        }
        for group in ordered.partition_by("check", maintain_order=True)
    ]
