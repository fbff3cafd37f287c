"""Whether one expression lets more rows pass than another, as far as their form can tell."""

from __future__ import annotations

__all__ = ["Relation", "can_fail", "relate"]

from enum import Enum
from itertools import product
from typing import Any

from dqcheck.expressions.types import literal


class Relation(Enum):
    """How a new expression stands to an old one, for every row.

    The order is that of false, unknown and true: what is narrower is nowhere truer.
    """

    SAME = "same"
    NARROWER = "narrowed"
    WIDER = "widened"
    OTHER = "changed"


_OPPOSITE = {Relation.NARROWER: Relation.WIDER, Relation.WIDER: Relation.NARROWER}
_WIDER_TYPES = {
    "integer": {"decimal", "float", "double"},
    "decimal": {"float", "double"},
    "float": {"double"},
    "double": {"float"},
    "date": {"date_or_datetime"},
    "datetime": {"date_or_datetime"},
    "uri": {"uriorcurie"},
    "curie": {"uriorcurie"},
}


def relate(old: Any, new: Any) -> Relation:
    """Return how the boolean tree `new` stands to `old`.

    Only what follows from the form is claimed; all else is `OTHER`: two regular expressions that
    differ may mean the same, and are `OTHER`.
    """
    if old == new:
        return Relation.SAME
    if not (_is_tree(old) and _is_tree(new)):
        return Relation.OTHER
    # A part that has come or gone: `x` is `["and", x]`.
    for operator, fewer in (("and", Relation.WIDER), ("or", Relation.NARROWER)):
        if operator in (old[0], new[0]):
            related = _relate_parts(_parts(old, operator), _parts(new, operator), fewer)
            if related is not Relation.OTHER:
                return related
    if old[0] != new[0] or len(old) != len(new):
        return Relation.OTHER
    relate_form = _FORMS.get(old[0])
    return relate_form(old, new) if relate_form else Relation.OTHER


def _is_tree(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], str)


def _parts(tree: list[Any], operator: str) -> list[Any]:
    return tree[1:] if tree[0] == operator else [tree]


def _relate_parts(old: list[Any], new: list[Any], fewer: Relation) -> Relation:
    gone = [part for part in old if part not in new]
    come = [part for part in new if part not in old]
    if not gone:
        return _OPPOSITE[fewer] if come else Relation.SAME
    if not come:
        return fewer
    if len(gone) == len(come):
        return _join(relate(one, other) for one, other in zip(gone, come, strict=True))
    return Relation.OTHER


def _join(relations: Any) -> Relation:
    found = set(relations) - {Relation.SAME}
    if not found:
        return Relation.SAME
    return found.pop() if len(found) == 1 else Relation.OTHER


def _relate_not(old: list[Any], new: list[Any]) -> Relation:
    inner = relate(old[1], new[1])
    return _OPPOSITE.get(inner, inner)


def _relate_implies(old: list[Any], new: list[Any]) -> Relation:
    return _join([_relate_not(old, new), relate(old[2], new[2])])


def _relate_if(old: list[Any], new: list[Any]) -> Relation:
    if old[1] != new[1]:
        return Relation.OTHER
    return _join([relate(old[2], new[2]), relate(old[3], new[3])])


def _relate_inner(old: list[Any], new: list[Any]) -> Relation:
    return relate(old[2], new[2]) if old[1] == new[1] else Relation.OTHER


def _relate_valid(old: list[Any], new: list[Any]) -> Relation:
    if old[1] != new[1]:
        return Relation.OTHER
    if new[2] in _WIDER_TYPES.get(old[2], ()):
        return Relation.WIDER
    return Relation.NARROWER if old[2] in _WIDER_TYPES.get(new[2], ()) else Relation.OTHER


def _relate_options(old: list[Any], new: list[Any]) -> Relation:
    if old[1] != new[1]:
        return Relation.OTHER
    was, now = ({repr(option) for option in tree[-1]} for tree in (old, new))
    if was == now:
        return Relation.SAME
    if was < now:
        return Relation.WIDER
    return Relation.NARROWER if now < was else Relation.OTHER


def _relate_bound(old: list[Any], new: list[Any]) -> Relation:
    (left, was), (other, now) = old[1:], new[1:]
    is_bound = all(_is_tree(one) and one[0] == "lit" for one in (was, now))
    if left != other or not is_bound or was[1] != now[1]:
        return Relation.OTHER
    lower, upper = literal(was[1], was[2]), literal(now[1], now[2])
    if lower == upper:
        return Relation.SAME
    rises = bool(lower < upper)
    return Relation.NARROWER if rises == (old[0] in ("ge", "gt")) else Relation.WIDER


_FORMS = {
    "not": _relate_not,
    "implies": _relate_implies,
    "if": _relate_if,
    "every": _relate_inner,
    "some": _relate_inner,
    "valid": _relate_valid,
    "in": _relate_options,
    "in_enum": _relate_options,
    "ge": _relate_bound,
    "gt": _relate_bound,
    "le": _relate_bound,
    "lt": _relate_bound,
}


_TRUE, _FALSE, _UNKNOWN = frozenset({True}), frozenset({False}), frozenset({None})
_ANY = _TRUE | _FALSE | _UNKNOWN
_READERS = {"text", "value", "valid", "scalar", "listed", "distinct", "every", "some"}


def can_fail(tree: Any, absent: frozenset[str]) -> bool:
    """Return whether a row without the slots `absent` can fail the boolean tree.

    Yes is said wherever the form does not rule it out.
    """
    return False in _outcomes(tree, absent)


def _outcomes(tree: Any, absent: frozenset[str]) -> frozenset[bool | None]:
    """Return what a boolean tree can give: true, false, unknown."""
    if not _is_tree(tree):
        return _ANY
    operator, *parts = tree
    if operator == "present" and parts[0] in absent:
        return _FALSE
    if operator in ("and", "or"):
        strong = operator == "or"
        given: frozenset[bool | None] = frozenset({not strong})
        for part in parts:
            pairs = product(given, _outcomes(part, absent))
            given = frozenset(_join_outcomes(strong, pair) for pair in pairs)
        return given
    if operator == "if":
        decided = _outcomes(parts[0], absent)
        given = _outcomes(parts[1], absent) if True in decided else frozenset()
        return given | (_outcomes(parts[2], absent) if decided - {True} else frozenset())
    if operator == "true":
        return frozenset(one is True for one in _outcomes(parts[0], absent))
    if operator == "lit" and parts[0] is None:
        return _UNKNOWN
    if operator == "implies":
        return _outcomes(["or", ["not", parts[0]], parts[1]], absent)
    if operator == "not":
        inner = _outcomes(parts[0], absent)
        return frozenset(None if one is None else not one for one in inner)
    return _UNKNOWN if _is_unknown(tree, absent) else _ANY


def _join_outcomes(strong: bool, pair: tuple[bool | None, bool | None]) -> bool | None:
    if strong in pair:
        return strong
    return None if None in pair else not strong


def _is_unknown(tree: Any, absent: frozenset[str]) -> bool:
    """Return whether a value is missing for sure, since one that it is made of is."""
    if not _is_tree(tree):
        return False
    operator, *parts = tree
    if operator in _READERS:
        return parts[0] in absent
    if operator in ("null", "coalesce", "if", "true", "lit", "present", "count", "count_if", "one"):
        return False
    return any(_is_unknown(part, absent) for part in parts)
