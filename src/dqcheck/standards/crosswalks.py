"""Crosswalks: translates codes between lists, where that is sound, and refuses where it is not.

A crosswalk is an SSSOM/TSV file, `schemas/crosswalks/<subject list>--<object list>.sssom.tsv`. Its
predicates state what a translation loses; `A skos:broadMatch B` says that B is the broader one.
"""

from __future__ import annotations

__all__ = [
    "Crosswalk",
    "Link",
    "Predicate",
    "Translation",
    "compose",
    "crosswalks_folder",
    "list_crosswalks",
    "open_crosswalk",
    "translate",
    "translate_codes",
]

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from dqcheck.errors import UsageError, raise_together, suggest
from dqcheck.standards.lists import open_code_list
from dqcheck.standards.locate import schemas_folder
from dqcheck.standards.plan import EnumPlan

_ENDING = ".sssom.tsv"
_NOT_FOUND = "sssom:NoTermFound"
_SHOWN = 4


class Predicate(StrEnum):
    """How a code of one list relates to a code of another: SKOS, the subject first."""

    EXACT = "exactMatch"
    BROAD = "broadMatch"
    NARROW = "narrowMatch"
    CLOSE = "closeMatch"
    RELATED = "relatedMatch"

    @property
    def inverse(self) -> Predicate:
        """Return how the object relates to the subject."""
        return _INVERSES.get(self, self)


_INVERSES = {Predicate.BROAD: Predicate.NARROW, Predicate.NARROW: Predicate.BROAD}
_LOSSES = {
    Predicate.EXACT: "nothing",
    Predicate.BROAD: "detail, since the target is broader",
}


def compose(first: Predicate, second: Predicate) -> Predicate:
    """Return how a relates to c if a relates to b by `first` and b to c by `second`.

    Exact adds nothing, and broader than broader is broader. Alike and alike need not be alike, and
    a step down after a step up leads anywhere: both are no more than related.
    """
    if first is Predicate.EXACT:
        return second
    if second is Predicate.EXACT:
        return first
    if first is second and first in _INVERSES:
        return first
    return Predicate.RELATED


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a crosswalk, seen from one side.

    Attributes:
        target: The code on the other side; empty where the other list has none.
        predicate: How this side's code relates to it; None where there is none.
        comment: What the link rests on.
    """

    target: str
    predicate: Predicate | None
    comment: str


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The links from one code list to another.

    Attributes:
        source: The list translated from.
        target: The list translated to.
        links: The links of each code of the source.
    """

    source: str
    target: str
    links: dict[str, tuple[Link, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Translation:
    """What a code of one list is in another, or why that can't be said.

    Attributes:
        code: The code translated.
        target: What it is in the other list; empty if the translation is refused.
        predicate: How the code relates to the target; None if refused.
        loss: What is lost, in words; empty if refused.
        via: The lists in between, each with the code there: `HairColour: Brown`.
        reason: Why it is refused; empty if it is not.
    """

    code: str
    target: str = ""
    predicate: Predicate | None = None
    loss: str = ""
    via: tuple[str, ...] = ()
    reason: str = ""

    @property
    def refused(self) -> bool:
        """Return whether there is no sound translation."""
        return self.predicate is None


def crosswalks_folder() -> Path:
    """Return the folder of the packaged crosswalks."""
    return schemas_folder() / "crosswalks"


@cache
def list_crosswalks() -> tuple[tuple[str, str], ...]:
    """Return the subject and object list of each packaged crosswalk."""
    files = sorted(crosswalks_folder().glob(f"*{_ENDING}"))
    pairs = (file.name.removesuffix(_ENDING).partition("--") for file in files)
    return tuple((subject, target) for subject, _, target in pairs)


@cache
def open_crosswalk(source: str, target: str) -> Crosswalk | None:
    """Return the crosswalk between two lists in that direction; None if none is packaged."""
    if (source, target) in list_crosswalks():
        return _read(source, target)
    if (target, source) in list_crosswalks():
        return _invert(_read(target, source))
    return None


def _read(subject: str, target: str) -> Crosswalk:
    links: dict[str, list[Link]] = {}
    file = crosswalks_folder() / f"{subject}--{target}{_ENDING}"
    with file.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t")
        for row in table:
            found = _NOT_FOUND not in (row["subject_id"], row["object_id"])
            predicate = Predicate(row["predicate_id"].removeprefix("skos:")) if found else None
            link = Link(_code(row["object_id"]), predicate, row["comment"])
            links.setdefault(_code(row["subject_id"]), []).append(link)
    return Crosswalk(subject, target, {code: tuple(rows) for code, rows in links.items()})


def _code(curie: str) -> str:
    return "" if curie == _NOT_FOUND else unquote(curie.partition(":")[2])


def _invert(crosswalk: Crosswalk) -> Crosswalk:
    links: dict[str, list[Link]] = {}
    for code, rows in crosswalk.links.items():
        for link in rows:
            predicate = link.predicate.inverse if link.predicate else None
            links.setdefault(link.target, []).append(Link(code, predicate, link.comment))
    flipped = {code: tuple(rows) for code, rows in links.items()}
    return Crosswalk(crosswalk.target, crosswalk.source, flipped)


def translate(code: str, source_list: str, target_list: str) -> Translation:
    """Return what `code` of one list is in another.

    Args:
        code: A code of the source list.
        source_list: Its name, as `open_code_list` takes it.
        target_list: The name of the list to translate to.

    Raises:
        UsageError: If there is no such list or code, or no crosswalk leads from one to the other.
    """
    return translate_codes(source_list, target_list, [code])[0]


def translate_codes(
    source_list: str, target_list: str, codes: Iterable[str] | None = None
) -> tuple[Translation, ...]:
    """Return the translations of `codes`, or of all codes of the source list.

    The crosswalk between the two lists decides if there is one, else the shortest ways through
    other lists. If these disagree the translation is refused.

    Raises:
        UsageError: As `translate`, with all codes that are not of the source list.
    """
    source, target = open_code_list(source_list), open_code_list(target_list)
    known = dict.fromkeys(value.code for value in source.values)
    wanted = list(known if codes is None else codes)
    raise_together(
        UsageError(f"the list {source.name} has no code {code!r}", hint=suggest(code, known))
        for code in wanted
        if code not in known
    )
    routes = _find_routes(source, target)
    return tuple(_agree([_follow(code, route) for route in routes]) for code in wanted)


def _find_routes(source: EnumPlan, target: EnumPlan) -> list[tuple[str, ...]]:
    """Return the shortest ways from one list to the other, each with both ends."""
    neighbours: dict[str, list[str]] = {}
    for one, other in list_crosswalks():
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
    routes: list[tuple[str, ...]] = [(source.name,)]
    seen = {source.name}
    while routes:
        arrived = [route for route in routes if route[-1] == target.name]
        if arrived:
            return arrived
        routes = [
            (*route, name)
            for route in routes
            for name in sorted(neighbours.get(route[-1], ()))
            if name not in seen
        ]
        seen |= {route[-1] for route in routes}
    near = sorted(seen - {source.name})
    raise UsageError(
        f"no crosswalk leads from {source.name} to {target.name}",
        found=f"{source.name} can be translated to: {', '.join(near) or 'nothing'}",
    )


def _follow(code: str, route: tuple[str, ...]) -> Translation:
    """Return the translation of `code` along a route; each step must be sound by itself."""
    current, predicate = code, Predicate.EXACT
    via: list[str] = []
    for source, target in pairwise(route):
        crosswalk = open_crosswalk(source, target)
        step = _step(current, target, crosswalk.links.get(current, ()) if crosswalk else ())
        if step.predicate is None:
            where = f"{source}: {current}: " if via else ""
            return Translation(code, via=tuple(via), reason=where + step.reason)
        current, predicate = step.target, compose(predicate, step.predicate)
        via.append(f"{target}: {current}")
    return Translation(code, current, predicate, _LOSSES[predicate], tuple(via[:-1]))


def _step(code: str, target: str, links: tuple[Link, ...]) -> Translation:
    """Return the translation of `code` by one crosswalk."""
    by_predicate: dict[Predicate | None, list[Link]] = {}
    for link in links:
        by_predicate.setdefault(link.predicate, []).append(link)
    for predicate in (Predicate.EXACT, Predicate.BROAD):
        found = by_predicate.get(predicate, [])
        if len(found) == 1:
            return Translation(code, found[0].target, predicate, _LOSSES[predicate])
        if found:
            what = "mean the same" if predicate is Predicate.EXACT else "are broader"
            return Translation(code, reason=f"ambiguous: several {what}: {_name(found)}")
    if Predicate.NARROW in by_predicate:
        named = _name(by_predicate[Predicate.NARROW])
        reason = f"{target} has only narrower codes: {named}{_remark(links)}"
        return Translation(code, reason=reason)
    alike = by_predicate.get(Predicate.CLOSE, []) + by_predicate.get(Predicate.RELATED, [])
    if alike:
        reason = f"{target} has only something like it: {_name(alike)}"
    else:
        reason = f"{target} has no code for it"
    return Translation(code, reason=reason + _remark(links))


def _remark(links: tuple[Link, ...]) -> str:
    """Return what a single link says beside its basis, in brackets."""
    said = links[0].comment.partition("; ")[2] if len(links) == 1 else ""
    return f" ({said})" if said else ""


def _name(links: list[Link]) -> str:
    named = [link.target for link in links]
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return ", ".join(named[:_SHOWN]) + more


def _agree(found: list[Translation]) -> Translation:
    """Return the translation that all ways agree on, the one that loses least."""
    sound = [one for one in found if not one.refused]
    targets = sorted({one.target for one in sound})
    if len(targets) > 1:
        reason = f"ambiguous: the ways lead to different codes: {', '.join(targets)}"
        return replace(sound[0], target="", predicate=None, loss="", via=(), reason=reason)
    return min(sound or found, key=lambda one: one.predicate is not Predicate.EXACT)
