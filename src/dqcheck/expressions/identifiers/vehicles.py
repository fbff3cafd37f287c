"""Identifiers of vehicles: registration marks through their eras, and the VIN."""

from __future__ import annotations

__all__ = ["KINDS", "vrm_era", "vrm_issued_from"]

from datetime import date

import polars as pl

from dqcheck.expressions.identifiers.kind import Kind, byte_codes

_INF104 = "DVLA leaflet INF104 4/22"
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)

_CURRENT = "^[A-HJ-PR-Y]{2}(?:0[2-9]|[1-4][0-9]|5[1-9]|[6-9][0-9])[A-HJ-PR-Z]{3}$"
_PREFIX = "^[A-HJ-NPR-TV-Y][1-9][0-9]{0,2}[A-HJ-PR-Y]{3}$"
_SUFFIX = "^[A-HJ-PR-Y]{3}[1-9][0-9]{0,2}[A-HJ-NPR-TV-Y]$"
_LETTERS_FIRST = "[A-HJ-PR-Y]{1,2}[1-9][0-9]{0,3}|[A-HJ-PR-Y]{3}[1-9][0-9]{0,2}"
_DIGITS_FIRST = "[1-9][0-9]{0,3}[A-HJ-PR-Y]{1,2}|[1-9][0-9]{0,2}[A-HJ-PR-Y]{3}"
_NORTHERN_IRELAND = (
    "[A-HJ-PR-Y](?:[IZ][A-PR-Z]|[A-HJ-PR-Y][IZ])[1-9][0-9]{0,3}|[A-HJ-PR-Y][IZ][1-9][0-9]{0,3}"
)
_MANX = "MA?N[1-9][0-9]{0,3}|[1-9][0-9]{0,3}MA?N|[A-HJ-PR-Y]MN[1-9][0-9]{0,2}[A-HJ-PR-Y]"
_ERAS = {
    # The island's marks have the shape of others, so that they come first.
    "isle_of_man": f"^(?:{_MANX})$",
    "current": _CURRENT,
    "prefix": _PREFIX,
    "suffix": _SUFFIX,
    "dateless": f"^(?:{_LETTERS_FIRST}|{_DIGITS_FIRST})$",
    "northern_ireland": f"^(?:{_NORTHERN_IRELAND})$",
    "q": "^Q[1-9][0-9]{0,2}[A-HJ-PR-Y]{3}$",
    "diplomatic": "^[0-9]{3}[DX][0-9]{3}$",
}
# A DVLA test takes three letters with four digits whether or not I or Z is among them. Trade
# plates and marks of the armed forces rest on no source; nothing is warned of for them.
_ANY_ERA = "|".join(
    (
        *(f"(?:{shape})" for shape in _ERAS.values()),
        "^[A-PR-Z]{3}[1-9][0-9]{3}$",
        "^(?:[0-9]{5}|[0-9]{3}[A-Z]{1,3}|[0-9]{2}[A-Z]{2}[0-9]{2}|[A-Z]{2}[0-9]{2}[A-Z]{2})$",
    )
)
_SUFFIX_DAYS = {
    **{letter: date(1963 + at, 1, 1) for at, letter in enumerate("ABCDE")},
    **{letter: date(1967 + at, 8, 1) for at, letter in enumerate("FGHJKLMNPRSTVWXY")},
}
_PREFIX_DAYS = {
    **{letter: date(1983 + at, 8, 1) for at, letter in enumerate("ABCDEFGHJKLMNPRS")},
    "T": date(1999, 3, 1), "V": date(1999, 9, 1), "W": date(2000, 3, 1), "X": date(2000, 9, 1),
    "Y": date(2001, 3, 1),
}  # fmt: skip


def vrm_era(text: pl.Expr) -> pl.Expr:
    """Return the era whose shape a mark of Great Britain has: String.

    One of `current` (AA00 AAA), `prefix` (A000 AAA), `suffix` (AAA 000A), `dateless`,
    `northern_ireland`, `q`, `diplomatic`, `isle_of_man`; null where it has none of these shapes.
    """
    eras = [pl.when(text.str.contains(shape)).then(pl.lit(era)) for era, shape in _ERAS.items()]
    return pl.coalesce(eras)


def vrm_issued_from(text: pl.Expr) -> pl.Expr:
    """Return the first day on which the age identifier of a mark was issued: Date.

    Null for marks without an age identifier. Age numbers after 78 (September 2028), which the
    leaflet does not list, go on in the same steps (DVLA leaflet INF104 4/22, page 6; letters as
    collectors list them).
    """
    age = text.str.slice(2, 2).cast(pl.Int32, strict=False)
    spring = age <= 50
    current = pl.date(
        pl.when(spring).then(2000 + age).otherwise(1950 + age),
        pl.when(spring).then(3).otherwise(9),
        1,
    )
    return (
        pl.when(text.str.contains(_CURRENT))
        .then(current)
        .when(text.str.contains(_PREFIX))
        .then(_day_of(text.str.head(1), _PREFIX_DAYS))
        .when(text.str.contains(_SUFFIX) & ~text.str.contains("^.MN"))
        .then(_day_of(text.str.tail(1), _SUFFIX_DAYS))
    )


def _day_of(letter: pl.Expr, days: dict[str, date]) -> pl.Expr:
    return letter.replace_strict(
        list(days), list(days.values()), default=None, return_dtype=pl.Date
    )


def _fits_vin_digit(text: pl.Expr) -> pl.Expr:
    codes = byte_codes(text, len(_WEIGHTS))
    code = pl.element()
    # The letters count 1 to 8 from A, 1 to 9 from J, 2 to 9 from S.
    value = (
        pl.when(code < ord("A"))
        .then(code - ord("0"))
        .when(code < ord("I"))
        .then(code - (ord("A") - 1))
        .when(code < ord("S"))
        .then(code - (ord("J") - 1))
        .otherwise(code - (ord("S") - 2))
    )
    remainder = codes.arr.eval(value.cast(pl.Int64)).arr.dot(list(_WEIGHTS)) % 11
    given = codes.arr.get(8).cast(pl.Int64)
    written = pl.when(given == ord("X")).then(10).otherwise(given - ord("0"))
    return ~text.str.contains("^[1-5]") | (remainder == written)


KINDS = (
    Kind(
        name="vin",
        title="vehicle identification number",
        wants="17 letters and digits without I, O and Q",
        shape="^[A-HJ-NPR-Z0-9]{17}$",
        authority="VIN rules as documented by vindecodr, datacleaner and br-utils",
        tested="The shape. Vehicles built before 1981 may have shorter chassis numbers.",
        right=("1M8GDM9AXKP042788", "GAULAGAAAAA495118"),
        wrong=("WDBEA3OD3HA391172", "WDBEA30D3HA39117"),
        doubt="vin_check_digit",
    ),
    Kind(
        name="vin_check_digit",
        title="check digit of North American VINs",
        wants="the check digit (9th) that its other characters give, as North American ones do",
        shape="^[A-HJ-NPR-Z0-9]{17}$",
        authority="VIN rules as documented by vindecodr, datacleaner and br-utils",
        tested=(
            "The 9th character of VINs that begin with 1 to 5, which are North American. "
            "Elsewhere it proves nothing, and is not looked at."
        ),
        right=("1M8GDM9AXKP042788", "1GNEC233X9R191831", "GAULAGAAAAA495118"),
        wrong=("1M8GDM9A0KP042788", "1GNEC23309R191831"),
        binding=False,
        part="check_digit",
        test=_fits_vin_digit,
    ),
    Kind(
        name="vrm",
        title="registration mark of any country",
        wants="1 to 11 capital letters and digits without spaces",
        shape="^[A-Z0-9]{1,11}$",
        authority=(
            "NPCC/PDS Minimum POLE Data Standards Dictionary v1.1, 30/07/2023, attribute 065; CJS "
            "Data Standards XSD v4.3"
        ),
        tested="The shape.",
        right=("AA19AAA", "123456789AB"),
        wrong=("AA19 AAA", "aa19aaa"),
    ),
    Kind(
        name="vrm_gb",
        title="registration mark of the United Kingdom",
        wants="a shape in which marks of the United Kingdom are issued",
        shape=_ANY_ERA,
        authority=f"{_INF104}; DVLA vehicles-presentation-common, RegistrationNumber, 2017-02-06",
        tested=(
            "The shapes of all eras, of Q, diplomatic and Manx marks, and, so that they are not "
            "warned of, those that trade plates and the armed forces are said to have. Not whether "
            "the mark is in use."
        ),
        right=("AA19AAA", "A123ABC", "ABC123D", "AB1234", "1234AB", "MIB1234", "Q123ABC"),
        wrong=("AB01CDE", "AI12CDE", "AB123CDE", "ABCD1"),
        binding=False,
    ),
)
"""All kinds of this file."""
