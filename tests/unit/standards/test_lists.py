"""Code lists by name."""

from __future__ import annotations

import pytest

from dqcheck.errors import UsageError
from dqcheck.standards import list_code_lists, lists, open_code_list, store
from dqcheck.standards.locate import packaged_lists


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nomis.NomisHairColor", 'did you mean "NomisHairColour"'),
        ("norm.Xyzzy", ""),
    ],
)
def test_a_list_that_is_not_there_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_code_list(name)
    assert caught.value.message == f"there is no packaged code list {name!r}"
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize("name", ["NomisHairColour", "nomis.NomisHairColour"])
def test_a_list_of_another_system_is_found(name: str) -> None:
    found = open_code_list(name)
    codes = {value.code: (value.title, value.status) for value in found.values}
    assert codes["BROWN"] == ("Brown", "active")
    assert codes["MULTI"] == ("Multi-coloured", "retired")
    assert found.owner.endswith("(HMPPS)")
    assert found.licence == "MIT; Crown copyright"


@pytest.mark.parametrize("name", ["HairColour", "person.HairColour"])
def test_a_list_of_a_standard_is_found(name: str) -> None:
    assert "Mousey" in {value.code for value in open_code_list(name).values}


def test_all_lists_of_other_systems_are_listed() -> None:
    infos = {info.name: info for info in list_code_lists()}
    hair = infos["NomisHairColour"]
    assert (hair.file, hair.codes, hair.title) == ("nomis", 15, "Hair colour")
    assert {info.file for info in infos.values()} == set(packaged_lists())
    assert "HairColour" not in infos


def test_lists_are_found_where_none_ship_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "read_shipped", lambda name: "")
    monkeypatch.setattr(lists, "find_code_list", lists.find_code_list.__wrapped__)
    assert open_code_list("AamvaHairColour").values[0].code == "BAL"
