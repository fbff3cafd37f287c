"""The vocabulary of compiled constraints: conditions, how they combine, and what they say."""

from __future__ import annotations

__all__ = [
    "ADVICE", "BOOLEANS", "TRUE", "UNKNOWN", "Condition", "Tree", "combine", "conjoin", "join",
    "listed", "phrase", "quote_words",
]  # fmt: skip

from dataclasses import dataclass
from typing import Any

Tree = Any
TRUE: Tree = ["lit", "boolean", "true"]
UNKNOWN: Tree = ["lit", None, None]
BOOLEANS = ("any_of", "all_of", "exactly_one_of", "none_of")
ADVICE = {"retired_value", "doubtful_identifier", "dummy"}
"""Kinds of conditions that no value has to meet."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must hold of a value, or of a slot.

    Attributes:
        kind: A key of `constraints.CONSTRAINTS`.
        tree: Expression tree; null where there is no value or it can't be read.
        detail: What the constraint's words leave open.
        part: The last part of the check's id, where it is not the kind.
        authority: The published document behind it, where it is not the slot's.
        fix: How to put it right, where the slot's words for it would not fit.
    """

    kind: str
    tree: Tree
    detail: str = ""
    part: str = ""
    authority: str = ""
    fix: str = ""


def quote_words(words: list[str] | tuple[str, ...]) -> str:
    """Return `"a", "b" or "c"`, cut short where there are many."""
    quoted = [f'"{word}"' for word in words[:8]]
    if len(words) > 8:
        return f"{', '.join(quoted)} or {len(words) - 8} more"
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def conjoin(conditions: list[Condition]) -> Tree:
    """Return that all conditions hold; advice does not count."""
    trees = [condition.tree for condition in conditions if condition.kind not in ADVICE]
    return join("and", trees) if trees else TRUE


def join(operator: str, trees: list[Tree]) -> Tree:
    """Return the trees under one operator, or the only tree."""
    return trees[0] if len(trees) == 1 else [operator, *trees]


def combine(operator: str, branches: list[Tree]) -> Tree:
    """Return LinkML's boolean `operator` over the branches."""
    match operator:
        case "any_of":
            return join("or", branches)
        case "none_of":
            return ["not", join("or", branches)]
        case "exactly_one_of":
            return ["one", *branches]
        case _:
            return join("and", branches)


def listed(found: Any) -> list[Any]:
    """Return a metaslot's values as a list, however it was written."""
    if not found:
        return []
    return found if isinstance(found, list) else [found]


_PHRASES = {
    "present": "filled", "required": "filled", "absent": "empty", "minimum_value": "{} or more",
    "maximum_value": "{} or less", "permissible_value": "in the list {}",
    "none_of": "not {}", "prefix": "something that begins with {}",
}  # fmt: skip


def phrase(conditions: list[Condition]) -> str:
    """Return what conditions demand, as what comes after "is"."""
    words = [
        _PHRASES.get(condition.kind, "{}").format(condition.detail)
        for condition in conditions
        if condition.kind not in ADVICE
    ]
    # Where a constant is demanded, its type goes without saying.
    constant = any(condition.kind.startswith("equals") for condition in conditions)
    if constant and conditions[0].kind == "type" and len(words) > 1:
        words = words[1:]
    return " and ".join(dict.fromkeys(words)) or "anything"
