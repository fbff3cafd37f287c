"""Kinds of identifiers against oracles that nobody here wrote, and laws of check digits."""

from __future__ import annotations

import phonenumbers
import polars as pl
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.gb import nhs
from vininfo import Vin

from dqcheck.expressions.identifiers import DUMMIES, KINDS

BATCH = 200
VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def look(name: str, texts: list[str]) -> list[bool]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(KINDS[name].holds(pl.col("text"))).to_series().to_list()


def digits(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most)


@given(st.lists(digits(9, 11), min_size=1, max_size=BATCH))
@example(["9434765919", "0000000000", "9434765871"])
def test_nhs_numbers_agree_with_stdnum(texts: list[str]) -> None:
    assert look("nhs_number", texts) == [nhs.is_valid(text) for text in texts]


@given(digits(9, 9))
def test_one_nhs_check_digit_fits_at_most(stem: str) -> None:
    fitting = look("nhs_number", [f"{stem}{digit}" for digit in range(10)])
    assert sum(fitting) <= 1


@given(st.lists(st.text(VIN, min_size=17, max_size=17), min_size=1, max_size=BATCH))
@example(["1M8GDM9AXKP042788", "1GNEC23309R191831", "5GNEC233X9R191831"])
def test_vins_agree_with_vininfo(vins: list[str]) -> None:
    """Outside North America the digit is left alone, whatever the library makes of it."""
    expected = [vin[0] not in "12345" or bool(Vin(vin).verify_checksum()) for vin in vins]
    assert look("vin_check_digit", vins) == expected


@given(st.lists(st.text(VIN, min_size=16, max_size=16), min_size=1, max_size=BATCH))
def test_one_vin_check_digit_fits(stems: list[str]) -> None:
    for stem in stems:
        vins = [f"1{stem[:7]}{digit}{stem[8:]}" for digit in "0123456789X"]
        assert sum(look("vin_check_digit", vins)) == 1


@given(digits(4, 4), digits(7, 7))
def test_one_pnc_letter_fits_in_every_form(year: str, serial: str) -> None:
    forms = {
        "full": f"{year}/{serial}",
        "bare": f"{year}{serial}",
        "short": f"{year[2:]}/{int(serial)}",
        "short and bare": f"{year[2:]}{int(serial)}",
    }
    fitting = {
        form: [letter for letter in LETTERS if look("pnc_id", [text + letter]) == [True]]
        for form, text in forms.items()
    }
    assert len(fitting["full"]) == 1
    assert len({tuple(letters) for letters in fitting.values()}) == 1


@given(digits(1, 6), digits(2, 2))
def test_one_cro_letter_fits(serial: str, year: str) -> None:
    assert sum(look("cro_number", [f"{serial}/{year}{letter}" for letter in LETTERS])) == 1


@given(
    st.lists(st.builds("+44{}{}".format, st.sampled_from("1235789"), digits(6, 9)), max_size=BATCH)
)
def test_no_british_number_that_exists_is_warned_of(numbers: list[str]) -> None:
    """The law goes one way: the plan's finer rules are not written down here."""
    found = look("phone_number", numbers)
    for number, holding in zip(numbers, found, strict=True):
        assert holding or not phonenumbers.is_valid_number(phonenumbers.parse(number)), number


def test_no_example_of_any_country_is_warned_of() -> None:
    """Short numbers that work within one country only have no international form."""
    numbers = {
        phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
        for region in phonenumbers.SUPPORTED_REGIONS
        for kind in (None, *phonenumbers.PhoneNumberType.values())
        if (
            found := phonenumbers.example_number(region)
            if kind is None
            else phonenumbers.example_number_for_type(region, kind)
        )
    }
    assert len(numbers) > 500
    found = dict(zip(numbers, look("phone_number", list(numbers)), strict=True))
    assert [number for number, holding in found.items() if not holding] == []


def test_numbers_of_no_use_are_warned_of() -> None:
    numbers = ["+440123456789", "+4477009001234", "+447700", "+446900900123", "+4411"]
    assert not any(phonenumbers.is_valid_number(phonenumbers.parse(text)) for text in numbers[1:])
    assert look("phone_number", numbers) == [False] * len(numbers)


ATOM = st.text("abcXYZ019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=8)
LABEL = st.text("abcXYZ019-", min_size=1, max_size=8)
DOTTED = st.sampled_from([".", "..", ""])


def accepted(address: str) -> bool:
    try:
        validate_email(
            address, check_deliverability=False, test_environment=True, allow_smtputf8=True
        )
    except EmailNotValidError:
        return False
    return True


@given(
    st.lists(
        st.builds("{}{}{}@{}.{}".format, ATOM, DOTTED, ATOM, LABEL, LABEL), min_size=1, max_size=20
    )
)
@example(["o'brien+home@mail.example.com", "a..b@c.org", "a@-b.org", "a@b-.org"])
def test_email_addresses_that_can_be_delivered_hold(addresses: list[str]) -> None:
    """The library also refuses domains that registries refuse; the form alone does not."""
    found = look("email", addresses)
    for address, holding in zip(addresses, found, strict=True):
        local, domain = address.split("@")
        plain = ".." not in address and not any(
            label[:1] == "-" or label[-1:] == "-" for label in domain.split(".")
        )
        assert holding == plain, address
        assert holding or not accepted(address), address
        assert local


@pytest.mark.parametrize("name", KINDS)
@given(st.lists(st.text(max_size=24) | st.none(), max_size=20))
def test_any_text_has_an_answer(name: str, texts: list[str | None]) -> None:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    found = frame.lazy().select(KINDS[name].holds(pl.col("text"))).collect(engine="streaming")
    assert [one is None for one in found.to_series()] == [text is None for text in texts]


@given(st.lists(st.text(max_size=24) | st.none(), max_size=20))
def test_dummies_are_no_errors(texts: list[str | None]) -> None:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    found = frame.select(DUMMIES["text"].found(pl.col("text"))).to_series()
    assert [one is None for one in found] == [text is None for text in texts]
