"""Identifiers of places: property, street, postcode, grid reference."""

from __future__ import annotations

__all__ = ["KINDS", "grid_easting", "grid_metres", "grid_northing"]

import polars as pl

from dqcheck.expressions.identifiers.kind import Kind

_BS7666 = "BS 7666 schema v2.0 (govtalk)"
_GRID_DIGITS = 5
_GRID_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
# Five by five letters from the north-west, without I, twice over; the origin is the corner of SV.
_SQUARES = {
    big + small: (((i % 5 - 2) * 5 + j % 5) * 100_000, ((3 - i // 5) * 5 + 4 - j // 5) * 100_000)
    for i, big in enumerate(_GRID_LETTERS)
    for j, small in enumerate(_GRID_LETTERS)
    if 0 <= (i % 5 - 2) * 5 + j % 5 < 7 and 0 <= (3 - i // 5) * 5 + 4 - j // 5 < 13
}

# The 124 areas of the list, and BF (forces) and BX (not tied to a place).
_AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|"
    "DT|DY|E|EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|"
    "LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|"
    "SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_POSTCODE = (
    "^(GIR 0AA|ZZ99 [0-9][A-Z]{2}|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9]|[ABEHMNPRVWXY])?"
    "|[0-9][ABCDEFGHJKPSTUW]) [0-9][ABD-HJLNP-UW-Z]{2})$"
)


def grid_easting(text: pl.Expr) -> pl.Expr:
    """Return the easting in metres of the south-west corner of a grid reference's square: Int64.

    Null where the text is no grid reference of the National Grid, written without spaces.
    """
    return _corner(text, 0)


def grid_northing(text: pl.Expr) -> pl.Expr:
    """Return the northing in metres of the south-west corner, as `grid_easting`."""
    return _corner(text, 1)


def grid_metres(text: pl.Expr) -> pl.Expr:
    """Return the side in metres of the square that a grid reference names: Int64, else null."""
    digits = _digits(text)
    side = pl.lit(10, dtype=pl.Int64).pow(_GRID_DIGITS - digits.cast(pl.Int64)).cast(pl.Int64)
    return pl.when(_in_grid(text)).then(side)


def _corner(text: pl.Expr, axis: int) -> pl.Expr:
    """Return the easting (axis 0) or northing (axis 1) of the corner, in metres."""
    digits = _digits(text)
    offset = text.str.slice(2 + axis * digits, digits).str.pad_end(_GRID_DIGITS, "0")
    square = text.str.head(2).replace_strict(
        list(_SQUARES),
        [corner[axis] for corner in _SQUARES.values()],
        default=None,
        return_dtype=pl.Int64,
    )
    return pl.when(_in_grid(text)).then(square + offset.cast(pl.Int64, strict=False))


def _digits(text: pl.Expr) -> pl.Expr:
    # Clipped, since slices and powers of other texts are computed as well, and refuse what is less.
    return ((text.str.len_bytes().cast(pl.Int64) - 2) // 2).clip(0, _GRID_DIGITS)


def _in_grid(text: pl.Expr) -> pl.Expr:
    return _GRID.holds(text)


def _is_known_square(text: pl.Expr) -> pl.Expr:
    return text.str.head(2).is_in(list(_SQUARES))


_GRID = Kind(
    name="grid_reference",
    title="National Grid reference",
    wants="the two letters of a square of the National Grid",
    shape="^[A-HJ-Z]{2}([0-9]{2}){1,5}$",
    authority="Ordnance Survey National Grid; lettering rule of general knowledge, unconfirmed",
    tested=(
        "That the letters name one of the 91 squares of 100 km. Not whether there is land, and not "
        "the Irish Grid."
    ),
    right=("TQ3080", "NN166712", "SV00"),
    wrong=("AA3080", "TQ308", "TI3080"),
    binding=False,
    part="known_square",
    test=_is_known_square,
)

KINDS = (
    Kind(
        name="uprn",
        title="unique property reference number",
        wants="a digit other than 0",
        shape="^([1-9][0-9]{0,11}|0[0-9]{11})$",
        authority=f"{_BS7666}, Unique Property Reference Number, 1 to 999999999999",
        tested="That it is not made of zeros; there is no check digit.",
        right=("1", "000000000123", "999999999999"),
        wrong=("000000000000", "0", "1234567890123"),
        part="not_zero",
        fix="Leave it empty where there is none.",
        test=lambda text: text.str.contains("[1-9]"),
    ),
    Kind(
        name="usrn",
        title="unique street reference number",
        wants="1 to 8 digits without leading zeros",
        shape="^[1-9][0-9]{0,7}$",
        authority=_BS7666,
        tested="The shape; there is no check digit.",
        right=("1", "99999999"),
        wrong=("0", "012", "123456789"),
    ),
    Kind(
        name="postcode",
        title="UK postcode",
        wants="the letters and digits of a postcode in their order, and one space",
        shape=_POSTCODE,
        authority=(
            f"{_BS7666}; CJS Data Standards XSD v4.3; NPCC/PDS Minimum POLE Data Standards "
            "Dictionary v1.1, 30/07/2023, attribute 010"
        ),
        tested="The shape, with GIR 0AA and ZZ99 pseudo postcodes. Not whether it is in use.",
        right=("M1 1AA", "EC1A 1BB", "GIR 0AA", "BF1 3AA"),
        wrong=("SW1A 1AC", "QA1 1AA", "AJ1 1AA", "SW1A1AA", "BFPO 21"),
        doubt="postcode_area",
    ),
    Kind(
        name="postcode_area",
        title="postcode in an area that exists",
        wants="an area (its first letters) that exists",
        shape=_POSTCODE,
        authority=(
            "List of postcode areas: Gibbs/uk-postcodes, 2017-11-02; ONS address-index-api, "
            "2024-05-29"
        ),
        tested="That the first letters are one of the 124 areas, BF or BX. Not the district.",
        right=("M1 1AA", "BF1 3AA", "GIR 0AA", "ZZ99 3VZ"),
        wrong=("MA1 1AA", "AZ1 1AA"),
        binding=False,
        part="known_area",
        fix="Look it up by street and town; two letters may have changed places.",
        test=lambda text: text.str.contains(f"^(?:{_AREAS})[0-9]|^GIR|^ZZ99"),
    ),
    _GRID,
)
"""All kinds of this file."""
