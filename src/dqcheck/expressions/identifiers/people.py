"""Identifiers of people: health, tax, police, prison, driving, travel."""

from __future__ import annotations

__all__ = ["KINDS"]

import polars as pl

from dqcheck.expressions.identifiers.kind import MODULUS, Kind, letter_value, weigh

_POLE = "NPCC/PDS Minimum POLE Data Standards Dictionary v1.1, 30/07/2023, attribute"
_CJS = "CJS Data Standards XSD v4.3"
_MODULO_11 = (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
_DRIVER = (
    "^[A-Z][A-Z0-9]{4}[0-9]([05][1-9]|[16][0-2])(0[1-9]|[12][0-9]|3[01])[0-9][A-Z][A-Z9]"
    "[2-9A-HJ-NPR-X][A-Z]{2}$"
)


def _fits_modulo_11(text: pl.Expr) -> pl.Expr:
    # With the check digit at weight 1 the whole sum is a multiple of 11; a check digit of 10 can't
    # be written, so that such numbers fail by themselves.
    return weigh(text, _MODULO_11) % 11 == 0


def _is_day(text: pl.Expr, form: str) -> pl.Expr:
    """Return whether six digits are a day; as a year of two digits 00 is 2000, a leap year."""
    return text.str.to_date(form, strict=False, cache=False).is_not_null()


def _is_chi(text: pl.Expr) -> pl.Expr:
    return _fits_modulo_11(text) & _is_day(text.str.slice(0, 6), "%d%m%y")


def _is_issued_to_patients(text: pl.Expr) -> pl.Expr:
    return text.str.contains("^[4679]")


def _has_issued_prefix(text: pl.Expr) -> pl.Expr:
    return ~text.str.contains("^(BG|GB|NK|KN|TN|NT|ZZ)")


def _fits_pnc_letter(text: pl.Expr) -> pl.Expr:
    digits = text.str.replace("/", "", literal=True).str.head(-1)
    # In full there are eleven, short at most nine.
    start = pl.when(digits.str.len_bytes() > 9).then(2).otherwise(0)
    number = _whole(digits.str.slice(start, 2)) * 10**7 + _whole(digits.str.slice(start + 2))
    return number % MODULUS == letter_value(text)


def _fits_cro_letter(text: pl.Expr) -> pl.Expr:
    serial, year = _halves(text)
    filed = (year * 10**6 + serial) % MODULUS == letter_value(text)
    return text.str.starts_with("SF") | filed


def _fits_bare_cro_letter(text: pl.Expr) -> pl.Expr:
    year, serial = _halves(text)
    unpadded = _whole(text.str.strip_prefix("SF").str.replace("/", "", literal=True).str.head(-1))
    letter = letter_value(text)
    return (
        ~text.str.starts_with("SF")
        | ((year * 10**5 + serial) % MODULUS == letter)
        | (unpadded % MODULUS == letter)
        | (year.is_between(39, 64) & (serial % MODULUS == letter))
    )


def _halves(text: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the numbers on both sides of the slash of a CRO number."""
    parts = text.str.strip_prefix("SF").str.head(-1).str.split_exact("/", 1).struct
    return _whole(parts.field("field_0")), _whole(parts.field("field_1"))


def _whole(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int64, strict=False)


def _is_driver(text: pl.Expr) -> pl.Expr:
    # The month of women has 50 added, so that its first digit is 5 or 6.
    tens = text.str.slice(6, 1).replace({"5": "0", "6": "1"})
    day = pl.concat_str(
        text.str.slice(5, 1), text.str.slice(10, 1), tens, text.str.slice(7, 1),
        text.str.slice(8, 2),
    )  # fmt: skip
    padded = text.str.contains("^(?:[A-Z]{5}|[A-Z]{4}9|[A-Z]{3}99|[A-Z]{2}999|[A-Z]9999)")
    return padded & _is_day(day, "%y%m%d")


KINDS = (
    Kind(
        name="nhs_number",
        title="NHS number",
        wants="the check digit that its other digits give",
        shape="^[0-9]{10}$",
        authority=(
            "NHS number, modulo 11 (weights 10 down to 2), as documented by python-stdnum gb.nhs "
            "and uk-fci/nhs-number, 2025-07-15"
        ),
        tested="Ten digits without spaces, the last the check digit of the others.",
        right=("9434765919", "9434765870"),
        wrong=("9434765871", "943476591"),
        part="check_digit",
        test=_fits_modulo_11,
        doubt="nhs_number_issued",
    ),
    Kind(
        name="nhs_number_issued",
        title="NHS number in a range of England, Wales and the Isle of Man",
        wants="a first digit that England, Wales and the Isle of Man use (4, 6 or 7; 9 for tests)",
        shape="^[0-9]{10}$",
        authority="Ranges of NHS numbers, uk-fci/nhs-number constants.py, 2025-07-15",
        tested=(
            "The range. Numbers of Scotland (CHI), Northern Ireland and the Republic of Ireland "
            "follow the same check digit and are warned of here; test numbers (9) are dummies."
        ),
        right=("9434765919",),
        wrong=("1904851231",),
        binding=False,
        part="issued_range",
        fix="Send numbers of Scotland and Northern Ireland under their own names.",
        test=_is_issued_to_patients,
    ),
    Kind(
        name="chi_number",
        title="CHI number",
        wants="a date of birth that exists and the check digit that its other digits give",
        shape="^[0-3][0-9][01][0-9]{7}$",
        authority="Public Health Scotland, phsmethods chi_check, 2026-07-16",
        tested=(
            "Ten digits: a day as DDMMYY that exists in 1900 to 2099, three digits, and the check "
            "digit of an NHS number. The ninth digit (odd for men) is not held against the sex."
        ),
        right=("1904851231", "2902201230"),
        wrong=("1904851232", "2902191230", "3201209999"),
        part="check_digit",
        test=_is_chi,
    ),
    Kind(
        name="nino",
        title="National Insurance number",
        wants="two first letters that are issued",
        shape="^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D ]?$",
        authority=f"{_POLE} 060; {_CJS}; GOV.UK Design System, National Insurance numbers",
        tested=(
            "Letters that are never used, and the prefixes BG, GB, KN, NK, NT, TN (temporary "
            "numbers) and ZZ. There is no check digit. The last place may be a space or missing."
        ),
        right=("CE123456D", "OA123456A"),
        wrong=("TN123456A", "QQ123456C", "DA123456A"),
        part="issued_prefix",
        test=_has_issued_prefix,
    ),
    Kind(
        name="pnc_id",
        title="PNC identifier",
        wants="the check letter that its digits give",
        shape="^(?:[0-9]{4}/?[0-9]{7}|[0-9]{2}/?[0-9]{1,7})[A-HJ-NP-RT-Z]$",
        authority=f"{_POLE} 072; {_CJS}; HMPPS hmpps-person-record, PNCIdentifier, 2026-08-20",
        tested=(
            "The letter of the two last digits of the year and the serial in seven digits, modulo "
            "23; in full (2002/0073319Z) and short (02/73319Z), with or without the slash."
        ),
        right=("2002/0073319Z", "1979/0163001B", "02/73319Z", "033Y"),
        wrong=("2002/0073319A", "20030011985Z"),
        part="check_letter",
        test=_fits_pnc_letter,
    ),
    Kind(
        name="cro_number",
        title="CRO number",
        wants="the check letter that its digits give",
        shape="^(?:[0-9]{1,6}/[0-9]{2}|SF[0-9]{2}/[0-9]{1,6})[A-HJ-NP-RT-Z]$",
        authority=f"{_POLE} 071; {_CJS}; HMPPS hmpps-person-record, CROIdentifier, 2026-08-20",
        tested=(
            "The letter of the year and the serial in six digits, modulo 23; of numbers without "
            "fingerprints (SF) the shape."
        ),
        right=("65656/91H", "SF05/482703J", "SF83/50058Z"),
        wrong=("85227/65G", "SF83/50058S"),
        part="check_letter",
        test=_fits_cro_letter,
        doubt="cro_sf_number",
    ),
    Kind(
        name="cro_sf_number",
        title="CRO number without fingerprints (SF)",
        wants="the check letter that its digits give, as numbers without fingerprints (SF) do",
        shape="^(?:[0-9]{1,6}/[0-9]{2}|SF[0-9]{2}/[0-9]{1,6})[A-HJ-NP-RT-Z]$",
        authority=f"{_POLE} 071; HMPPS hmpps-person-record, CROIdentifier, 2026-08-20",
        tested=(
            "The letter of SF numbers; others hold. Sources differ: POLE has the serial in five "
            "digits, before 1965 the serial alone; HMPPS has it unpadded. What fits one holds."
        ),
        right=("SF05/482703J", "SF83/50058Z", "65656/91H"),
        wrong=("SF83/50058Y",),
        binding=False,
        part="sf_check_letter",
        test=_fits_bare_cro_letter,
    ),
    Kind(
        name="asn",
        title="arrest or summons number",
        wants="20 or 21 letters and digits in the order of an arrest or summons number",
        shape="^[0-9]{2}[A-Z0-9]{6,7}[0-9]{11}[A-HJ-NP-RT-Z]$",
        authority=f"{_POLE} 073; {_CJS}",
        tested="The shape. The rule of the check letter was not found, so that it is not tested.",
        right=("2601AA0100000000001A",),
        wrong=("2601AA010000000001A", "2601AA0100000000001S"),
    ),
    Kind(
        name="driver_number",
        title="GB driver number",
        wants="a surname filled up with 9 and a date of birth that exists",
        shape=_DRIVER,
        authority=f"DVLA vehicles-presentation-common, DriverNumber, 2017-02-06; {_POLE} 061",
        tested=(
            "The surname in letters, then nines; the date of birth, the month with 50 added for "
            "women. How the check character (14th) is made is not published: it is not tested."
        ),
        right=("ABCDE711215E9FGH", "ABCD9751215EFAGH", "A9999711215EF9GH"),
        wrong=("ABCDE702305E9FGH", "AB9DE711215E9FGH", "ABCDE713215E9FGH"),
        part="structure",
        test=_is_driver,
    ),
    Kind(
        name="passport_uk",
        title="UK passport number",
        wants="9 digits, or one letter and 6 or 8 digits",
        shape="^([0-9]{9}|[A-Z][0-9]{6}|[0-9]{6}[A-Z]|[A-Z][0-9]{8})$",
        authority=f"{_CJS}; {_POLE} 056; a letter and 8 digits: general knowledge, unconfirmed",
        tested="The shape; there is no check digit.",
        right=("000000000", "A000000"),
        wrong=("00000000", "AB0000000"),
    ),
    Kind(
        name="prison_number",
        title="prison number (NOMIS)",
        wants="a letter, four digits and two letters, none of them B, I, O, S or U",
        shape="^[AC-HJ-NP-RTV-Z][0-9]{4}[AC-HJ-NP-RTV-Z]{2}$",
        authority=f"{_CJS}; ministryofjustice/prison-api, 2026-07-24",
        tested="The shape; there is no check digit. Numbers from before NOMIS have other shapes.",
        right=("A1234AA",),
        wrong=("A1234IA", "B1234AA", "A123AA"),
    ),
)
"""All kinds of this file."""
