"""Telephone numbers and e-mail addresses."""

from __future__ import annotations

__all__ = ["KINDS"]

import polars as pl

from dqcheck.expressions.identifiers.kind import Kind

# Classes such as \p{L} and counted repeats make this fifty times slower.
_ALNUM = r"A-Za-z0-9\x{80}-\x{10FFFF}"
_LABEL = rf"[{_ALNUM}](?:[{_ALNUM}-]*[{_ALNUM}])?"
_ATOM = rf"[{_ALNUM}!#$%&'*+/=?^_`{{|}}~-]+"
# What follows +44 or the 0: ranges of the plan with the lengths that each has.
_UK = "|".join(
    (
        "1[0-9]{8,9}",
        "2[03489][0-9]{8}",
        "3[0347][0-9]{8}",
        "5[56][0-9]{8}",
        "7[0-9]{9}",
        "800(?:[0-9]{4}|[0-9]{6,7})",
        "8(?:0[1-9]|[2-9][0-9])[0-9]{7}",
        "845464[0-9]",
        "9[0-9]{9}",
    )
)


def _fits_plan(text: pl.Expr) -> pl.Expr:
    return text.str.contains(rf"^(?:\+44|0)(?:{_UK})$|^\+(?:[1-35-9][0-9]|4[0-35-9])[0-9]{{4,13}}$")


KINDS = (
    Kind(
        name="phone_number",
        title="telephone number",
        wants="a length and first digits that telephone numbers of its country have",
        shape=r"^(?:\+[1-9][0-9]{5,33}|0[1-9][0-9]{5,33})$",
        authority=(
            "NPCC/PDS Minimum POLE Data Standards Dictionary v1.1, 30/07/2023, attribute 053 "
            "(ITU E.164); ranges of the United Kingdom's numbering plan: general knowledge, held "
            "against the library phonenumbers"
        ),
        tested=(
            "Numbers of the United Kingdom (+44 or 0): ranges and their lengths, no zero after "
            "+44. Of other countries at most 15 digits. Not whether the number is in use."
        ),
        right=("+442079460018", "+447700900123", "01632960001"),
        wrong=("+4407700900123", "+44770090012", "+446900900123"),
        binding=False,
        part="numbering_plan",
        test=_fits_plan,
    ),
    Kind(
        name="email",
        title="e-mail address",
        wants="the form of an e-mail address that can be delivered to",
        shape=rf"^{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}$",
        authority=(
            "IETF RFC 5322, section 3.4.1 (dot-atom, without quotes and comments), as POLE v1.1 "
            "asks in attribute 054; characters of a domain as RFC 1123, section 2.1; letters of "
            "all languages"
        ),
        tested=(
            "One @, no spaces, no dots together or at an end, a domain of two labels or more, at "
            "most 254 characters. Not whether anybody reads it."
        ),
        right=("ann.lee@example.org", "o'brien+home@mail.example.com"),
        wrong=("ann@example", "ann..lee@example.org", "ann@exa mple.org", "ann@-example.org"),
        binding=False,
        part="form",
        test=lambda text: text.str.len_chars() <= 254,
    ),
)
"""All kinds of this file."""
