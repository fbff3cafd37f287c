"""Codes are found by what people type: abbreviated, misspelt, turned round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqcheck.standards.search import search
from dqcheck.standards.similarity import abbreviates, normalise, resembles


@pytest.mark.parametrize(
    ("text", "place", "name", "by"),
    [
        ("dk brn", "HairColour", "Dark Brown", "alias"),
        ("drk brwn", "HairColour", "Dark Brown", "code"),
        ("brown dark", "HairColour", "Dark Brown", "code"),
        ("blnode", "HairColour", "Blonde", "code"),
        ("HCLT_0011", "HairColour", "Grey", "alias"),
        ("dirty blonde", "HairColour", "Blonde", "narrower word"),
        ("REG NO", "vehicle.Vehicle", "vrm", "header"),
        ("hair colour", "person.Person", "hair_colour", "name"),
    ],
)
def test_the_code_that_is_meant_is_among_the_first(
    text: str, place: str, name: str, by: str
) -> None:
    found = [(hit.place, hit.name, hit.matched_by) for hit in search(text, limit=6)]
    assert (place, name, by) in found


def test_of_equals_those_of_the_standards_come_first() -> None:
    first, *_ = search("silver")
    assert (first.score, first.kind) == (1.0, "code")
    assert "vehicle.secondary_colour" in first.used_by


@pytest.mark.parametrize("word", ["rape", "theft"])
def test_whole_words_come_before_what_is_only_alike(word: str) -> None:
    assert all(word in hit.matched.casefold() for hit in search(word, limit=10))


def test_a_list_can_be_chosen_and_the_number_limited() -> None:
    assert {hit.place for hit in search("brown", only="NomisHairColour")} == {"NomisHairColour"}
    assert len(search("brown", limit=3)) == 3


@pytest.mark.parametrize("text", ["", " ", "--", "qqqqqqqq", "zzqqxx"])
def test_nonsense_finds_nothing(text: str) -> None:
    assert search(text) == ()


@pytest.mark.parametrize(
    ("short", "long", "does"),
    [
        ("dk brn", "dark brown", True),
        ("brn dk", "dark brown", True),
        ("br", "dark brown", True),
        ("bk", "dark brown", False),
        ("dark brown", "dk brn", False),
        ("dk dk", "dark brown", False),
        ("", "dark brown", False),
    ],
)
def test_words_are_abbreviated_by_their_letters_in_order(
    short: str, long: str, *, does: bool
) -> None:
    assert bool(abbreviates(short, long)) is does


@given(st.text(), st.text())
def test_scores_are_shares_and_only_equal_texts_abbreviate_in_full(one: str, other: str) -> None:
    one, other = normalise(one), normalise(other)
    assert 0 <= resembles(one, other, 0.0) < 1
    assert 0 <= abbreviates(one, other) <= 1
    if one and abbreviates(one, other) == 1:
        assert sorted(one.split()) == sorted(other.split())


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_normal_texts_stay_as_they_are(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
