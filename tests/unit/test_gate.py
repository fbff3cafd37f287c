from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dqcheck.errors import ConfigurationError, DqcheckError, InputError
from dqcheck.gate import judge
from dqcheck.model import Measurement, NotChecked, Outcome, Severity, Tolerance
from dqcheck.results import FailOn, GateOptions, GateOutcome

HAIR = "person.hair_colour.permissible_value"
RECOMMENDED = "person.hair_colour.recommended"


class OwnFaultError(DqcheckError):
    exit_code = 4


def exit_code(samples: Any, checked: Any, **options: Any) -> int:
    return judge([samples.export_run(checked)], GateOptions(**options)).exit_code


def test_clean_data_passes(samples: Any) -> None:
    verdict = judge([samples.export_run(samples.checked())], GateOptions())
    assert verdict.outcome is GateOutcome.PASSED
    assert verdict.reasons == ("6 mandatory checks passed on 10 rows",)


def test_a_failed_violation_is_1_and_never_silences_it(samples: Any) -> None:
    checked = samples.measure(samples.checked(), HAIR, Outcome.FAILED, failed=1)
    assert exit_code(samples, checked) == 1
    assert exit_code(samples, checked, fail_on=FailOn.INFO) == 1
    assert exit_code(samples, checked, fail_on=FailOn.NEVER) == 0
    assert exit_code(samples, checked, ignored=frozenset({HAIR})) == 0


def test_a_failed_warning_is_1_only_if_asked_for(samples: Any) -> None:
    checked = samples.measure(samples.checked(), RECOMMENDED, Outcome.FAILED, failed=1)
    assert exit_code(samples, checked) == 0
    assert exit_code(samples, checked, fail_on=FailOn.WARNING) == 1


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.NOT_ASSESSED])
def test_a_mandatory_check_that_could_not_run_is_3(samples: Any, outcome: Outcome) -> None:
    checked = samples.measure(samples.checked(), HAIR, outcome, checked=0, reason="no list")
    assert exit_code(samples, checked) == 3
    assert exit_code(samples, checked, fail_on=FailOn.NEVER) == 3
    assert exit_code(samples, checked, ignored=frozenset({HAIR})) == 0
    optional = samples.measure(samples.checked(), RECOMMENDED, outcome, checked=0)
    assert exit_code(samples, optional) == 0
    assert exit_code(samples, optional, fail_on=FailOn.WARNING) == 3


def test_not_proven_outweighs_failed_and_keeps_its_reasons(samples: Any) -> None:
    checked = samples.measure(samples.checked(), HAIR, Outcome.FAILED, failed=1)
    checked = samples.measure(checked, "person.notes.pattern", Outcome.ERROR, checked=0)
    verdict = judge([samples.export_run(checked)], GateOptions())
    assert verdict.exit_code == 3
    assert verdict.reasons == (
        "person.notes.pattern could not run",
        f"{HAIR}: 1 of 10 rows",
    )


@pytest.mark.parametrize("fail_on", list(FailOn))
def test_empty_is_3_whatever_fails(samples: Any, fail_on: FailOn) -> None:
    empty = samples.change(samples.checked(), rows_read=0)
    assert exit_code(samples, empty, fail_on=fail_on) == 3
    assert exit_code(samples, samples.change(empty, rows_rejected=5), fail_on=fail_on) == 3


@pytest.mark.parametrize("fail_on", list(FailOn))
def test_unreadable_is_3_whatever_fails(samples: Any, fail_on: FailOn) -> None:
    broken = samples.broken_run(InputError("no workbook"))
    verdict = judge([broken], GateOptions(fail_on=fail_on))
    assert (verdict.exit_code, verdict.reasons) == (3, ("no workbook",))


def test_columns_that_nobody_can_name_are_3(samples: Any) -> None:
    assert exit_code(samples, samples.change(samples.checked(), headers_trusted=False)) == 3
    assert exit_code(samples, samples.change(samples.checked(), slots={})) == 3


def test_what_the_schema_demands_and_nothing_checked_is_3(samples: Any) -> None:
    left_out = NotChecked("pattern", "Person", "notes", "look-behind")
    checked = samples.change(samples.checked(), not_checked=(left_out,))
    assert exit_code(samples, checked) == 3
    assert exit_code(samples, checked, fail_on=FailOn.NEVER) == 3
    ignored = frozenset({"person.notes.not_checked.pattern"})
    assert exit_code(samples, checked, ignored=ignored) == 0


def test_what_only_other_data_could_say_is_no_matter_for_the_gate(samples: Any) -> None:
    left_out = NotChecked("range", "Person", "notes", "not looked up", mandatory=False)
    assert exit_code(samples, samples.change(samples.checked(), not_checked=(left_out,))) == 0
    assert exit_code(samples, samples.dangling()) == 0


def test_nested_records_that_are_there_leave_the_gate_unproven(samples: Any) -> None:
    for slot, expected in (("notes", 3), ("no_such_slot", 0)):
        left_out = NotChecked("inlined", "Person", slot, "nested", mandatory=False)
        checked = samples.change(samples.checked(), not_checked=(left_out,))
        assert exit_code(samples, checked) == expected


def test_the_worst_failure_comes_first(samples: Any) -> None:
    checked = samples.measure(samples.checked(), HAIR, Outcome.FAILED, failed=2)
    checked = samples.measure(checked, RECOMMENDED, Outcome.FAILED, failed=9)
    checked = samples.measure(checked, "person.notes.pattern", Outcome.FAILED, failed=5)
    verdict = judge([samples.export_run(checked)], GateOptions(fail_on=FailOn.WARNING))
    assert verdict.reasons == (
        "person.notes.pattern: 5 of 10 rows",
        f"{HAIR}: 2 of 10 rows",
        f"{RECOMMENDED}: 9 of 10 rows",
    )


def test_no_mandatory_check_at_all_is_3(samples: Any) -> None:
    checked = samples.checked()
    all_ids = frozenset(check.id for check in checked.validation.checks)
    assert exit_code(samples, checked, ignored=all_ids) == 3
    not_applicable = samples.change(
        checked,
        measurements=tuple(
            replace(found, outcome=Outcome.NOT_APPLICABLE)
            for found in checked.validation.measurements
        ),
    )
    assert exit_code(samples, not_applicable) == 3
    only_warnings = samples.change(
        checked,
        checks=tuple(
            replace(check, severity=Severity.WARNING) for check in checked.validation.checks
        ),
    )
    assert exit_code(samples, only_warnings) == 3
    assert exit_code(samples, only_warnings, fail_on=FailOn.WARNING) == 0


def test_rejected_rows_are_1_unless_tolerated(samples: Any) -> None:
    checked = samples.change(samples.checked(98), rows_rejected=2)
    assert exit_code(samples, checked) == 1
    assert exit_code(samples, checked, rejected=Tolerance(share=0.02)) == 0
    assert exit_code(samples, checked, rejected=Tolerance(count=1)) == 1
    assert exit_code(samples, checked, ignored=frozenset({"file.rejected_rows"})) == 0
    assert exit_code(samples, checked, fail_on=FailOn.NEVER) == 0


def test_a_rejected_row_counts_once(samples: Any) -> None:
    ragged = samples.check("file.ragged_row", None, expression=None, source="file")
    checked = samples.checked(98)
    checked = samples.change(
        checked,
        rows_rejected=2,
        checks=(*checked.validation.checks, ragged),
        measurements=(
            *checked.validation.measurements,
            Measurement(ragged.id, Outcome.FAILED, checked=100, failed=2),
        ),
    )
    verdict = judge([samples.export_run(checked)], GateOptions())
    assert verdict.reasons == (
        "file.rejected_rows: 2 of 100 rows could not be read (file.ragged_row)",
    )
    assert exit_code(samples, checked, rejected=Tolerance(count=2)) == 0
    for ignored in ("file.rejected_rows", "file.ragged_row"):
        assert exit_code(samples, checked, ignored=frozenset({ignored})) == 0
    # Where no row was rejected, the fault counts by itself.
    assert exit_code(samples, samples.change(checked, rows_rejected=0)) == 1


def test_several_exports_4_over_2_over_3_over_1(samples: Any) -> None:
    passed = samples.export_run(samples.checked())
    failed = samples.export_run(samples.measure(samples.checked(), HAIR, Outcome.FAILED, failed=1))
    unproven = samples.broken_run(InputError("unreadable"))
    wrong = samples.broken_run(ConfigurationError("no such sheet"))
    fault = samples.broken_run(OwnFaultError("a fault of ours"))
    runs = [passed]
    for run, code in ((failed, 1), (unproven, 3), (wrong, 2), (fault, 4)):
        runs.insert(len(runs) // 2, run)
        verdict = judge(runs, GateOptions())
        assert verdict.exit_code == code
    assert sorted(each.exit_code for each in verdict.exports) == [0, 1, 2, 3, 4]
    assert verdict.reasons == ("broken.csv: a fault of ours",)


def test_a_run_without_exports_is_3() -> None:
    assert judge([], GateOptions()).exit_code == 3
