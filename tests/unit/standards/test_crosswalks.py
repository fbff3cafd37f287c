"""Translation between code lists: refused unless sound, and never claiming too little loss."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqcheck.errors import UsageError
from dqcheck.standards import crosswalks
from dqcheck.standards.crosswalks import (
    Predicate,
    Translation,
    compose,
    list_crosswalks,
    open_crosswalk,
    translate,
    translate_codes,
)

HEAD = "#mapping_set_id: x\nsubject_id\tpredicate_id\tobject_id\tcomment\n"
BOTH_WAYS = sorted({*list_crosswalks(), *((b, a) for a, b in list_crosswalks())})


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Return what writes crosswalks of our own, with `<a> <predicate> <b>` a row."""
    monkeypatch.setattr(crosswalks, "crosswalks_folder", lambda: tmp_path)
    list_crosswalks.cache_clear()
    open_crosswalk.cache_clear()

    def write(subject: str, target: str, *rows: str) -> None:
        cells = [row.split() for row in rows]
        lines = [
            f"{subject}:{a}\tskos:{predicate}\t"
            + ("sssom:NoTermFound" if b == "-" else f"{target}:{b}")
            + f"\tbasis: ours; {a} and {b}\n"
            for a, predicate, b in cells
        ]
        (tmp_path / f"{subject}--{target}.sssom.tsv").write_text(HEAD + "".join(lines))

    yield write
    list_crosswalks.cache_clear()
    open_crosswalk.cache_clear()


def step(source: str, target: str, code: str) -> Translation:
    return crosswalks._follow(code, (source, target))


# --- the direction of a predicate


def test_the_object_is_the_broader_one() -> None:
    """A dark brown head is brown, and not every brown one is dark: Brown is the broader code."""
    there = translate("Dark Brown", "HairColour", "NomisHairColour")
    assert (there.target, there.predicate) == ("BROWN", Predicate.BROAD)
    assert there.loss == "detail, since the target is broader"
    # Back, the exact match decides: BROWN is Brown, and nobody claims that it is dark.
    assert translate("BROWN", "NomisHairColour", "HairColour").target == "Brown"


def test_one_to_several_is_refused() -> None:
    dyed = translate("DYED", "NomisHairColour", "HairColour")
    assert dyed.refused
    assert dyed.target == ""
    assert dyed.reason.startswith("HairColour has only narrower codes: Blue, Green, Orange")


# --- refusals


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (["a exactMatch x", "a exactMatch y"], "ambiguous: several mean the same: x, y"),
        (["a broadMatch x", "a broadMatch y"], "ambiguous: several are broader: x, y"),
        (["a narrowMatch x"], "B has only narrower codes: x (a and x)"),
        (["a closeMatch x"], "B has only something like it: x (a and x)"),
        (["a closeMatch x", "a relatedMatch y"], "B has only something like it: x, y"),
        (["a mappingRelation -"], "B has no code for it (a and -)"),
        (["b exactMatch x"], "B has no code for it"),
    ],
)
def test_what_is_not_sound_is_refused(write: object, rows: list[str], reason: str) -> None:
    write("A", "B", *rows)  # type: ignore[operator]
    found = step("A", "B", "a")
    assert (found.target, found.predicate, found.loss) == ("", None, "")
    assert found.reason == reason


def test_an_exact_code_is_taken_before_broader_and_narrower_ones(write: object) -> None:
    write("A", "B", "a narrowMatch y", "a exactMatch x", "a broadMatch z")  # type: ignore[operator]
    assert step("A", "B", "a").target == "x"
    assert step("B", "A", "x").target == "a"
    assert step("B", "A", "y").predicate is Predicate.BROAD
    assert step("B", "A", "z").reason == "A has only narrower codes: a (a and z)"


def test_ways_that_disagree_are_refused() -> None:
    exact, broad = Predicate.EXACT, Predicate.BROAD
    ways = [Translation("a", "x", exact), Translation("a", "y", broad), Translation("a", reason="")]
    assert crosswalks._agree(ways).reason == "ambiguous: the ways lead to different codes: x, y"
    assert crosswalks._agree([Translation("a", "x", broad), ways[0], ways[2]]) == ways[0]


def test_what_can_not_be_translated_says_what_can() -> None:
    with pytest.raises(UsageError) as caught:
        translate("BROWN", "NomisHairColour", "NcicEyeColour")
    assert caught.value.message == "no crosswalk leads from NomisHairColour to NcicEyeColour"
    assert "NcicHairColour" in caught.value.found
    with pytest.raises(UsageError) as caught:
        translate_codes("NomisHairColour", "HairColour", ["BRWN", "brown", "BROWN"])
    assert caught.value.message == "the list NomisHairColour has no code 'BRWN'"
    assert caught.value.hint == 'did you mean "BROWN"?'
    assert len(caught.value.others) == 1
    with pytest.raises(UsageError, match="there is no packaged code list"):
        translate("BROWN", "NomisHare", "HairColour")


# --- through other lists


def test_translation_goes_through_our_list() -> None:
    grey = translate("GREY", "HmppsPrisonPersonHairColour", "InterpolHairColour")
    assert (grey.target, grey.predicate) == ("GRY", Predicate.EXACT)
    assert grey.via == ("NomisHairColour: GREY", "HairColour: Grey")
    gray = translate("gray", "MispHairColour", "NcicHairColour")
    assert (gray.target, gray.predicate, gray.via) == (
        "GRY",
        Predicate.BROAD,
        ("HairColour: Grey",),
    )
    dark = translate("DARK", "HmppsPrisonPersonHairColour", "InterpolHairColour")
    assert dark.reason == "NomisHairColour: DARK: HairColour has no code for it"


def test_a_list_is_itself() -> None:
    found = translate("Brown", "HairColour", "HairColour")
    assert (found.target, found.predicate, found.via) == ("Brown", Predicate.EXACT, ())


# --- laws


@given(*[st.sampled_from(Predicate)] * 3)
def test_composing_is_associative_and_never_claims_less_loss(
    first: Predicate, second: Predicate, third: Predicate
) -> None:
    assert compose(compose(first, second), third) == compose(first, compose(second, third))
    assert compose(first, second).inverse == compose(second.inverse, first.inverse)
    weight = {Predicate.EXACT: 0, Predicate.RELATED: 2}
    both = compose(first, second)
    assert weight.get(both, 1) >= max(weight.get(first, 1), weight.get(second, 1))


@given(st.lists(st.frozensets(st.integers(0, 3), min_size=1), min_size=3, max_size=3))
def test_composing_holds_of_sets(codes: list[frozenset[int]]) -> None:
    """Codes stand for sets of things: what is composed must hold of the sets."""
    a, b, c = codes

    def relate(x: frozenset[int], y: frozenset[int]) -> Predicate:
        if x == y:
            return Predicate.EXACT
        if x < y:
            return Predicate.BROAD
        return Predicate.NARROW if x > y else Predicate.RELATED

    composed = compose(relate(a, b), relate(b, c))
    if composed in (Predicate.EXACT, Predicate.BROAD, Predicate.NARROW):
        assert relate(a, c) is composed


@pytest.mark.parametrize(("source", "target"), BOTH_WAYS)
def test_exact_there_and_back_is_where_one_started(source: str, target: str) -> None:
    crosswalk = open_crosswalk(source, target)
    assert crosswalk is not None
    for code in crosswalk.links:
        there = step(source, target, code)
        if there.predicate is Predicate.EXACT:
            back = step(target, source, there.target)
            ambiguous = back.reason.startswith("ambiguous: several mean the same")
            assert ambiguous or (back.target, back.predicate) == (code, Predicate.EXACT)
        elif there.predicate is Predicate.BROAD:
            back = step(target, source, there.target)
            assert back.target != code


SMALL = [pair for pair in product(sorted({a for a, _ in BOTH_WAYS}), repeat=2) if "Hair" in pair[0]]


@settings(max_examples=60)
@given(st.sampled_from(SMALL))
def test_a_way_loses_no_less_than_its_steps(pair: tuple[str, str]) -> None:
    try:
        found = translate_codes(*pair)
    except UsageError:
        return
    for one in found:
        if one.refused:
            assert one.reason
            continue
        lists = [pair[0], *(stop.partition(": ")[0] for stop in one.via), pair[1]]
        code = one.code
        predicates = []
        for source, target in pairwise(lists):
            if source == target:
                continue
            part = step(source, target, code)
            predicates.append(part.predicate)
            code = part.target
        assert code == one.target
        assert (one.predicate is Predicate.EXACT) == all(
            predicate is Predicate.EXACT for predicate in predicates
        )
