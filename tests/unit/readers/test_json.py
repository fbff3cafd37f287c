"""JSON and JSON Lines: kinds beside the text, exact numbers, broken records rejected."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from dqcheck.model import Export, Kind, items_column, kind_column
from dqcheck.readers import ReadOptions, read

TEXT, NUMBER, BOOLEAN, NULL, LIST, OBJECT = (
    Kind.TEXT,
    Kind.NUMBER,
    Kind.BOOLEAN,
    Kind.NULL,
    Kind.LIST,
    Kind.OBJECT,
)


def read_text(tmp_path: Path, name: str, content: str | bytes) -> Export:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (export,) = read(path)
    assert len(export.frame.collect()) == export.rows_read
    return export


def cells(export: Export, header: str) -> list[tuple[str | None, int]]:
    column = next(column for column in export.columns if column.header == header)
    frame = export.frame.select(column.name, kind_column(column.name)).collect()
    assert frame.dtypes == [pl.String, pl.UInt8]
    return frame.rows()


def test_kinds_and_exact_text(tmp_path: Path) -> None:
    lines = [
        '{"a": 5, "b": 5.0, "c": "5", "d": 12345678901234567890123, "e": 1e5, "f": 1.10}',
        '{"a": true, "b": null, "c": "", "e": -0, "f": 0.1, "g": "x\\u00e9\\n\\"5, 6\\""}',
    ]
    export = read_text(tmp_path, "a.jsonl", "\n".join(lines))
    assert [column.header for column in export.columns] == list("abcdefg")
    assert cells(export, "a") == [("5", NUMBER), ("true", BOOLEAN)]
    assert cells(export, "b") == [("5.0", NUMBER), (None, NULL)]
    assert cells(export, "c") == [("5", TEXT), (None, TEXT)]
    assert cells(export, "d") == [("12345678901234567890123", NUMBER), (None, NULL)]
    assert cells(export, "e") == [("1e5", NUMBER), ("-0", NUMBER)]
    assert cells(export, "f") == [("1.10", NUMBER), ("0.1", NUMBER)]
    assert cells(export, "g") == [(None, NULL), ('xé\n"5, 6"', TEXT)]
    assert (export.format, export.strict_kinds) == ("jsonl", True)
    assert export.faults.is_empty()


def test_lists_and_objects(tmp_path: Path) -> None:
    content = '[{"a": [1, "x", null, 2.50], "b": {"k": 1.50}}, {"a": []}, {"a": "x"}]'
    export = read_text(tmp_path, "a.json", content)
    assert [kind for _, kind in cells(export, "a")] == [LIST, LIST, TEXT]
    frame = export.frame.collect()
    dtype = pl.List(pl.Struct({"text": pl.String, "kind": pl.UInt8}))
    assert frame.schema[items_column("c1")] == dtype
    assert frame[items_column("c1")].to_list() == [
        [
            {"text": "1", "kind": NUMBER},
            {"text": "x", "kind": TEXT},
            {"text": None, "kind": NULL},
            {"text": "2.50", "kind": NUMBER},
        ],
        [],
        None,
    ]
    assert cells(export, "b")[0] == ('{"k":1.50}', OBJECT)


def test_broken_records(tmp_path: Path) -> None:
    lines = ['{"a": 1}', "{bad", "[1]", "", '{"a": 1, "a": 2}', "5", '{"a": "\\ud800"}', '{"a": 3}']
    export = read_text(tmp_path, "a.jsonl", "\n".join(lines).encode() + b'\n{"a": "\xff"}\n')
    assert export.frame.collect()["row"].to_list() == [2, 6, 9]
    assert (export.rows_read, export.rows_rejected) == (3, 5)
    assert export.faults.select("check", "row", "line").rows() == [
        ("file.malformed_record", 3, 2),
        ("file.malformed_record", 4, 3),
        ("file.duplicate_json_key", 6, 5),
        ("file.malformed_record", 7, 6),
        ("file.malformed_record", 8, 7),
        ("file.bad_encoding", 10, 9),
        ("file.blank_line", None, None),
    ]
    assert export.lines is not None
    assert export.lines.rows() == [(2, 1)]


@pytest.mark.parametrize(
    "content",
    [
        '[{"a": 1}, {"a": 2}]',
        '\ufeff[\n  {"a": 1},\n  {"a": 2}\n]\n',
        '{"records": [{"a": 1}, {"a": 2}]}',
        '{"meta": {"n": [1]}, "rows": [{"a": 1}, {"a": 2}], "total": 2}',
        '{"records": [{"a": 1}, {"a": 2}], "others": [{"b": 1}]}',
    ],
)
def test_documents(tmp_path: Path, content: str) -> None:
    export = read_text(tmp_path, "a.json", content)
    assert cells(export, "a") == [("1", NUMBER), ("2", NUMBER)]
    assert export.frame.collect()["row"].to_list() == [2, 3]
    assert export.format == "json"


def test_one_object_is_one_record(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a.json", '{"a": 1.0,\n "tags": ["x", "y"]}')
    assert cells(export, "a") == [("1.0", NUMBER)]
    assert export.rows_read == 1


def test_empty_array(tmp_path: Path) -> None:
    assert read_text(tmp_path, "a.json", "[]").rows_read == 0
    assert read_text(tmp_path, "b.json", '{"records": []}').rows_read == 0


def test_elements_that_are_no_objects(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a.json", '[{"a": 1}, 5, null, [1]]')
    assert (export.rows_read, export.rows_rejected) == (1, 3)


def test_lines_in_a_json_file_and_other_encodings(tmp_path: Path) -> None:
    content = '{"a": "é"}\n{"a": "b"}\n'
    assert read_text(tmp_path, "a.json", content).format == "jsonl"
    assert cells(read_text(tmp_path, "b.jsonl", content.encode("utf-16")), "a") == [
        ("é", TEXT),
        ("b", TEXT),
    ]
    assert cells(read_text(tmp_path, "c.jsonl.gz", gzip.compress(content.encode())), "a")
    array = gzip.compress(b'[{"a": 1.50}]')
    assert cells(read_text(tmp_path, "d.json.gz", array), "a") == [("1.50", NUMBER)]


def test_odd_keys(tmp_path: Path) -> None:
    row = {"a.b": 1, "c/d~e": 2, "q\"'": 3, "": 4, " pad ": 5, "$": 6, "*": 7}
    export = read_text(tmp_path, "a.jsonl", json.dumps(row))
    assert [column.header for column in export.columns] == [key.strip() for key in row]
    assert export.frame.select("^c[0-9]+$").collect().rows() == [
        ("1", "2", "3", "4", "5", "6", "7")
    ]


def test_columns_that_come_and_go_between_batches(tmp_path: Path) -> None:
    lines = [json.dumps({"a": i, "n": "x" * 200}) for i in range(60_000)]
    lines.append('{"late": [1], "a": "t"}')
    export = read_text(tmp_path, "a.jsonl", "\n".join(lines))
    assert [column.header for column in export.columns] == ["a", "n", "late"]
    frame = export.frame.filter(pl.col("row") > 60_000).collect()
    assert frame["c1"].to_list() == ["59999", "t"]
    assert frame[items_column("c3")].to_list() == [None, [{"text": "1", "kind": NUMBER}]]


def test_too_many_keys(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({f"k{i}": 1}) for i in range(2_100)))
    with pytest.raises(Exception, match="too many different keys"):
        read(path)


def test_needs_no_pyarrow_and_is_quiet(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": [1.0, 2]}\n{bad\n')
    code = (
        "import builtins, importlib.util as util\n"
        "real_find, real_import = util.find_spec, builtins.__import__\n"
        "barred = ('pyarrow', 'pandas', 'numpy')\n"
        "util.find_spec = lambda name, package=None: (\n"
        "    None if name.split('.')[0] in barred else real_find(name, package))\n"
        "def refuse(name, *rest, **kinds):\n"
        "    if name.split('.')[0] in barred:\n"
        "        raise ImportError(name)\n"
        "    return real_import(name, *rest, **kinds)\n"
        "builtins.__import__ = refuse\n"
        "from dqcheck.readers import read\n"
        f"(export,) = read({str(path)!r})\n"
        "print(export.frame.collect().height, export.rows_rejected)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert out.stdout.strip() == "1 1"
    assert out.stderr == ""


def test_asked_for_as_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.dat"
    path.write_text('{"a": 1}\n')
    (export,) = read(path, options=ReadOptions(format="jsonl"))
    assert export.format == "jsonl"
