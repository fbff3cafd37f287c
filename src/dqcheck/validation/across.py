"""What the exports of a run say of each other: keys that repeat, records that are referred to."""

from __future__ import annotations

__all__ = ["Member", "Repeated", "compare_keys", "find_targets"]

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from dqcheck.model import CrossCheck, Key
from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan
from dqcheck.validation.bind import ROW, Bound, canonical
from dqcheck.validation.failing import cell_of
from dqcheck.validation.keys import Repeats, find_repeats, hold_records, identifiers
from dqcheck.validation.special import References


@dataclass(frozen=True, slots=True)
class Member:
    """An export of the run.

    Attributes:
        path: What to call it.
        plan: The class its rows are of, with the checks of its rules.
        bound: Its rows; None if it could not be read.
        rows: How many there are.
        cross_checks: Its rules that read records of other classes.
    """

    path: str
    plan: ClassPlan
    bound: Bound | None
    rows: int = 0
    cross_checks: tuple[CrossCheck, ...] = ()


_Target = tuple[str, str]
"""A class that is referred to, and its slot."""

Repeated = tuple[Repeats, str]
"""What `keys.find_repeats` gave for an export, and what `Repeats.other` is called."""


def compare_keys(members: Sequence[Member], *, apart: bool = False) -> list[dict[str, Repeated]]:
    """Return for each export, by the key's id, the rows whose key is repeated.

    Exports of one class are one feed: a key occurs once in all of them. A row of a subclass is a
    row of its class, so that an export of a subclass belongs to the feed of its class, if the run
    has an export of that class.

    Args:
        members: The exports of the run.
        apart: Whether each export is a feed of its own.
    """
    found: list[dict[str, Repeated]] = [{} for _ in members]
    feeds: dict[tuple[str, str], list[int]] = {}
    for place, member in enumerate(members):
        for key in member.plan.keys:
            feed = str(place) if apart else _find_feed(member.plan, key, members)
            feeds.setdefault((key.id, feed), []).append(place)
    for (key_id, _), places in feeds.items():
        repeated = _compare(key_id, [members[place] for place in places])
        for place, one in zip(places, repeated, strict=True):
            found[place][key_id] = one
    return found


def _find_feed(plan: ClassPlan, key: Key, members: Sequence[Member]) -> str:
    """Return the most general class of the run that has the key and the rows of `plan`."""
    having = {
        member.plan.name
        for member in members
        if any(other.id == key.id for other in member.plan.keys)
    }
    return [name for name in plan.ancestors or (plan.name,) if name in having][-1]


def _compare(key_id: str, members: Sequence[Member]) -> list[Repeated]:
    # Subclasses may narrow the type of a key; values are compared as the most general class says.
    general = min(members, key=lambda member: len(member.plan.ancestors)).plan
    key = next(key for key in general.keys if key.id == key_id)
    distinct = key.primary or key.nulls_distinct
    slots = [slot for slot in general.slots if slot.name in key.slots]
    having = [
        (place, member.bound)
        for place, member in enumerate(members)
        if member.bound is not None and _has_values(member.bound, key, distinct=distinct)
    ]
    repeats = find_repeats(
        [_select_key(bound, key, slots) for _, bound in having],
        [_part(slot) for slot in slots],
        rows=sum(member.rows for member in members),
        nulls_distinct=distinct,
    )
    found = dict(zip((place for place, _ in having), repeats, strict=True))
    unread = any(member.bound is None for member in members)
    compared: list[Repeated] = []
    for place in range(len(members)):
        one = found.get(place, Repeats())
        other = "" if one.other is None else members[having[one.other][0]].path
        compared.append((replace(one, unread=one.unread or unread), other))
    return compared


def _has_values(bound: Bound, key: Key, *, distinct: bool) -> bool:
    """Return whether rows can have the key: of what has no column all parts are missing."""
    present = [slot in bound.binding.slots for slot in key.slots]
    return all(present) if distinct else any(present)


def _part(slot: SlotPlan) -> str:
    return f"\x1fkey {slot.name}"


def _select_key(bound: Bound, key: Key, slots: Sequence[SlotPlan]) -> pl.LazyFrame:
    """Return `ROW`, the parts of the key as they are compared, and the cell of a finding."""
    texts = [slot.name for slot in slots if slot.name not in bound.context.kinded]
    # What holds nothing but white space is missing, as in the checks of rows.
    cleared = bound.without_blanks(texts)
    parts = [canonical(slot, pl.col(slot.name)).alias(_part(slot)) for slot in slots]
    return cleared.frame.select(ROW, *parts, *cell_of(cleared, key.slots[0]))


def find_targets(plan: Plan, members: Sequence[Member]) -> References:
    """Return what rows of the run may refer to: identifiers, and the records that rules read."""
    known: dict[_Target, pl.Series] = {}
    records: dict[_Target, pl.DataFrame] = {}
    slots: dict[_Target, SlotPlan] = {}
    unread: set[_Target] = set()
    referred = {
        (reference.target_class, reference.target_slot)
        for member in members
        for reference in member.plan.references
    }
    read = _find_read(members)
    for target in sorted(referred | read.keys()):
        class_name, slot_name = target
        slot = plan.classes[class_name].slot(slot_name)
        given = [member for member in members if class_name in member.plan.ancestors]
        if slot is None or not given:
            continue
        slots[target] = slot
        frames = [
            _select_identifier(member.bound, slot)
            for member in given
            if member.bound is not None and slot_name in member.bound.binding.slots
        ]
        if target in referred and (found := identifiers(frames, _part(slot))) is not None:
            known[target] = found
        if target in read and (held := hold_records(frames, _part(slot), read[target])) is not None:
            records[target] = held
        # With a part of the identifiers missing, what is not found proves nothing.
        complete = target in known or target not in referred
        complete &= target in records or target not in read
        if not complete or any(member.bound is None for member in given):
            unread.add(target)
    return References(known, records, slots, frozenset(unread))


def _find_read(members: Sequence[Member]) -> dict[_Target, list[str]]:
    """Return the slots of other records that cross-checks read, by class and identifier."""
    read: dict[_Target, set[str]] = {}
    for member in members:
        for cross in member.cross_checks:
            target = (cross.target_class, cross.target_slot)
            read.setdefault(target, set()).update(cross.target_slots)
    return {target: sorted(slots) for target, slots in read.items()}


def _select_identifier(bound: Bound, slot: SlotPlan) -> pl.LazyFrame:
    """Return the slots of the rows, and the identifier `slot` as it is compared."""
    return bound.frame.with_columns(canonical(slot, pl.col(slot.name)).alias(_part(slot)))
