"""The one flow: open the standard, read, bind, check, score. It prints nothing."""

from __future__ import annotations

__all__ = ["Assessment", "Options", "Target", "assess", "explain_failure", "open_data", "open_plan"]

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from dqcheck import __version__, readers, standards
from dqcheck.checks.rules import load_rules
from dqcheck.engines import collect
from dqcheck.errors import DqcheckError, InputError, UsageError, raise_together, suggest
from dqcheck.gate import REJECTED_ROWS, judge
from dqcheck.model import CrossCheck, Export, TableCheck
from dqcheck.privacy import TokenKey, safe_name, safe_path
from dqcheck.readers.faults import CATALOGUE
from dqcheck.readers.options import ReadOptions
from dqcheck.reports import bundle
from dqcheck.reports.findings import findings_frame
from dqcheck.results import (
    Checked,
    ExportRun,
    GateOptions,
    Run,
    Scorecard,
    UniqueWithin,
    Verdict,
    not_checked_id,
    say_path,
)
from dqcheck.scoring import score, score_error
from dqcheck.standards.plan import ClassPlan, Plan
from dqcheck.validation import Bound, bind, validate
from dqcheck.validation.across import Member, Repeated, compare_keys, find_targets
from dqcheck.validation.special import References

_LIBRARIES = ("linkml-runtime", "pandera", "polars")


@dataclass(frozen=True, slots=True)
class Target:
    """An export to check.

    Attributes:
        source: A path, a glob, `-`, or an export that has been read already.
        class_name: The class of its rows; None for the run's.
    """

    source: str | Export
    class_name: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for.

    Attributes:
        as_of: The day the run counts from.
        standard: Name of a packaged standard, `person` or `person@1.0`; or else
        schema: Path of a LinkML schema.
        class_name: The class of the rows, for targets that do not say.
        rules: Files of further rules.
        read: How to read.
        gate: What the gate is asked for.
        unique_within: Where identifiers and unique keys occur once.
        key: What makes key tokens.
        show_values: Whether values of code slots show however rare they are.
        progress: Called with what is being done, in a few words.
    """

    as_of: date
    standard: str | None = None
    schema: str | None = None
    class_name: str | None = None
    rules: tuple[Path, ...] = ()
    read: ReadOptions = field(default_factory=ReadOptions)
    gate: GateOptions = field(default_factory=GateOptions)
    unique_within: UniqueWithin = UniqueWithin.RUN
    key: TokenKey | None = None
    show_values: bool = False
    progress: Callable[[str], None] = lambda _: None


@dataclass(frozen=True)
class Assessment:
    """What a run found.

    Attributes:
        run: All of it; raw values stay inside.
        verdict: What the gate says.
    """

    run: Run = field(repr=False)
    verdict: Verdict

    @property
    def passed(self) -> bool:
        """Whether the gate passed: exit code 0."""
        return self.verdict.exit_code == 0

    @property
    def exit_code(self) -> int:
        """The exit code of the run."""
        return self.verdict.exit_code

    @property
    def scorecards(self) -> tuple[Scorecard, ...]:
        """One scorecard an export, in the run's order."""
        return tuple(export.scorecard for export in self.run.exports)

    @property
    def scorecard(self) -> Scorecard:
        """The scorecard of the first export."""
        return self.run.exports[0].scorecard

    @property
    def findings(self) -> pl.DataFrame:
        """One row a failing cell, redacted; columns as `reports.findings.FINDINGS_SCHEMA`."""
        return collect(findings_frame(self.run))

    @cached_property
    def bundle(self) -> dict[str, Any]:
        """The run bundle: plain JSON data, redacted, the same for the same input."""
        return bundle.build(self.run, self.verdict)


@dataclass(frozen=True, slots=True)
class _Class:
    """A class with the checks of its rules, and its rules that look at more than one row."""

    plan: ClassPlan
    tables: tuple[TableCheck, ...]
    cross_checks: tuple[CrossCheck, ...]


@dataclass(frozen=True, slots=True)
class _Ready:
    """An export that has been read and bound, or why not."""

    path: str
    of: _Class
    export: Export | None = None
    bound: Bound | None = None
    error: DqcheckError | None = None


def open_plan(standard: str | None, schema: str | None) -> Plan:
    """Return the plan of a packaged standard or of a schema file.

    Raises:
        UsageError: If neither or both are given, or there is no such standard.
        SchemaError: If the schema can't be compiled.
    """
    if standard is not None and schema is not None:
        raise UsageError("give --standard or --schema, not both")
    if standard is not None:
        return standards.open_standard(standard)
    if schema is not None:
        return standards.open_schema(schema)
    names = ", ".join(info.name for info in standards.list_standards())
    raise UsageError(
        "no standard to check against",
        hint=f"give --standard with one of {names}, or --schema with a LinkML schema",
    )


def assess(targets: Sequence[Target], options: Options) -> Assessment:
    """Check exports against one standard.

    What is wrong with one export never blocks another: it becomes that export's error.

    Raises:
        DqcheckError: If the standard, the class or the rules are wrong: nothing can be checked.
    """
    options.progress("opening the standard")
    plan = open_plan(options.standard, options.schema)
    classes = _choose_classes(plan, targets, options)
    ready, notes = _leave_out_repeated(
        item for target in targets for item in _prepare(target, classes[target.class_name], options)
    )
    members = [_as_member(item) for item in ready]
    references = find_targets(plan, members)
    options.progress("looking for repeated keys")
    repeats = compare_keys(members, apart=options.unique_within is UniqueWithin.EXPORT)
    exports = tuple(
        _check(item, plan, references, own, options)
        for item, own in zip(ready, repeats, strict=True)
    )
    _refuse_unknown_ids(exports, options.gate.ignored)
    run = Run(
        exports=exports,
        as_of=options.as_of,
        version=__version__,
        libraries=_versions(),
        gate=options.gate,
        key=options.key,
        show_values=options.show_values,
        options={"unique_within": options.unique_within.value},
        notes=notes,
    )
    return Assessment(run=run, verdict=judge(exports, options.gate))


def explain_failure(targets: Sequence[Target], options: Options, error: DqcheckError) -> Assessment:
    """Return the assessment of a run that could not begin: every export has the same error."""
    exports = tuple(
        ExportRun(
            path=_name(target),
            standard=options.standard or Path(options.schema or "").stem,
            class_name=target.class_name or options.class_name or "",
            scorecard=score_error(error),
            error=error,
        )
        for target in targets
    )
    run = Run(exports, options.as_of, __version__, _versions(), options.gate)
    return Assessment(run=run, verdict=judge(exports, options.gate))


def open_data(data: Any) -> str | Export:
    """Return what `Target` takes for data in memory, or the path as text.

    Args:
        data: A path, a list of dicts, a Polars frame or an Arrow table.

    Raises:
        UsageError: If it is none of these.
        InputError: If it can't be read.
    """
    if isinstance(data, str | Path):
        return str(data)
    if isinstance(data, Export):
        return data
    try:
        if isinstance(data, pl.DataFrame | pl.LazyFrame):
            return readers.read_frame(data, "frame")
        if isinstance(data, list):
            return readers.read_records(data, "records")
        if hasattr(data, "__arrow_c_stream__"):
            return readers.read_arrow(data, "table")
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        # Their texts quote values.
        raise InputError(
            "the data can't be read", found=f"{type(error).__name__} of the reading library"
        ) from None
    raise UsageError(
        "this can't be checked",
        found=type(data).__name__,
        hint="give a path, a list of dicts, a Polars frame or an Arrow table",
    )


def _name(target: Target) -> str:
    source = target.source
    return source.path if isinstance(source, Export) else safe_path(source)


def _choose_classes(
    plan: Plan, targets: Iterable[Target], options: Options
) -> dict[str | None, _Class]:
    """Return the class of each name that targets use, with the checks of its rules."""
    chosen: dict[str | None, _Class] = {}
    for name in {target.class_name for target in targets}:
        class_plan = standards.choose_class(plan, name or options.class_name)
        rules = load_rules(plan, class_plan, options.rules)
        chosen[name] = _Class(
            replace(
                class_plan,
                checks=class_plan.checks + rules.checks,
                references=class_plan.references + rules.references,
                not_checked=class_plan.not_checked + rules.not_checked,
            ),
            rules.tables,
            rules.cross_checks,
        )
    return chosen


def _prepare(target: Target, of: _Class, options: Options) -> list[_Ready]:
    if isinstance(target.source, Export):
        found: list[Export | InputError] = [target.source]
    else:
        options.progress(f"reading {_name(target)}")
        try:
            found = list(readers.read_each(target.source, options=options.read))
        except DqcheckError as error:
            return [_Ready(_name(target), of, error=error)]
    return [
        _Ready(one.path, of, one, bind(one, of.plan, as_of=options.as_of))
        if isinstance(one, Export)
        else _Ready(str(one.place or _name(target)), of, error=one)
        for one in found
    ]


def _leave_out_repeated(items: Iterable[_Ready]) -> tuple[list[_Ready], tuple[str, ...]]:
    """Return the exports, each once, and notes on the files that were named more than once."""
    found: dict[object, _Ready] = {}
    notes: dict[str, None] = {}
    for item in items:
        place: object = object()
        if item.export is not None and item.export.sha256 and item.path != "-":
            place = (Path(item.path).resolve(), item.export.sheet, item.of.plan.name)
        if place in found:
            notes[f"{safe_path(item.path)} was named more than once and is checked once."] = None
        found.setdefault(place, item)
    return list(found.values()), tuple(notes)


def _as_member(item: _Ready) -> Member:
    path, rows = say_path(safe_path(item.path)), 0
    if item.export is not None:
        rows = item.export.rows_read
        path += f", sheet {safe_name(item.export.sheet)}" if item.export.sheet is not None else ""
    return Member(path, item.of.plan, item.bound, rows, item.of.cross_checks)


def _check(
    item: _Ready,
    plan: Plan,
    references: References,
    repeats: Mapping[str, Repeated],
    options: Options,
) -> ExportRun:
    if item.export is None or item.bound is None:
        error = item.error or InputError("the export was not read")
        return ExportRun(
            path=item.path,
            standard=plan.name,
            class_name=item.of.plan.name,
            scorecard=score_error(error),
            error=error,
        )
    options.progress(f"checking {item.path}")
    try:
        validation = validate(
            item.export,
            item.bound,
            plan,
            item.of.plan,
            tables=item.of.tables,
            cross_checks=item.of.cross_checks,
            references=references,
            repeats=repeats,
        )
    except DqcheckError as error:
        return _check(replace(item, export=None, error=error), plan, references, {}, options)
    scorecard = score(
        item.of.plan,
        validation,
        item.bound.binding,
        rows_read=item.export.rows_read,
        rows_rejected=item.export.rows_rejected,
        headers_trusted=item.export.headers_trusted,
    )
    return ExportRun(
        path=item.path,
        standard=plan.name,
        class_name=item.of.plan.name,
        scorecard=scorecard,
        checked=Checked(plan, item.of.plan, item.export, item.bound.binding, validation),
    )


def _refuse_unknown_ids(exports: Iterable[ExportRun], ignored: frozenset[str]) -> None:
    """Refuse ids to ignore that no check has: a slip there would go unseen."""
    checked = [export.checked for export in exports if export.checked is not None]
    known = {*CATALOGUE, REJECTED_ROWS}
    for item in checked:
        plan, class_plan = item.plan, item.class_plan
        known |= {check.id for check in item.validation.checks}
        known |= {not_checked_id(plan.name, one) for one in class_plan.not_checked}
        known.add(f"{plan.name}.{class_plan.name}.unknown_column")
        for slot in class_plan.slots:
            known |= {f"{plan.name}.{slot.name}.{kind}" for kind in ("header", "column_present")}
    faults = [
        UsageError(f"no check has the id {name!r}", hint=suggest(name, sorted(known)))
        for name in sorted(ignored - known)
    ]
    if checked and faults:
        raise_together(faults)


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in _LIBRARIES}
