"""The document of rules: `rules/<standard>.yaml`."""

from __future__ import annotations

__all__ = ["FORMAT", "Fresh", "RefersTo", "Newest", "Rule", "RuleSet", "RuleTolerance", "Rows"]

import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from dqcheck.model import Dimension, Severity

FORMAT = "1"
_KINDS = ("expect", "fresh", "newest", "rows", "exists_in")
_FROZEN = ConfigDict(frozen=True, extra="forbid")

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w ]*$")]
CheckId = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][\w-]*\.[A-Za-z_]\w*\.[a-z][a-z0-9_]*$")
]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*$")]
PackagedName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][\w-]*(@[\d.]+)?$")]
Purpose = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Cells = dict[str, str | tuple[str, ...]]


class RuleTolerance(BaseModel):
    """What a rule forgives: a count, a share (0 to 1) of the rows checked, or both."""

    model_config = _FROZEN

    count: Annotated[int, Field(ge=0)] | None = None
    share: Annotated[float, Field(ge=0, le=1)] | None = None


class Fresh(BaseModel):
    """Each row's date is no older than so many days before the run's as-of date."""

    model_config = _FROZEN

    slot: Name
    within_days: Annotated[int, Field(ge=0)]


class Newest(BaseModel):
    """The latest date in the export is no older than so many days: the feed is alive."""

    model_config = _FROZEN

    slot: Name
    within_days: Annotated[int, Field(ge=0)]


class Rows(BaseModel):
    """The export has so many rows."""

    model_config = _FROZEN

    minimum: Annotated[int, Field(ge=0)] | None = None
    maximum: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def bounds(self) -> Self:
        """Refuse bounds that bound nothing."""
        if self.minimum is None and self.maximum is None:
            raise ValueError("minimum or maximum is needed")
        if None not in (self.minimum, self.maximum) and self.minimum > self.maximum:  # type: ignore[operator]
            raise ValueError("maximum: the maximum is less than the minimum")
        return self


class RefersTo(BaseModel):
    """The record of another class that a row refers to."""

    model_config = _FROZEN

    of: Annotated[Name, Field(alias="class")]
    by: Name


class Rule(BaseModel):
    """One rule.

    Attributes:
        id: `<standard>.<slot or class>.<kind>`; its middle part is what findings hang on.
        title: What it demands, in plain words.
        classes: The classes it applies to (and their subclasses); by default the class that the
            id names, else every class that has all its slots.
        dimension: What it measures.
        severity: How bad a failure is.
        expect: What must hold of each row: an expression of the rule language.
        when: Where the rule has something to say: an expression.
        fresh: As `Fresh`.
        newest: As `Newest`.
        rows: As `Rows`.
        exists_in: `Class.slot`: the value must occur there, in the same run.
        refers_to: By the name that expressions use, the record of another class that the row refers
            to; one at most.
        tolerance: What is forgiven.
        purposes: The uses of the data that need it; never a violation, since other uses don't.
        rationale: Why it matters.
        authority: The published document behind it.
        fix: How to put a fault right.
        message: What a failing row has done, in plain words; the title by default.
        passing: Rows (cells by slot) that satisfy the rule.
        failing: Rows that break it.
        given: For `exists_in` and `refers_to`, rows of the other class that the examples refer to.
        deactivated: Whether it is left out; needs a reason.
        replaces: The id of a rule that this one stands in for; needs a reason.
        reason: Why it replaces another or is deactivated.
    """

    model_config = _FROZEN

    id: CheckId
    title: Words
    classes: tuple[Name, ...] = ()
    dimension: Dimension
    severity: Severity
    expect: Words | None = None
    when: Words | None = None
    fresh: Fresh | None = None
    newest: Newest | None = None
    rows: Rows | None = None
    exists_in: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*\.[A-Za-z_]\w*$")] | None = (
        None
    )
    refers_to: Annotated[dict[Word, RefersTo], Field(max_length=1)] = {}
    tolerance: RuleTolerance = RuleTolerance()
    purposes: tuple[Purpose, ...] = ()
    rationale: Words | None = None
    authority: Words | None = None
    fix: Words | None = None
    message: Words | None = None
    passing: tuple[Cells, ...] = ()
    failing: tuple[Cells, ...] = ()
    given: tuple[Cells, ...] = ()
    deactivated: bool = False
    replaces: CheckId | None = None
    reason: Words | None = None

    @property
    def kind(self) -> str:
        """Return which of expect, fresh, newest, rows and exists_in it has."""
        return next(kind for kind in _KINDS if getattr(self, kind) is not None)

    @property
    def target(self) -> str:
        """Return the slot or class that findings hang on: the middle of the id."""
        return self.id.split(".")[1]

    @model_validator(mode="after")
    def parts(self) -> Self:
        """Refuse parts that do not go together."""
        kinds = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(f"a rule needs exactly one of {', '.join(_KINDS)}")
        (kind,) = kinds
        of_rows = kind in ("expect", "fresh", "exists_in")
        if self.when is not None and not of_rows:
            raise ValueError(f'when: a precondition can\'t go with "{kind}"')
        if self.refers_to and kind != "expect":
            raise ValueError(f'refers_to: "{kind}" looks at no other record')
        if self.given and kind != "exists_in" and not self.refers_to:
            raise ValueError(
                'given: only "exists_in" and "refers_to" refer to rows of another class'
            )
        if self.tolerance != RuleTolerance() and not of_rows:
            raise ValueError(f'tolerance: "{kind}" has no tolerance')
        if kind == "exists_in" and self.dimension is not Dimension.CONSISTENCY:
            raise ValueError('dimension: "exists_in" measures consistency')
        if kind in ("fresh", "newest") and self.dimension is not Dimension.TIMELINESS:
            raise ValueError(f'dimension: "{kind}" measures timeliness')
        if self.purposes and self.severity is Severity.VIOLATION:
            raise ValueError("severity: what only some purposes need is a warning or info")
        if self.replaces and not self.reason:
            raise ValueError("replaces: say why, in a reason")
        if self.deactivated and not self.reason:
            raise ValueError("deactivated: say why, in a reason")
        return self


class RuleSet(BaseModel):
    """A document of rules for one standard.

    Attributes:
        dqcheck_rules: The version of this format.
        standard: The name of the standard (or of the schema), the first part of all ids.
        as_of: The day that `today()` means in the rules' own rows.
        imports: Packaged standards that this one builds on: their rules hold here too, under the
            name of this standard (`identity`, `identity@1.0.0`). A rule here with the id that one
            of them gets stands in for it.
        rules: The rules.
    """

    model_config = _FROZEN

    dqcheck_rules: Literal["1"]
    standard: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][\w-]*$")]
    imports: tuple[PackagedName, ...] = ()
    as_of: datetime.date = datetime.date(2026, 1, 1)
    rules: tuple[Rule, ...]

    def named(self, standard: str) -> Self:
        """Return the rules as those of `standard`, which builds on theirs."""

        def moved(check_id: str | None) -> str | None:
            return check_id and f"{standard}.{check_id.partition('.')[2]}"

        rules = [
            rule.model_copy(update={"id": moved(rule.id), "replaces": moved(rule.replaces)})
            for rule in self.rules
        ]
        return self.model_copy(update={"standard": standard, "rules": tuple(rules)})
