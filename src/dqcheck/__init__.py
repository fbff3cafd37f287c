"""dqcheck makes shared data standards executable: read, check and score agencies' exports."""

from __future__ import annotations

__all__ = ["__version__", "validate"]

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from dqcheck.assess import Assessment

__version__ = "0.1.0"


def validate(
    data: Any,
    *,
    schema: str | Path | None = None,
    standard: str | None = None,
    class_name: str | None = None,
    rules: Iterable[str | Path] = (),
    as_of: date | None = None,
    fail_on: str = "violation",
) -> Assessment:
    """Check data against a LinkML schema or a packaged standard; prints nothing.

    Args:
        data: The path of an export, a list of dicts, a Polars frame (eager or lazy) or an Arrow
            table.
        schema: Path of a LinkML schema; or else
        standard: Name of a packaged standard, such as `person` or `person@1.0`.
        class_name: The class of the rows; by default the schema's tree root.
        rules: Files of further rules.
        as_of: The day the run counts from; today by default.
        fail_on: From which severity on a finding fails the gate: info, warning, violation, never.

    Returns:
        An assessment with `passed`, `scorecard`, `findings` (a frame) and `bundle`.

    Raises:
        DqcheckError: If the schema, the class or a rule is wrong. What is wrong with the data is
            in the assessment.
    """
    from datetime import date as day
    from datetime import datetime
    from pathlib import Path

    from dqcheck.assess import Options, Target, assess, explain_failure, open_data
    from dqcheck.errors import InputError, UsageError
    from dqcheck.results import FailOn, GateOptions

    if fail_on not in list(FailOn):
        raise UsageError(f"there is no severity {fail_on!r}", hint=f"choose {', '.join(FailOn)}")
    as_of = day.today() if as_of is None else as_of
    if isinstance(as_of, datetime) or not isinstance(as_of, day):
        raise UsageError("as_of is a date", found=type(as_of).__name__)
    options = Options(
        as_of=as_of,
        standard=standard,
        schema=None if schema is None else str(schema),
        class_name=class_name,
        rules=tuple(Path(path) for path in rules),
        gate=GateOptions(fail_on=FailOn(fail_on)),
    )
    try:
        target = Target(open_data(data))
    except InputError as error:
        return explain_failure([Target("data")], options, error)
    return assess([target], options)
