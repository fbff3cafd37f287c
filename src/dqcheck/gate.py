"""The gate: one exit code that a pipeline can trust, and why."""

from __future__ import annotations

__all__ = ["REJECTED_ROWS", "judge"]

from collections.abc import Iterable

from dqcheck.model import Check, Measurement, NotChecked, Outcome, Severity, Validation
from dqcheck.readers.faults import CATALOGUE
from dqcheck.results import (
    Checked,
    ExportRun,
    FailOn,
    GateOptions,
    GateOutcome,
    Verdict,
    find_unit,
    not_checked_id,
    say_count,
    say_failed,
    say_path,
)

REJECTED_ROWS = "file.rejected_rows"
"""The id by which the gate's own finding on rejected rows can be ignored."""

_WORST_FIRST = (
    GateOutcome.INTERNAL_FAULT,
    GateOutcome.MISCONFIGURED,
    GateOutcome.NOT_PROVEN,
    GateOutcome.FAILED,
    GateOutcome.PASSED,
)
_BY_EXIT_CODE = {outcome.exit_code: outcome for outcome in GateOutcome}


def judge(exports: Iterable[ExportRun], options: GateOptions) -> Verdict:
    """Return the verdict on a run, with one verdict an export.

    Internal fault outweighs misconfigured, that not proven, that failed, that passed. A run
    without exports is not proven.

    Args:
        exports: What the run found.
        options: What the gate was asked for.
    """
    exports = tuple(exports)
    verdicts = tuple(_judge_export(export, options) for export in exports)
    if not verdicts:
        return Verdict(GateOutcome.NOT_PROVEN, ("there was no export to check",))
    outcome = min((verdict.outcome for verdict in verdicts), key=_WORST_FIRST.index)
    reasons = tuple(
        reason if len(exports) == 1 else f"{say_path(export.path)}: {reason}"
        for export, verdict in zip(exports, verdicts, strict=True)
        if verdict.outcome is outcome
        for reason in verdict.reasons
    )
    return Verdict(outcome, reasons + _find_uncompared(exports), verdicts)


def _find_uncompared(exports: Iterable[ExportRun]) -> tuple[str, ...]:
    """Return which keys of the run are not proven, since an export of their class can't be read.

    The run is not proven anyway; the export at hand is not to blame, and has its own verdict.
    """
    return tuple(
        f"{say_path(export.path)}: {found.check_id} holds in what could be read alone"
        for export in exports
        if export.checked is not None
        for found in export.checked.validation.measurements
        if found.outcome is Outcome.PASSED and found.spread and not found.spread.complete
    )


def _judge_export(run: ExportRun, options: GateOptions) -> Verdict:
    if run.error is not None:
        return Verdict(_BY_EXIT_CODE[run.error.exit_code], (run.error.message,))
    if run.checked is None:
        return Verdict(GateOutcome.NOT_PROVEN, ("the export was not checked",))
    mandatory = _find_mandatory(run.checked.validation, options)
    unproven = _find_unproven(run.checked, mandatory, options)
    failures = _find_failures(run.checked, mandatory, options)
    if unproven:
        return Verdict(GateOutcome.NOT_PROVEN, (*unproven, *failures))
    if failures and options.fail_on is FailOn.NEVER:
        return Verdict(GateOutcome.PASSED, ("--fail-on never: findings do not count", *failures))
    if failures:
        return Verdict(GateOutcome.FAILED, failures)
    decided = sum(found.outcome is Outcome.PASSED for _, found in mandatory)
    passed = say_count(decided, "mandatory check")
    rows = say_count(run.checked.export.rows_read, "row")
    return Verdict(GateOutcome.PASSED, (f"{passed} passed on {rows}",))


def _find_mandatory(
    validation: Validation, options: GateOptions
) -> list[tuple[Check, Measurement]]:
    least = options.fail_on.severity.rank
    return [
        (check, found)
        for check, found in zip(validation.checks, validation.measurements, strict=True)
        if check.severity.rank >= least and check.id not in options.ignored
    ]


def _find_unproven(
    checked: Checked, mandatory: Iterable[tuple[Check, Measurement]], options: GateOptions
) -> tuple[str, ...]:
    """Return why nothing, or not all that is mandatory, has been proven."""
    export, binding = checked.export, checked.binding
    if export.rows_read == 0:
        rejected = say_count(export.rows_rejected, "row")
        return (f"none of {rejected} could be read" if export.rows_rejected else "there is no row",)
    if not export.headers_trusted:
        return ("the first row looks like data: give the file a header row",)
    if export.columns and not binding.slots:
        return (f"no column is one of the slots of {checked.class_plan.name}",)
    reasons = [
        f"{check.id} could not run" + (f": {found.reason}" if found.reason else "")
        for check, found in mandatory
        if found.outcome in (Outcome.ERROR, Outcome.NOT_ASSESSED)
    ]
    for item in checked.class_plan.not_checked:
        item_id = not_checked_id(checked.plan.name, item)
        if _is_mandatory(item, checked.validation) and item_id not in options.ignored:
            reasons.append(f"{item_id}: {item.reason}")
    if not any(found.outcome in (Outcome.PASSED, Outcome.FAILED) for _, found in mandatory):
        reasons.append("no mandatory check ran")
    return tuple(reasons)


def _is_mandatory(item: NotChecked, validation: Validation) -> bool:
    """Return whether something unchecked leaves the gate unproven: nested records, if there are."""
    if item.mandatory or item.feature != "inlined":
        return item.mandatory
    held = {tally.slot for tally in validation.tallies if tally.missing < tally.rows}
    return item.slot in held


def _find_failures(
    checked: Checked, mandatory: Iterable[tuple[Check, Measurement]], options: GateOptions
) -> tuple[str, ...]:
    """Return what failed on data, the worst first.

    A record that was rejected counts once: the checks that say why it was are not counted beside
    `REJECTED_ROWS`.
    """
    export = checked.export
    rejecting = _find_rejecting(checked.validation) if export.rows_rejected else frozenset()
    failures = [
        (check.severity, found.failed, check.id, _say_failure(check, found))
        for check, found in mandatory
        if found.outcome is Outcome.FAILED and check.id not in rejecting
    ]
    total = export.rows_read + export.rows_rejected
    ignored = REJECTED_ROWS in options.ignored or (rejecting and rejecting <= options.ignored)
    if not ignored and not options.rejected.forgives(export.rows_rejected, total):
        why = f" ({', '.join(sorted(rejecting))})" if rejecting else ""
        said = say_failed("row", export.rows_rejected, total)
        reason = f"{REJECTED_ROWS}: {said} could not be read{why}"
        failures.append((Severity.VIOLATION, export.rows_rejected, REJECTED_ROWS, reason))
    failures.sort(key=lambda failure: (-failure[0].rank, -failure[1], failure[2]))
    return tuple(reason for *_, reason in failures)


def _say_failure(check: Check, found: Measurement) -> str:
    return f"{check.id}: {say_failed(find_unit(check), found.failed, found.checked)}"


def _find_rejecting(validation: Validation) -> frozenset[str]:
    """Return the ids of the checks that say why records were rejected."""
    return frozenset(
        found.check_id
        for found in validation.measurements
        if found.check_id in CATALOGUE and CATALOGUE[found.check_id].rejects and found.failed
    )
