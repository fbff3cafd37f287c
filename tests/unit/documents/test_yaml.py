"""YAML with places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from dqcheck.documents import ListNode, MapNode, Node, TextNode, load_yaml, read_yaml
from dqcheck.errors import ConfigurationError, Place


def _plain(node: Node) -> Any:
    match node:
        case TextNode():
            return node.text
        case ListNode():
            return [_plain(item) for item in node.items]
        case MapNode():
            return {key: _plain(item) for key, item in node.entries.items()}


def test_all_scalars_are_text() -> None:
    node = read_yaml("a: NO\nb: 010\nc: 1.0\nd: [2026-01-01, ~, '', true]\ne:\nON: x\n", "d")
    assert _plain(node) == {
        "a": "NO", "b": "010", "c": "1.0", "d": ["2026-01-01", "~", "", "true"], "e": "", "ON": "x",
    }  # fmt: skip


def test_places_of_keys_and_values() -> None:
    node = read_yaml("rules:\n  - id: é\n    title: >-\n      folded\n", "d.yaml")
    assert isinstance(node, MapNode)
    items = node.entries["rules"]
    assert isinstance(items, ListNode)
    rule = items.items[0]
    assert isinstance(rule, MapNode)
    assert items.place == Place("d.yaml", 2, 3)
    assert rule.keys["title"] == Place("d.yaml", 3, 5)
    assert rule.entries["id"].place == Place("d.yaml", 2, 9)


def test_empty_document_is_an_empty_mapping() -> None:
    assert read_yaml("# nothing\n", "d") == MapNode({}, {}, Place("d", 1, 1))


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, 'the key "a" is given twice'),
        ("a: {b: 1, b: 2}\n", 1, 11, 'the key "b" is given twice'),
        ("a: &x 1\nb: 2\n", 1, 4, "anchors"),
        ("a: 1\nb: *x\n", 2, 4, "aliases"),
        ("a: !!python/object:os.system x\n", 1, 4, "tags"),
        ("a: 1\n---\nb: 2\n", 2, 1, "one document"),
        ("a: [1\n", 2, 1, "this is not YAML"),
        ("a: b: c\n", 1, 5, "put a text that has a colon in quotes"),
        ("a: 1\n\tb: 2\n", 2, 1, "this is not YAML"),
        ("a: \x01\n", 1, 4, "control characters"),
        ("? [a, b]\n: c\n", 1, 3, "a key must be a plain text"),
        ("a: " + "[" * 40 + "]" * 40, 1, 33, "levels deep"),
        ("[" * 100_000, 1, 31, "levels deep"),
    ],
)
def test_refuses_with_place(text: str, line: int, column: int, part: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_yaml(text, "d.yaml")
    assert raised.value.place == Place("d.yaml", line, column)
    assert part in str(raised.value)


def test_collects_all_faults() -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_yaml("a: 1\na: 2\nb: &x 3\n", "d")
    assert [fault.place for fault in raised.value.others] == [Place("d", 3, 4)]


def test_reads_files_with_and_without_mark(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    assert _plain(load_yaml(path)) == {"a": "1"}


def test_names_what_can_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_yaml(path)
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(ConfigurationError, match="not UTF-8") as raised:
        load_yaml(path, name="d.yaml")
    assert raised.value.place == Place("d.yaml", 2, 4)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("k: ab cd\n", {0: (1, 4), 3: (1, 7)}),
        ('k: "ab\\"c"\n', {0: (1, 5), 2: (1, 7), 3: (1, 9)}),
        ("k: 'it''s'\n", {2: (1, 7), 3: (1, 9)}),
        ("k: |\n  ab\n  cd\n", {0: (2, 3), 3: (3, 3), 4: (3, 4)}),
        ("k: >-\n  ab\n  cd\n", {0: (2, 3), 3: (3, 3)}),
        ("k:\n  ab\n  cd\n", {0: (2, 3), 3: (3, 3), 4: (3, 4)}),
    ],
)
def test_locates_characters(text: str, places: dict[int, tuple[int, int]]) -> None:
    node = read_yaml(text, "d")
    assert isinstance(node, MapNode)
    value = node.entries["k"]
    assert isinstance(value, TextNode)
    for offset, (line, column) in places.items():
        assert value.locate(offset) == Place("d", line, column)


_WORDS = st.text(st.sampled_from("abcéß09 '\"\\\n:#-{}[]|>%@`,"), max_size=20)


@given(text=_WORDS, style=st.sampled_from([None, "'", '"', "|", ">"]))
def test_locates_the_right_character_in_every_style(text: str, style: str | None) -> None:
    written = yaml.dump({"k": text}, default_style=style, allow_unicode=True, width=10)
    # PyYAML's emitter folds some texts that begin with a space wrongly.
    assume(yaml.safe_load(written)["k"] == text)
    node = read_yaml(written, "d")
    assert isinstance(node, MapNode)
    value = node.entries["k"]
    assert isinstance(value, TextNode)
    assert value.text == text
    lines = written.split("\n")
    for offset, character in enumerate(text):
        if character.isalnum():
            place = value.locate(offset)
            assert place.line is not None
            assert place.column is not None
            assert lines[place.line - 1][place.column - 1] == character


def _fault(text: str) -> ConfigurationError | None:
    try:
        read_yaml(text, "d")
    except ConfigurationError as fault:
        return fault
    return None


@given(st.text() | st.lists(st.sampled_from("ab:-[]{}&*!|>'\"#? \n\t,%"), max_size=30).map("".join))
def test_any_text_is_a_node_or_a_fault(text: str) -> None:
    fault = _fault(text)
    assert fault is None or fault.place is not None
