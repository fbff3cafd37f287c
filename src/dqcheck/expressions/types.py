"""The built-in LinkML types: their lexical forms and their values in Polars.

Lexical forms are those of W3C XML Schema Definition Language 1.1 Part 2 (2012-04-05), white space
around a value collapsed as its `whiteSpace` facet says for all types but string; URIs, CURIEs and
paths as the LinkML metamodel's `types.yaml` describes them.
"""

from __future__ import annotations

__all__ = ["TYPES", "LexicalType", "literal", "parse", "quick", "valid"]

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import polars as pl

from dqcheck.model import Kind

_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
# Days that every year has: all but 29 February.
_YEARLY_DAY = (
    "[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_NCNAME = r"[\p{L}_][\p{L}\p{N}\p{M}_.\-·]*"
_IRI = r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]*"
_CURIE = rf"(?:{_NCNAME})?:[^\s<>\"{{}}|\\^`]*"


@dataclass(frozen=True, slots=True)
class LexicalType:
    """A built-in type.

    Attributes:
        name: LinkML's name.
        pattern: The whole lexical form, in Rust's regular expressions; None for any text.
        dtype: What its values become in Polars.
        kinds: The physical kinds that may hold it in formats that tell kinds apart.
        words: What it is, in plain words.
    """

    name: str
    pattern: str | None
    dtype: pl.DataType
    kinds: tuple[Kind, ...]
    words: str


_TEXT = (Kind.TEXT,)
_MOMENT = pl.Datetime("us")


def _table() -> dict[str, LexicalType]:
    string = pl.String()
    number = (Kind.NUMBER,)
    rows: list[tuple[str, str | None, pl.DataType, tuple[Kind, ...], str]] = [
        ("string", None, string, _TEXT, "text"),
        ("integer", r"[+-]?[0-9]+", pl.Int128(), number, "a whole number"),
        (
            "float",
            r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
            pl.Float64(),
            number,
            "a number",
        ),
        ("decimal", r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", pl.Float64(), number, "a number"),
        ("boolean", "true|false|1|0", pl.Boolean(), (Kind.BOOLEAN,), "true or false"),
        ("date", _DAY + _ZONE, pl.Date(), (Kind.TEXT, Kind.DATE), "a date as YYYY-MM-DD"),
        (
            "datetime",
            f"{_DAY}T(?:{_CLOCK}|24:00:00(?:\\.0+)?){_ZONE}",
            _MOMENT,
            (Kind.TEXT, Kind.DATETIME),
            "a date and time as YYYY-MM-DDThh:mm:ss",
        ),
        (
            "date_or_datetime",
            f"{_DAY}(?:T(?:{_CLOCK}|24:00:00(?:\\.0+)?))?{_ZONE}",
            _MOMENT,
            (Kind.TEXT, Kind.DATE, Kind.DATETIME),
            "a date, with or without a time",
        ),
        ("time", _CLOCK + _ZONE, pl.Time(), (Kind.TEXT, Kind.TIME), "a time as hh:mm:ss"),
        ("uri", _IRI, string, _TEXT, "a web address or other URI"),
        ("uriorcurie", f"{_IRI}|{_CURIE}|{_NCNAME}", string, _TEXT, "a URI or CURIE"),
        ("curie", _CURIE, string, _TEXT, "a CURIE such as prefix:id"),
        ("ncname", _NCNAME, string, _TEXT, "a name without spaces or colons"),
        ("objectidentifier", f"{_IRI}|{_CURIE}|{_NCNAME}", string, _TEXT, "a URI or CURIE"),
        ("nodeidentifier", f"{_IRI}|_:{_NCNAME}|{_CURIE}", string, _TEXT, "a URI, CURIE or node"),
        ("jsonpointer", "(?:/(?:[^~/]|~[01])*)*", string, _TEXT, "a JSON Pointer"),
        ("jsonpath", r"\$.*", string, _TEXT, "a JSON Path"),
        ("sparqlpath", r"\S.*", string, _TEXT, "a SPARQL path"),
    ]
    table = {row[0]: LexicalType(*row) for row in rows}
    table["double"] = LexicalType(
        "double", table["float"].pattern, table["float"].dtype, number, "a number"
    )
    return table


TYPES = _table()
"""All built-in types by name. Integers of up to 38 digits have values; longer ones are unknown."""


def valid(text: pl.Expr, kind: pl.Expr | None, type_name: str) -> pl.Expr:
    """Return whether `text` is of the type.

    Args:
        text: String, null if missing.
        kind: UInt8 of `Kind` where the format tells 5 from "5", else None.
        type_name: A key of `TYPES`.

    Returns:
        Boolean, null where `text` is null (unless `kind` says that it is an empty text where the
        type has no empty form).
    """
    spec = TYPES[type_name]
    holds = _well_formed(text, spec, strict=kind is not None)
    if kind is None:
        return holds
    empty = text.is_null() & (kind == int(Kind.TEXT))
    fits = kind.is_in([int(item) for item in spec.kinds])
    held = pl.when(text.is_not_null()).then(holds & fits)
    return held if spec.pattern is None else held.when(empty).then(pl.lit(value=False))


def _well_formed(text: pl.Expr, spec: LexicalType, *, strict: bool) -> pl.Expr:
    if spec.pattern is None:
        return pl.when(text.is_not_null()).then(pl.lit(value=True))
    pattern = spec.pattern
    if spec.name == "integer" and strict:
        pattern = r"[+-]?[0-9]+(?:\.0+)?"
    holds = text.str.contains(rf"^[ \t\r\n]*(?:{pattern})[ \t\r\n]*$")
    if spec.name in ("date", "datetime", "date_or_datetime"):
        # The pattern lets 31 February through; the parser does not.
        return pl.when(text.is_not_null()).then(holds & _day(text).is_not_null())
    return holds


def _trimmed(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars(" \t\r\n")


def _day(text: pl.Expr) -> pl.Expr:
    return _to_date(_trimmed(text).str.slice(0, 10))


def _to_date(text: pl.Expr) -> pl.Expr:
    # Polars caches parsed dates by default; looking them up takes twice as long as parsing.
    return text.str.to_date("%Y-%m-%d", strict=False, cache=False)


def _to_moment(text: pl.Expr) -> pl.Expr:
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False, cache=False)


def parse(text: pl.Expr, kind: pl.Expr | None, type_name: str) -> pl.Expr:
    """Return the typed value of `text`, of the type's dtype; null where it is missing or not valid.

    Dates and times of day with a zone keep their day and clock; datetimes with a zone are turned
    to UTC, those without are taken as UTC.
    """
    spec = TYPES[type_name]
    if spec.pattern is None and kind is None:
        return text
    return pl.when(valid(text, kind, type_name)).then(_value(text, spec, strict=kind is not None))


def _value(text: pl.Expr, spec: LexicalType, *, strict: bool) -> pl.Expr:
    trimmed = _trimmed(text)
    match spec.name:
        case "integer":
            plain = trimmed.str.replace(r"\.0+$", "") if strict else trimmed
            return plain.cast(pl.Int128, strict=False)
        case "float" | "double" | "decimal":
            return trimmed.cast(pl.Float64, strict=False)
        case "boolean":
            return trimmed.is_in(["true", "1"])
        case "date":
            return _day(text)
        case "datetime" | "date_or_datetime":
            return _moment(trimmed)
        case "time":
            clock = trimmed.str.extract(r"^([^Z+-]+)")
            return clock.str.to_time("%H:%M:%S%.f", strict=False, cache=False)
        case _:
            return text if spec.pattern is None else trimmed


def _moment(trimmed: pl.Expr) -> pl.Expr:
    # Three cheap steps on slices cost a third of two parses of the whole text.
    day = _day(trimmed)
    clock = _to_moment(trimmed.str.slice(0, 19))
    rest = trimmed.str.slice(19)
    seconds = rest.str.extract(r"^(\.[0-9]+)").cast(pl.Float64)
    fraction = pl.duration(microseconds=(seconds * 1e6).round(0).cast(pl.Int64).fill_null(0))
    midnight = pl.when(trimmed.str.slice(11, 2) == "24").then(day.dt.offset_by("1d"))
    bare = pl.when(trimmed.str.slice(10, 1) != "T").then(day)
    whole = pl.coalesce(clock, midnight.cast(_MOMENT), bare.cast(_MOMENT))
    return whole + fraction - _offset(rest)


def _offset(rest: pl.Expr) -> pl.Expr:
    parts = rest.str.extract_groups(r"([+-])([0-9]{2}):([0-9]{2})$")
    sign = pl.when(parts.struct.field("1") == "-").then(-1).otherwise(1)
    minutes = parts.struct.field("2").cast(pl.Int64) * 60 + parts.struct.field("3").cast(pl.Int64)
    return pl.duration(minutes=(sign * minutes).fill_null(0))


def quick(text: pl.Expr, type_name: str) -> tuple[pl.Expr, pl.Expr] | None:
    """Return whether `text` has one of the type's commonest forms, and its value if so.

    That costs a fifth of `valid` and `parse`, which are left to look at the rest: where the first
    is true, `valid` is true and the second is what `parse` gives; where `text` is null, so are
    both. None where `valid` and `parse` cost no more.
    """
    is_plain: pl.Expr
    match type_name:
        case "integer":
            # Polars takes nothing for a whole number but optional sign and digits.
            number = text.cast(pl.Int64, strict=False)
            return pl.when(text.is_not_null()).then(number.is_not_null()), number
        case "float" | "double" | "decimal":
            number = text.cast(pl.Float64, strict=False)
            is_plain = pl.when(text.is_not_null()).then(number.is_finite().fill_null(value=False))
            if type_name == "decimal":
                is_plain &= ~text.str.contains("[eE]")
            return is_plain, pl.when(is_plain).then(number)
        case "date":
            is_plain = text.str.contains(f"^{_YEARLY_DAY}$")
            return is_plain, pl.when(is_plain).then(_to_date(text))
        case "datetime":
            clock = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
            is_plain = text.str.contains(rf"^{_YEARLY_DAY}T{clock}(?:Z|\+00:00)?$")
            return is_plain, pl.when(is_plain).then(_to_moment(text.str.slice(0, 19)))
        case _:
            return None


def literal(type_name: str | None, text: str | None) -> Any:
    """Return the Python value of a literal, for Polars' `lit`.

    Raises:
        ValueError: If `text` is no value of the type; the compiler reports it with its place.
    """
    if type_name is None or text is None:
        return None
    match type_name:
        case "integer":
            return int(text)
        case "float" | "double" | "decimal":
            return float(text)
        case "boolean":
            if text not in ("true", "false", "1", "0"):
                msg = "not a boolean"
                raise ValueError(msg)
            return text in ("true", "1")
        case "date":
            return date.fromisoformat(text)
        case "datetime" | "date_or_datetime":
            moment = datetime.fromisoformat(text)
            offset = moment.utcoffset()
            return moment if offset is None else moment.replace(tzinfo=None) - offset
        case "time":
            return time.fromisoformat(text)
        case _:
            return text
