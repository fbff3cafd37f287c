"""What has changed between two versions of a standard, and whom it breaks."""

from __future__ import annotations

__all__ = ["Change", "compare"]

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from dqcheck.checks.compare_trees import Relation, can_fail, relate
from dqcheck.checks.rules import packaged_rules
from dqcheck.model import Severity, Tolerance
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan, SlotPlan, Value


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that has changed.

    Attributes:
        what: added, removed, renamed, narrowed, widened, changed, retired or reworded.
        part: class, slot, code list, code, check or standard.
        place: Where: `Person`, `Person.hair_colour`, `HairColour`, `HairColour: Grey`, or the
            part of a check's id after the standard.
        text: What has changed, in plain words.
        breaks_producers: Whether data that was right may be wrong now.
        breaks_consumers: Whether data may now hold, or lack, what it could not before.
    """

    what: str
    part: str
    place: str
    text: str = ""
    breaks_producers: bool = False
    breaks_consumers: bool = False


@dataclass(frozen=True, slots=True)
class _Demand:
    """A check, key, reference or rule, as far as it decides what data may be.

    `named` is `tree` with whole code lists by their name alone, whose codes are compared once.
    """

    severity: Severity
    tolerance: Tolerance
    title: str
    tree: Any
    named: Any
    slots: tuple[str, ...]


def compare(old: Plan, new: Plan) -> tuple[Change, ...]:
    """Return what has changed, in the order of the standard; nothing if it is the same.

    Data are what the old version described: a column it did not know counts as absent, even
    where further columns may be sent. Only violations break producers; a warning does not.

    Args:
        old: The version before. If it is packaged its packaged rules are compared too.
        new: The version after, likewise.

    Raises:
        ConfigurationError: If packaged rules have to be compiled and can't be.
    """
    demands = (_collect(old), _collect(new))
    return (
        *_compare_facts(old, new, "standard", new.name, _STANDARD_WORDING),
        *_compare_enums(old, new, demands),
        *_compare_classes(old, new, demands),
    )


# --- what is compared


def _collect(plan: Plan) -> dict[str, dict[str, _Demand]]:
    """Return all that is demanded of rows, by class and by the id without the standard."""
    rules = packaged_rules(plan)
    found: dict[str, dict[str, _Demand]] = {}
    for one in plan.classes.values():
        own = rules.get(one.name)
        parts: list[Any] = [*one.checks, *one.keys, *one.references]
        if own is not None:
            parts += [*own.checks, *own.references, *own.tables, *own.cross_checks]
        found[one.name] = {
            part.id.removeprefix(f"{plan.name}."): _demand(part, plan) for part in parts
        }
    return found


def _demand(part: Any, plan: Plan) -> _Demand:
    check = getattr(part, "check", part)
    slots = getattr(check, "slots", ()) or (getattr(check, "slot", None) or "",)
    if hasattr(check, "expression"):
        # A row fails where it applies and does not hold.
        tree = check.expression
        if check.applies is not None:
            tree = ["implies", check.applies, tree]
    else:
        tree = ["fixed", *(str(getattr(check, name)) for name in _decisive(check))]
    if check is not part:
        tree = ["and", tree, ["fixed", part.by, part.target_class, part.target_slot]]
    return _Demand(
        check.severity,
        getattr(check, "tolerance", Tolerance()),
        check.title,
        tree,
        _name_lists(tree, plan.enums),
        tuple(slot for slot in slots if slot),
    )


_WORDS = {"id", "severity", "tolerance", "title", "message", "why", "fix", "source", "authority"}


def _decisive(check: Any) -> list[str]:
    return [item.name for item in fields(check) if item.name not in _WORDS | {"purposes"}]


def _name_lists(tree: Any, enums: Mapping[str, EnumPlan]) -> Any:
    """Return `tree` with whole code lists by their name alone."""
    if not isinstance(tree, list):
        return tree
    if tree[:1] == ["in_enum"] and tree[2] in enums:
        codes = {value.code for value in enums[tree[2]].values}
        if set(tree[3]) == codes:
            return ["in_enum", tree[1], tree[2], []]
    return [_name_lists(part, enums) for part in tree]


# --- code lists


def _compare_enums(
    old: Plan, new: Plan, demands: tuple[dict[str, dict[str, _Demand]], ...]
) -> Iterator[Change]:
    for name in _in_order(old.enums, new.enums):
        before, after = old.enums.get(name), new.enums.get(name)
        if before is None or after is None:
            # Whom it breaks depends on the slots that take it, and is said of these.
            if after is not None:
                yield Change("added", "code list", name, after.title)
            if before is not None:
                yield Change("removed", "code list", name, before.title)
            continue
        yield from _compare_facts(before, after, "code list", name, ("title", "description"))
        enforced = [_enforces(part, name) for part in demands]
        used = [any(slot.enum == name for slot in _slots(plan)) for plan in (old, new)]
        binding = [
            is_enforced or not is_used for is_enforced, is_used in zip(enforced, used, strict=True)
        ]
        yield from _compare_codes(before, after, binding[0], binding[1])


def _compare_codes(
    before: EnumPlan, after: EnumPlan, was_binding: bool, is_binding: bool
) -> Iterator[Change]:
    old = {value.code: value for value in before.values}
    new = {value.code: value for value in after.values}
    for code in _in_order(old, new):
        place = f"{after.name}: {code}"
        if code not in new:
            yield Change("removed", "code", place, old[code].title, breaks_producers=is_binding)
        elif code not in old:
            yield Change("added", "code", place, new[code].title, breaks_consumers=was_binding)
        else:
            yield from _compare_values(old[code], new[code], place)


def _compare_values(old: Value, new: Value, place: str) -> Iterator[Change]:
    if old.status != new.status:
        now = f", replaced by {new.replaced_by}" if new.replaced_by else ""
        what = "retired" if new.status == "retired" else "changed"
        yield Change(what, "code", place, f"was {old.status}, is {new.status}{now}")
    if old.role != new.role or old.is_a != new.is_a:
        was, now = (f"{one.role}, under {one.is_a or 'nothing'}" for one in (old, new))
        # A consumer who counts unknown values, or adds up codes, gets other numbers.
        yield Change("changed", "code", place, f"was {was}, is {now}", breaks_consumers=True)
    yield from _compare_facts(
        old, new, "code", place,
        ("title", "description", "meaning", "aliases", "narrower", "replaced_by", "retired_on"),
    )  # fmt: skip


def _enforces(demands: dict[str, dict[str, _Demand]], enum: str) -> bool:
    return any(
        demand.severity is Severity.VIOLATION and enum in _lists(demand.tree)
        for of_class in demands.values()
        for demand in of_class.values()
    )


def _lists(tree: Any) -> set[str]:
    if not isinstance(tree, list):
        return set()
    own = {str(tree[2])} if tree[:1] == ["in_enum"] else set()
    return own.union(*map(_lists, tree))


# --- classes and slots


def _compare_classes(
    old: Plan, new: Plan, demands: tuple[dict[str, dict[str, _Demand]], ...]
) -> Iterator[Change]:
    succeeded = _find_successor(old, new)
    for name in _in_order(old.classes, new.classes):
        before, after = old.classes.get(name), new.classes.get(name)
        if before is not None and name in succeeded:
            after = succeeded[name]
        if before is None:
            if after not in succeeded.values():
                yield Change("added", "class", name, new.classes[name].title)
        elif after is None:
            yield Change("removed", "class", name, before.title, True, True)
        else:
            yield from _compare_class(before, after)
            yield from _compare_slots(before, after)
            yield from _compare_demands(demands[0][name], demands[1][after.name], before, after)


def _find_successor(old: Plan, new: Plan) -> dict[str, ClassPlan]:
    """Return the class of a profile that rows of the standard's class are checked against."""
    was = next((one for one in old.classes.values() if one.tree_root), None)
    now = next((one for one in new.classes.values() if one.tree_root), None)
    if was is None or now is None or was.name == now.name or was.name not in now.ancestors:
        return {}
    return {was.name: now}


def _compare_class(before: ClassPlan, after: ClassPlan) -> Iterator[Change]:
    place = after.name
    yield from _compare_facts(before, after, "class", place, ("title", "description"))
    if before.closed != after.closed:
        what, text = ("narrowed", "no longer") if after.closed else ("widened", "now")
        yield Change(what, "class", place, f"other columns may {text} be sent",
                     breaks_producers=after.closed, breaks_consumers=not after.closed)  # fmt: skip
    if before.abstract != after.abstract:
        what, text = ("narrowed", "no longer") if after.abstract else ("widened", "now")
        yield Change(what, "class", place, f"can {text} have rows of its own",
                     after.abstract, not after.abstract)  # fmt: skip
    if before.name != after.name:
        yield Change("renamed", "class", before.name, f"rows are of {after.name}")
    if before.tree_root != after.tree_root:
        text = "is now" if after.tree_root else "is no longer"
        yield Change("changed", "class", place, f"{text} the class that is taken if none is named",
                     breaks_producers=True)  # fmt: skip
    newly = [item for item in after.not_checked if item not in before.not_checked]
    for item in newly:
        yield Change("changed", "class", place, f"{item.feature} is not checked: {item.reason}",
                     breaks_producers=item.mandatory)  # fmt: skip


def _compare_slots(before: ClassPlan, after: ClassPlan) -> Iterator[Change]:
    old = {slot.name: slot for slot in before.slots}
    new = {slot.name: slot for slot in after.slots}
    renamed = {
        gone: taking.name
        for gone, slot in old.items()
        if gone not in new
        for taking in new.values()
        if taking.name not in old and {slot.name, slot.column} & set(taking.aliases)
    }
    for name in _in_order(old, new):
        place = f"{after.name}.{name}"
        if name in renamed:
            yield Change("renamed", "slot", place, f"is now {renamed[name]}", True, True)
        elif name not in new:
            # Where other columns may be sent, one more is no violation.
            yield Change("removed", "slot", place, old[name].title, after.closed, True)
        elif name not in old:
            if name not in renamed.values():
                yield Change("added", "slot", place, new[name].title,
                             breaks_consumers=before.closed)  # fmt: skip
        else:
            yield from _compare_slot(old[name], new[name], place)


_SLOT_WORDING = ("title", "description", "unit", "why", "fix", "examples")
_SLOT_HANDLING = ("criticality", "privacy", "owner", "identifier")
_STANDARD_WORDING = ("title", "description", "owner", "license", "schema_id")


def _compare_slot(old: SlotPlan, new: SlotPlan, place: str) -> Iterator[Change]:
    if old.column != new.column:
        yield Change("renamed", "slot", place, f"its column is now {new.column}", True, True)
    gone = [alias for alias in old.aliases if alias not in (*new.aliases, new.column)]
    if gone:
        text = f"headers no longer known: {', '.join(gone)}"
        yield Change("narrowed", "slot", place, text, breaks_producers=True)
    come = [alias for alias in new.aliases if alias not in old.aliases]
    if come:
        yield Change("widened", "slot", place, f"headers now known: {', '.join(come)}")
    for name in ("multivalued", "delimiter", "null_values"):
        if name == "delimiter" and not (old.multivalued or new.multivalued):
            continue
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield Change("changed", "slot", place, _say(name, was, now), True, True)
    for name in _SLOT_HANDLING:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield Change("changed", "slot", place, _say(name, was, now))
    yield from _compare_facts(old, new, "slot", place, _SLOT_WORDING)


# --- checks and rules


def _compare_demands(
    old: Mapping[str, _Demand], new: Mapping[str, _Demand], before: ClassPlan, after: ClassPlan
) -> Iterator[Change]:
    was = {slot.name for slot in before.slots}
    now = {slot.name for slot in after.slots}
    for name in _in_order(old, new):
        one, other = old.get(name), new.get(name)
        if one is None and other is not None:
            absent = frozenset(now - was)
            fails = can_fail(other.tree, absent)
            if other.slots and absent.issuperset(other.slots) and not fails:
                # Part of the new slot: no row there is can fail it.
                continue
            severity = other.severity if fails else Severity.INFO
            yield _change("narrowed", name, other.title, severity, severity)
        elif other is None and one is not None:
            if one.slots and now.isdisjoint(one.slots):
                continue
            yield _change("widened", name, one.title, one.severity, one.severity)
        elif one is not None and other is not None:
            yield from _compare_demand(name, one, other)


def _compare_demand(name: str, old: _Demand, new: _Demand) -> Iterator[Change]:
    relation = relate(old.named, new.named)
    if _lists(old.tree) != _lists(new.tree):
        relation = relate(old.tree, new.tree)
    if old.severity is not new.severity:
        text = f"{new.title}: was {old.severity}, is {new.severity}"
        stricter = list(Severity).index(new.severity) > list(Severity).index(old.severity)
        what = "narrowed" if stricter else "widened"
        severities = (old.severity, new.severity)
        yield Change(
            what, "check", name, text,
            breaks_producers=stricter and Severity.VIOLATION in severities,
            breaks_consumers=not stricter and Severity.VIOLATION in severities,
        )  # fmt: skip
    if relation is not Relation.SAME:
        yield _change(relation.value, name, new.title, old.severity, new.severity)
    if old.tolerance != new.tolerance:
        text = f"{new.title}: other faults are forgiven"
        yield _change("changed", name, text, old.severity, new.severity)
    if relation is Relation.SAME and old.title != new.title:
        yield Change("reworded", "check", name, new.title)


def _change(what: str, name: str, text: str, was: Severity, now: Severity) -> Change:
    return Change(
        what, "check", name, text,
        breaks_producers=what in ("narrowed", "changed") and now is Severity.VIOLATION,
        breaks_consumers=what in ("widened", "changed") and was is Severity.VIOLATION,
    )  # fmt: skip


# --- words


def _compare_facts(
    old: Any, new: Any, part: str, place: str, names: Iterable[str]
) -> Iterator[Change]:
    for name in names:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield Change("reworded", part, place, name.replace("_", " "))


def _say(name: str, was: object, now: object) -> str:
    return f"{name.replace('_', ' ')} was {_plain(was)}, is {_plain(now)}"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "none"


def _slots(plan: Plan) -> Iterator[SlotPlan]:
    for one in plan.classes.values():
        yield from one.slots


def _in_order(old: Iterable[str], new: Iterable[str]) -> list[str]:
    """Return all names, those of the old version first, each once."""
    return list(dict.fromkeys([*old, *new]))
