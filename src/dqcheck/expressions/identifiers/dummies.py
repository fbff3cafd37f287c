"""Known dummies: values that stand for "not known", and values of tests and examples."""

from __future__ import annotations

__all__ = ["DUMMIES", "Dummy"]

from dataclasses import dataclass

import polars as pl

_NULL_TOKENS = (
    "n/a", "u/k", "not known", "unmapped local code", "not stated", "undefined", "nk", "unk",
    "prefer not to say", "needs to be confirmed following merge", "missing (iaps)", "code_stub",
    "data missing or out of range", "notprovided", "tbc", "-",
)  # fmt: skip
_TOKENS = "|".join(token.replace("(", r"\(").replace(")", r"\)") for token in _NULL_TOKENS)


@dataclass(frozen=True, slots=True)
class Dummy:
    """Known dummies of a kind of identifier.

    Attributes:
        words: What they are, in the words that follow "must not be".
        pattern: Regular expression (Rust's) of all of them.
        examples: Some of them.
        source: Who names them.
    """

    words: str
    pattern: str
    examples: tuple[str, ...]
    source: str

    def found(self, text: pl.Expr) -> pl.Expr:
        """Return whether `text` (String) is one of them: Boolean, null where it is null."""
        return text.str.contains(self.pattern)


DUMMIES: dict[str, Dummy] = {
    "nhs_number": Dummy(
        "a test number (9…) or zeros",
        "^(?:9[0-9]{9}|0{10})$",
        ("9434765919", "9999999999", "0000000000"),
        "Range 9000000000 to 9999999999, not to be issued: uk-fci/nhs-number, 2025-07-15; zeros "
        "pass the check digit",
    ),
    "nino": Dummy(
        "a temporary number (TN) or an example from a form",
        "^(?:TN[0-9]{6}[A-Z]?|QQ123456[A-D]?|AB123456C)$",
        ("QQ123456C", "AB123456C", "TN123456A"),
        "GOV.UK Design System (QQ123456C); TN: prefix of temporary numbers, never issued; "
        "AB123456C: general knowledge, unconfirmed",
    ),
    "driver_number": Dummy(
        "the number of a sample licence",
        "^MORGA657054SM9IJ$",
        ("MORGA657054SM9IJ",),
        "DVLA's sample licence: general knowledge, unconfirmed",
    ),
    "prison_number": Dummy(
        "the example of the documentation",
        "^A1234AA$",
        ("A1234AA",),
        "ministryofjustice/prison-api, 2026-07-24, which has it throughout as an example",
    ),
    "vin": Dummy(
        "one character repeated, or the number of a sample page",
        "^(?:0{17}|1{17}|A{17}|GAULAGAAAAA495118)$",
        ("11111111111111111", "GAULAGAAAAA495118"),
        "Ones pass the check digit; sample page of dvsa/front-end, 2026-03-02",
    ),
    "vrm": Dummy(
        'a word for "not known"',
        "^(?:NOTPROVIDED|NOTKNOWN|NOTSTATED|UNKNOWN|NONE|NOPLATES?|FOREIGN|TBC|NK|UNK|NA|UK)$",
        ("NOTPROVIDED", "UNKNOWN", "TBC"),
        "NOTPROVIDED: dvsa/mot-automated-testsuite, 2019-11-14; the others are tokens of other "
        "lists without spaces, or editorial",
    ),
    "postcode": Dummy(
        "a pseudo postcode (ZZ99)",
        "^ZZ99",
        ("ZZ99 3VZ",),
        "Health data, no fixed abode and other countries: general knowledge, unconfirmed",
    ),
    "phone_number": Dummy(
        "a number kept for films and examples",
        r"^(?:\+44|0)(?:7700900|1632960|2079460)[0-9]{3}$",
        ("+447700900123", "+441632960001", "+442079460018"),
        "Ranges kept for drama: examples collected with phonenumbers; there are more",
    ),
    "email": Dummy(
        "an address in a domain kept for examples",
        r"(?i)@(?:[^@]*\.)?(?:example\.(?:com|net|org)|example|test|invalid|localhost)$",
        ("ann.lee@example.org",),
        "IETF RFC 2606, sections 2 and 3, June 1999",
    ),
    "date": Dummy(
        "a default date",
        "^(?:01/01/1900|1900-01-01|31/12/9999|9999-12-31)(?:$|[ T])",
        ("1900-01-01", "31/12/9999"),
        "General knowledge, unconfirmed",
    ),
    "text": Dummy(
        'a word for "not known"',
        f"^(?i:{_TOKENS})$",
        ("Not Known", "N/A", "TBC"),
        "Tokens that mean missing, collected from STATS19, POLE, HMPPS, AAMVA, DVSA and others",
    ),
}
"""Dummies by the kind they stand for; `date` and `text` are no kinds of identifier."""
