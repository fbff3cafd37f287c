"""Finds codes and slots of the packaged standards and code lists by whatever people call them."""

from __future__ import annotations

__all__ = ["Hit", "search"]

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dqcheck.standards.lists import open_all
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan
from dqcheck.standards.similarity import abbreviates, normalise, resembles

_LEAST = 0.6
"""Scores under this are chance."""

# What was found by a name weighs more than by a synonym, and that more than by a narrower word.
_WEIGHTS = {"code": 1.0, "title": 0.99, "header": 0.97, "alias": 0.97, "narrower word": 0.9}
_MEANT = 0.95
"""Part of a text never scores as high as the whole."""

_WORDS = 0.86
"""A misspelling or an abbreviation never scores as high as whole words: more than any score of
`similarity.resembles`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found.

    Attributes:
        score: How well it fits, 0 to 1.
        kind: `code` or `slot`.
        place: The code list, or the standard and class of a slot: `person.Person`.
        name: The code, or the slot's name.
        title: In plain words.
        matched: The text that fits.
        matched_by: What that text is: code, title, alias, narrower word or header.
        used_by: For a code, the slots that take the list: `person.hair_colour`.
    """

    score: float
    kind: str
    place: str
    name: str
    title: str
    matched: str
    matched_by: str
    used_by: tuple[str, ...] = ()


def search(text: str, *, only: str = "", limit: int = 20) -> tuple[Hit, ...]:
    """Return what `text` may mean, the best first; of equals, those of the standards.

    Args:
        text: A code, a title, a synonym, an abbreviation, a header; may be misspelt.
        only: A code list to look in; all lists and all slots if empty.
        limit: How many to return at most.

    Raises:
        SchemaError: If a packaged schema has to be compiled and can't be.
    """
    wanted = normalise(text)
    if not wanted:
        return ()
    plans = tuple(open_all())
    users = _users(plans)
    hits: dict[tuple[str, str], Hit] = {}
    for plan in plans:
        for enum in plan.enums.values():
            if only in ("", enum.name):
                for hit in _search_list(wanted, enum, users.get(enum.name, ())):
                    hits.setdefault((hit.place, hit.name), hit)
        for one in () if only else plan.classes.values():
            for hit in _search_slots(wanted, plan, one):
                hits.setdefault((hit.place, hit.name), hit)
    ranked = sorted(
        hits.values(), key=lambda hit: (-hit.score, not _of_standard(hit), hit.place, hit.name)
    )
    return tuple(ranked[:limit])


def _of_standard(hit: Hit) -> bool:
    return hit.kind == "slot" or bool(hit.used_by)


def _users(plans: Iterable[Plan]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for plan in plans:
        for one in plan.classes.values():
            for slot in one.slots:
                if slot.enum and not one.abstract:
                    found.setdefault(slot.enum, {})[f"{plan.name}.{slot.column}"] = None
    return {name: tuple(slots) for name, slots in found.items()}


def _search_list(wanted: str, enum: EnumPlan, used_by: tuple[str, ...]) -> Iterator[Hit]:
    for value in enum.values:
        texts = [("code", value.code), ("title", value.title)]
        texts += [("alias", alias) for alias in value.aliases]
        texts += [("narrower word", word) for word in value.narrower]
        best = _best(wanted, texts)
        if best:
            yield Hit(best[0], "code", enum.name, value.code, value.title, *best[1:], used_by)


def _search_slots(wanted: str, plan: Plan, one: ClassPlan) -> Iterator[Hit]:
    if one.abstract:
        return
    for slot in one.slots:
        texts = [("code", slot.column), ("title", slot.title)]
        best = _best(wanted, texts + [("header", alias) for alias in slot.aliases])
        if best:
            score, matched, by = best
            by = "name" if by == "code" else by
            yield Hit(
                score, "slot", f"{plan.name}.{one.name}", slot.column, slot.title, matched, by
            )


def _best(wanted: str, texts: Iterable[tuple[str, str]]) -> tuple[float, str, str] | None:
    scored = [(_score(wanted, text) * _WEIGHTS[by], text, by) for by, text in texts if text]
    # The first of equals: a code before its title before its aliases.
    score, text, by = max(scored, key=lambda item: item[0], default=(0.0, "", ""))
    return (round(score, 4), text, by) if score >= _LEAST else None


def _score(wanted: str, text: str) -> float:
    found = normalise(text)
    if found == wanted:
        return 1.0
    if not found:
        return 0.0
    if set(wanted.split()) <= set(found.split()):
        return _WORDS + (_MEANT - _WORDS) * len(wanted) / len(found)
    shortened = abbreviates(wanted, found)
    # The share of letters left out says little: what matters is that all words are there.
    meant = _LEAST + (_WORDS - _LEAST) * shortened if shortened else 0.0
    return max(meant, resembles(wanted, found, _LEAST))
