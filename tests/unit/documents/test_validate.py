"""From nodes to models: pydantic's errors become faults with places."""

from __future__ import annotations

from typing import Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, model_validator

from dqcheck.documents import read_yaml, validate
from dqcheck.documents.validate import node_at
from dqcheck.errors import ConfigurationError, Place


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int = 0
    kind: Literal["big", "small"] = "big"

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.size > 9:
            raise ValueError("size: too large")
        return self


class _Whole(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    parts: tuple[_Part, ...] = ()
    one: _Part | None = None
    named: dict[str, _Part] = {}
    on: bool = False


def test_texts_become_what_the_model_says() -> None:
    whole = validate(_Whole, read_yaml("parts: [{name: NO, size: '7'}]\non: true\n", "d"))
    assert whole == _Whole(parts=(_Part(name="NO", size=7),), on=True)


@pytest.mark.parametrize(
    ("text", "line", "column", "parts"),
    [
        ("partz: []", 1, 1, ['unknown key "partz"', 'did you mean "parts"?']),
        ("one: {nam: x, name: y}", 1, 7, ['unknown key "nam"', 'did you mean "name"?']),
        ("named: {a: {sise: 1, name: y}}", 1, 13, ['unknown key "sise"', '"size"']),
        ("zzz: 1", 1, 1, ["known are named, on, one, parts"]),
        ("parts:\n  - size: 1\n", 2, 5, ['the key "name" is missing']),
        ("parts: [{name: a, size: x}]", 1, 25, ['"size": a whole number is needed', '"x"']),
        ("parts: [{name: a, size: }]", 1, 25, ["found: nothing"]),
        ("parts: [{name: [a]}]", 1, 16, ["a text is needed", "found: a list"]),
        ("parts: x", 1, 8, ["a list is needed"]),
        ("one: x", 1, 6, ["keys and values are needed"]),
        ("on: maybe", 1, 5, ["true or false is needed"]),
        ("one: {name: a, kind: smal}", 1, 22, ['must be "big" or "small"', '"small"?']),
        ("one: {name: a, size: 10}", 1, 16, ["too large"]),
    ],
)
def test_faults_have_places(text: str, line: int, column: int, parts: list[str]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        validate(_Whole, read_yaml(text, "d"))
    for part in parts:
        assert part in str(raised.value)
    assert raised.value.place == Place("d", line, column)


def test_collects_all_faults_in_order() -> None:
    text = "on: maybe\nparts:\n  - {size: x}\nzzz: 1\n"
    with pytest.raises(ConfigurationError) as raised:
        validate(_Whole, read_yaml(text, "d"))
    lines = [fault.place and fault.place.line for fault in (raised.value, *raised.value.others)]
    assert lines == [1, 3, 3, 4]


def test_finds_nodes_as_far_as_they_go() -> None:
    node = read_yaml("parts: [{name: a}]", "d")
    assert node_at(node, ("parts", 0, "name")).place == Place("d", 1, 16)
    assert node_at(node, ("parts", 3, "name")).place == Place("d", 1, 8)
