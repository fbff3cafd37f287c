"""From expression trees to Polars expressions (the table is in the package's docstring)."""

from __future__ import annotations

__all__ = ["Context", "Tree", "build", "share", "slots_of"]

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any

import polars as pl

from dqcheck.expressions import identifiers, types
from dqcheck.expressions.logic import choose, exactly_one
from dqcheck.model import Kind, items_column, kind_column

Tree = Any

_ELEMENT = "."
_MOST_DAYS = 3_660_000
_TEMPORAL = {"date", "datetime", "date_or_datetime"}
_READERS = {
    "text", "value", "valid", "present", "scalar", "listed", "count", "distinct", "every", "some",
    "count_if",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What a tree needs to know of the frame it will run on.

    The frame has, for each slot, a column of the slot's name (String, null if missing). Slots
    with kinds also have `kind_column(slot)` (UInt8 of `Kind`). For multivalued slots
    `items_column(slot)` holds the elements: List(Struct{text, kind}) with kinds, else
    List(String).

    Attributes:
        as_of: The day that `today` means.
        multivalued: Names of the multivalued slots.
        kinded: Names of the slots with kinds.
        shared: Names of columns that `share` has added.
    """

    as_of: date
    multivalued: frozenset[str] = frozenset()
    kinded: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()


def slots_of(tree: Tree) -> frozenset[str]:
    """Return the names of the slots that `tree` reads."""
    if not isinstance(tree, list) or not tree:
        return frozenset()
    if tree[0] == "lit":
        return frozenset()
    found: set[str] = set()
    # The options of `in` are a list of trees.
    if isinstance(tree[0], str) and tree[0] in _READERS and tree[1] != _ELEMENT:
        found.add(tree[1])
    for part in tree if isinstance(tree[0], list) else tree[1:]:
        found |= slots_of(part)
    return frozenset(found)


def share(
    frame: pl.LazyFrame, trees: Iterable[Tree], context: Context
) -> tuple[pl.LazyFrame, Context]:
    """Return `frame` with the typed values that `trees` read as columns, and a context for it.

    Reading a typed value costs more than all else that a check does. What `build` makes with the
    context returned gives the same results as without, several times faster.
    """
    wanted = {
        (slot, kind)
        for tree in trees
        for slot, kind in _typed(tree)
        if slot != _ELEMENT and slot not in context.kinded
    }
    quick: dict[str, pl.Expr] = {}
    rest: dict[str, pl.Expr] = {}
    exact: dict[str, pl.Expr] = {}
    for slot, kind in sorted(wanted):
        found = types.quick(pl.col(slot), kind)
        if found is None:
            continue
        is_plain, plain, left = (
            _shared(part, slot, kind) for part in ("is_plain", "plain", "left")
        )
        quick[is_plain], quick[plain] = found
        # Polars evaluates both branches of a condition for all rows, but passes over nulls fast.
        rest[left] = pl.when(~pl.col(is_plain)).then(pl.col(slot))
        exact[_shared("value", slot, kind)] = pl.coalesce(
            pl.col(plain).cast(types.TYPES[kind].dtype), types.parse(pl.col(left), None, kind)
        )
        exact[_shared("valid", slot, kind)] = pl.col(is_plain) | types.valid(
            pl.col(left), None, kind
        )
    if not quick:
        return frame, context
    for step in (quick, rest, exact):
        frame = frame.with_columns(expr.alias(name) for name, expr in step.items())
    return frame, replace(context, shared=frozenset(exact))


def _shared(part: str, slot: str, kind: str) -> str:
    return f"\x1f{part}:{kind}:{slot}"


def _typed(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield slot and type of each `value` and `valid` in `tree`."""
    if not isinstance(tree, list) or not tree or tree[0] == "lit":
        return
    if tree[0] in ("value", "valid"):
        yield tree[1], tree[2]
        return
    for part in tree[1:]:
        yield from _typed(part)


def build(tree: Tree, context: Context) -> pl.Expr:
    """Return the Polars expression for `tree`.

    Raises:
        ValueError: If the tree has an operator that is not in the table: a fault of the compiler
            or of a plan made by hand.
    """
    name, *args = tree
    reader = _CELLS.get(name)
    if reader is not None:
        return reader(context, *args)
    plain = _PLAIN.get(name)
    if plain is not None:
        return plain(*(build(arg, context) for arg in args))
    special = _SPECIAL.get(name)
    if special is None:
        msg = f"unknown operator {name!r} in an expression tree"
        raise ValueError(msg)
    return special(context, *args)


def _text(context: Context, slot: str) -> pl.Expr:
    if slot != _ELEMENT:
        return pl.col(slot)
    return pl.element().struct.field("text") if _ELEMENT in context.kinded else pl.element()


def _kind(context: Context, slot: str) -> pl.Expr | None:
    if slot not in context.kinded:
        return None
    return pl.element().struct.field("kind") if slot == _ELEMENT else pl.col(kind_column(slot))


def _value(context: Context, slot: str, kind: str) -> pl.Expr:
    name = _shared("value", slot, kind)
    if name in context.shared:
        return pl.col(name)
    return types.parse(_text(context, slot), _kind(context, slot), kind)


def _valid(context: Context, slot: str, kind: str) -> pl.Expr:
    name = _shared("valid", slot, kind)
    if name in context.shared:
        return pl.col(name)
    return types.valid(_text(context, slot), _kind(context, slot), kind)


def _present(context: Context, slot: str) -> pl.Expr:
    if slot in context.multivalued:
        some = pl.col(items_column(slot)).list.len().fill_null(0) > 0
        # One value where a list is wanted is there, though not well formed.
        return some | pl.col(slot).is_not_null() & ~_is(context, slot, Kind.LIST)
    return _text(context, slot).is_not_null()


def _is(context: Context, slot: str, *kinds: Kind) -> pl.Expr:
    kind = _kind(context, slot)
    if kind is None:
        return pl.lit(value=slot in context.multivalued)
    return kind.is_in([int(item) for item in kinds]).fill_null(value=False)


def _scalar(context: Context, slot: str) -> pl.Expr:
    here = _text(context, slot).is_not_null()
    if slot not in context.kinded:
        return pl.when(here).then(pl.lit(value=True))
    return pl.when(here).then(~_is(context, slot, Kind.LIST, Kind.OBJECT))


def _listed(context: Context, slot: str) -> pl.Expr:
    here = pl.col(slot).is_not_null()
    if slot not in context.kinded:
        return pl.when(here).then(pl.lit(value=True))
    return pl.when(here).then(_is(context, slot, Kind.LIST))


def _each(context: Context, slot: str, tree: Tree) -> pl.Expr:
    # The element has kinds if its slot has.
    kinded = context.kinded - {_ELEMENT} | ({_ELEMENT} if slot in context.kinded else set())
    return pl.col(items_column(slot)).list.eval(build(tree, replace(context, kinded=kinded)))


def _every(context: Context, slot: str, tree: Tree) -> pl.Expr:
    results = _each(context, slot, tree)
    failed = results.list.eval(~pl.element()).list.any()
    unsure = results.list.eval(pl.element().is_null()).list.any()
    # Kleene: one false decides, else one null leaves it open.
    return pl.when(pl.col(items_column(slot)).list.len() > 0).then(
        pl.when(failed).then(pl.lit(value=False)).when(~unsure).then(pl.lit(value=True))
    )


def _some(context: Context, slot: str, tree: Tree) -> pl.Expr:
    return ~_every(context, slot, ["not", tree])


def _count(context: Context, slot: str) -> pl.Expr:
    return pl.col(items_column(slot)).list.len().fill_null(0).cast(pl.Int64)


def _distinct(context: Context, slot: str) -> pl.Expr:
    items = pl.col(items_column(slot))
    return items.list.n_unique() == items.list.len()


def _count_if(context: Context, slot: str, tree: Tree) -> pl.Expr:
    return _each(context, slot, ["true", tree]).list.sum().fill_null(0).cast(pl.Int64)


_CELLS: dict[str, Callable[..., pl.Expr]] = {
    "text": _text,
    "value": _value,
    "valid": _valid,
    "present": _present,
    "scalar": _scalar,
    "listed": _listed,
    "count": _count,
    "distinct": _distinct,
    "every": _every,
    "some": _some,
    "count_if": _count_if,
}


def _years_between(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    birthday_ahead = (end.dt.month() < start.dt.month()) | (
        (end.dt.month() == start.dt.month()) & (end.dt.day() < start.dt.day())
    )
    return end.dt.year().cast(pl.Int64) - start.dt.year() - birthday_ahead.cast(pl.Int64)


def _nullable(count: Callable[..., pl.Expr]) -> Callable[..., pl.Expr]:
    """Return `count` made null where an argument is (Polars' horizontal functions skip nulls)."""

    def counted(*parts: pl.Expr) -> pl.Expr:
        known = reduce(operator.and_, (part.is_not_null() for part in parts))
        return pl.when(known).then(count(*parts))

    return counted


_PLAIN: dict[str, Callable[..., pl.Expr]] = {
    "and": lambda *parts: reduce(operator.and_, parts),
    "or": lambda *parts: reduce(operator.or_, parts),
    "not": lambda part: ~part,
    "one": exactly_one,
    "true": lambda part: part.fill_null(value=False),
    "null": lambda part: part.is_null(),
    "if": choose,
    "coalesce": pl.coalesce,
    "implies": lambda a, b: ~a | b,
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": lambda a, b: pl.when(b != 0).then(a.cast(pl.Float64) / b.cast(pl.Float64)),
    "floordiv": lambda a, b: pl.when(b != 0).then(a // b),
    "mod": lambda a, b: pl.when(b != 0).then(a % b),
    "pow": lambda a, b: a.cast(pl.Float64).pow(b.cast(pl.Float64)),
    "neg": lambda a: 0 - a,  # Polars 2.1 has no negation of Int128
    "abs": lambda a: a.abs(),
    "min": _nullable(pl.min_horizontal),
    "max": _nullable(pl.max_horizontal),
    # Unsigned counts would wrap around below 0.
    "length": lambda a: a.str.len_chars().cast(pl.Int64),
    "lower": lambda a: a.str.to_lowercase(),
    "upper": lambda a: a.str.to_uppercase(),
    "trim": lambda a: a.str.strip_chars(),
    "concat": lambda *parts: pl.concat_str(parts),
    "starts": lambda a, prefix: a.str.starts_with(prefix),
    "ends": lambda a, suffix: a.str.ends_with(suffix),
    "contains": lambda a, part: a.str.contains(part, literal=True),
    "substring": lambda a, start, length: a.str.slice(
        start.cast(pl.Int64, strict=False), length.cast(pl.Int64, strict=False)
    ),
    "to_number": lambda a: types.parse(a, None, "float"),
    "to_text": lambda a: a.cast(pl.String),
    "date": lambda a: a.dt.date(),
    "year": lambda a: a.dt.year().cast(pl.Int64, strict=False),
    "month": lambda a: a.dt.month().cast(pl.Int64, strict=False),
    "day": lambda a: a.dt.day().cast(pl.Int64, strict=False),
    "days_between": lambda a, b: (b.cast(pl.Date) - a.cast(pl.Date)).dt.total_days(),
    "years_between": _years_between,
    "add_days": lambda a, days: a + pl.duration(days=days.cast(pl.Int64, strict=False)),
    **identifiers.OPERATORS,
}


def _compare(compare: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Callable[..., pl.Expr]:
    def compared(context: Context, left: Tree, right: Tree) -> pl.Expr:
        return compare(*_aligned(context, left, right))

    return compared


def _aligned(context: Context, *trees: Tree) -> tuple[pl.Expr, ...]:
    """Return the built trees, days turned to moments where days and moments meet."""
    found = [_type(tree) for tree in trees]
    mixed = len({name for name in found if name in _TEMPORAL}) > 1
    return tuple(
        build(tree, context).cast(pl.Datetime("us")) if mixed and name == "date"
        else build(tree, context)
        for tree, name in zip(trees, found, strict=True)
    )  # fmt: skip


def _type(tree: Tree) -> str | None:
    match tree:
        case ["value", _, name] | ["lit", name, _]:
            return str(name) if name else None
        case ["today"] | ["date", _] | ["vrm_issued_from", _]:
            return "date"
        case ["add_days" | "coalesce" | "neg" | "abs", first, *_]:
            return _type(first)
        case ["if", _, then, _]:
            return _type(then)
        case _:
            return None


def _in(context: Context, value: Tree, options: Sequence[Tree]) -> pl.Expr:
    if options and all(option[0] == "lit" and option[2] is not None for option in options):
        choices = [types.literal(option[1], option[2]) for option in options]
        if len({type(choice) for choice in choices}) == 1 and not isinstance(choices[0], date):
            return build(value, context).is_in(choices)
    if not options:
        return build(["if", ["null", value], ["lit", None, None], _FALSE], context)
    return build(["or", *(["eq", value, option] for option in options)], context)


_FALSE: Tree = ["lit", "boolean", "false"]


def _matches_python(context: Context, text: Tree, pattern: str) -> pl.Expr:
    """Search with Python's `re`, for patterns outside Rust's dialect, over distinct values."""
    found = re.compile(pattern).search

    def search(texts: pl.Series) -> pl.Series:
        distinct = texts.drop_nulls().unique()
        holds = pl.Series([found(value) is not None for value in distinct], dtype=pl.Boolean)
        return texts.replace_strict(distinct, holds, default=None, return_dtype=pl.Boolean)

    return build(text, context).map_batches(search, return_dtype=pl.Boolean, is_elementwise=True)


_SPECIAL: dict[str, Callable[..., pl.Expr]] = {
    "lit": lambda context, name, text: pl.lit(
        types.literal(name, text), dtype=types.TYPES[name].dtype if name else None
    ),
    "today": lambda context: pl.lit(context.as_of, dtype=pl.Date),
    "eq": _compare(operator.eq),
    "ne": _compare(operator.ne),
    "lt": _compare(operator.lt),
    "le": _compare(operator.le),
    "gt": _compare(operator.gt),
    "ge": _compare(operator.ge),
    "between": lambda context, value, low, high: build(
        ["and", ["ge", value, low], ["le", value, high]], context
    ),
    "in": _in,
    "in_enum": lambda context, text, _enum, codes: build(text, context).is_in(list(codes)),
    "matches": lambda context, text, pattern: build(text, context).str.contains(pattern),
    "matches_python": _matches_python,
    "round": lambda context, value, digits=0: (
        build(value, context)
        .cast(pl.Float64)
        .round(max(-300, min(digits, 300)), mode="half_away_from_zero")
    ),
    "replace": lambda context, text, pattern, into: build(text, context).str.replace_all(
        pattern, into
    ),
}
