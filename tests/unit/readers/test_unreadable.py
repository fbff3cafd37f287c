"""Files that can't be read: each says why, in words, without a traceback and without a value."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import os
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from dqcheck.errors import InputError, UsageError
from dqcheck.readers import FORMATS, ReadOptions, files, read, streams

GOOD = b"id,name\n1,Ann\n2,Bob\n"
CANARY = "Xq7zCanary"


def refuse(path: Path, options: ReadOptions | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read(path, options=options)
    assert caught.value.exit_code == 3
    assert CANARY not in str(caught.value)
    assert str(path.name) in str(caught.value)
    return caught.value


def zipped(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xef\xbb\xbf\r\n\n", "empty"),
        ("a.json", b" \n", "empty"),
        ("a.csv", zipped({"a.csv": GOOD}), "zip archive"),
        ("a.zip", zipped({"a.csv": GOOD, "b.csv": GOOD}), "zip archive"),
        ("a.xlsx", b"PK\x03\x04" + b"junk" * 40, "damaged"),
        ("a.xlsx", zipped({"xl/workbook.xml": b"<junk"}), "damaged"),
        (
            "a.ods",
            zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            "damaged",
        ),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "XML document"),
        ("a.csv", b"%PDF-1.7 " + CANARY.encode(), "PDF"),
        ("a.csv", bz2.compress(GOOD), "bzip2"),
        ("a.csv", os.urandom(4096).replace(b"\x1f\x8b", b"__"), "neither text"),
        ("a.csv", b"\0" * 4096, "neither text"),
        ("a.parquet", b"PAR1" + CANARY.encode() * 40 + b"PAR1", "damaged"),
        ("a.csv.gz", gzip.compress(GOOD * 1000)[:-20], "cut off or damaged"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00junk", "cut off or damaged"),
        ("a.csv.zst", b"\x28\xb5\x2f\xfd\x24\x04junk", "cut off or damaged"),
        ("a.csv.gz", gzip.compress(b""), "empty"),
        ("a.xlsx.gz", gzip.compress(b"PAR1"), "compressed parquet"),
        ("a.json", b'[{"a": "' + CANARY.encode() + b'"}, {', "no valid JSON"),
        ("a.json", b'{"a": ' + CANARY.encode() + b"}", "no valid JSON"),
        ("a.json", b'{"a": [{"x": 1}], "b": [{"x": 1}]}', "several tables"),
    ],
)
def test_says_why(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert message in str(refuse(path))


def test_truncated_zst(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.zst"
    path.write_bytes(streams.zstd.compress(GOOD * 1000)[:-3])
    assert "cut off" in str(refuse(path))


def test_folder(tmp_path: Path) -> None:
    assert "folder" in str(refuse(tmp_path))


def test_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_bytes(GOOD)
    with pytest.raises(UsageError, match=r"no such file") as caught:
        read(tmp_path / "person.csv")
    assert caught.value.exit_code == 2
    assert 'did you mean "persons.csv"?' in str(caught.value)
    with pytest.raises(UsageError, match="pattern"):
        read(tmp_path / "*.tsv")
    with pytest.raises(UsageError, match="folder it should be in"):
        read(tmp_path / "none" / "a.csv")


def test_control_characters_are_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\u202e.csv"
    path.write_text("i\x1bd,na\u200bme\n1,x\n", encoding="utf-8")
    (export,) = read(path)
    assert export.path.endswith("a[31m.csv")
    assert [column.header for column in export.columns] == ["id", "name"]


def test_all_bad_files_of_a_pattern_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_bytes(GOOD)
    (tmp_path / "c.csv").write_bytes(b"%PDF")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "*.csv")
    assert "a.csv" in str(caught.value)
    assert "c.csv" in str(caught.value)
    (tmp_path / "a.csv").unlink()
    (tmp_path / "c.csv").unlink()
    assert [export.rows_read for export in read(tmp_path / "*.csv")] == [2]


def test_pattern_characters_in_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a[1]*.csv"
    path.write_bytes(GOOD)
    (export,) = read(path)
    assert export.frame.collect()["c2"].to_list() == ["Ann", "Bob"]


@pytest.mark.parametrize(
    "given",
    [
        {"format": "cvs"},
        {"encoding": "utf-9"},
        {"encoding": "base64"},
        {"delimiter": ";;"},
        {"delimiter": "é"},
        {"quote": "''"},
        {"header_row": 0},
        {"skip_rows": -1},
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, given: dict[str, Any]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(GOOD)
    with pytest.raises(UsageError):
        read(path, options=ReadOptions(**given))


def test_format_that_is_another(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(GOOD)
    assert "no parquet file" in str(refuse(path, ReadOptions(format="parquet")))


def test_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_UNFOLD_UNCHECKED_BYTES", 1 << 16)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000))
    assert "unfolds to more" in str(refuse(path))
    small = tmp_path / "b.csv.gz"
    small.write_bytes(gzip.compress(GOOD * 100))
    assert "unfolds to more" in str(refuse(small, ReadOptions(max_bytes=100)))


def test_workbook_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", b"\0" * (65 << 20))
    assert "unfolds to more" in str(refuse(path))


def test_file_without_permission(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may read everything")
    path = tmp_path / "a.csv"
    path.write_bytes(GOOD)
    path.chmod(0)
    assert "can't be opened" in str(refuse(path))


def test_standard_input_is_private_and_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD)))
    (export,) = read("-")
    assert (export.path, export.rows_read) == ("-", 2)
    spooled = files.private_path("x").parent
    assert stat.S_IMODE(spooled.stat().st_mode) == 0o700
    copies = list(spooled.glob("*-spool"))
    assert copies
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in copies)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD)))
    with pytest.raises(InputError, match="more input"):
        read("-", options=ReadOptions(max_bytes=5))


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, None])
def test_copies_go_when_the_program_ends(tmp_path: Path, how: signal.Signals | None) -> None:
    code = (
        "import sys, time\n"
        "from dqcheck.readers import files, read\n"
        "read('-')\n"
        "print(files.private_path('x').parent, flush=True)\n"
        f"time.sleep({0 if how is None else 30})\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        process.stdin.write(GOOD)
        process.stdin.close()
        folder = Path(process.stdout.readline().decode().strip())
        assert folder.parent == tmp_path
        if how is not None:
            assert folder.exists()
            process.send_signal(how)
        process.wait(20)
    for _ in range(20):
        if not folder.exists():
            break
        time.sleep(0.1)
    assert not folder.exists()


def test_every_format_resolves() -> None:
    from importlib import import_module

    for target in FORMATS.values():
        module, function = target.split(":")
        assert callable(getattr(import_module(module), function))


def test_importing_the_door_is_light() -> None:
    code = (
        "import dqcheck.readers, sys; print([m for m in ('polars', 'duckdb') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_parquet_with_damaged_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [f"{CANARY}{i}" for i in range(5000)]}).write_parquet(
        path, compression="uncompressed"
    )
    data = bytearray(path.read_bytes())
    data[300:500] = bytes(byte ^ 0xFF for byte in data[300:500])
    path.write_bytes(data)
    assert "damaged" in str(refuse(path))


def test_parquet_that_asks_for_more_memory_than_there_is(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [1]}).write_parquet(path, compression="uncompressed")
    data = bytearray(path.read_bytes())
    data[33] ^= 1  # The length of a run of definition levels, in the header of the data page.
    path.write_bytes(data)
    script = "import polars, sys; polars.read_parquet(sys.argv[1])"
    ends = subprocess.run(
        [sys.executable, "-c", script, path], stderr=subprocess.DEVNULL, check=False
    )
    assert ends.returncode != 1, "Polars raises now: another byte must be damaged"
    assert "damaged" in str(refuse(path))


def test_parquet_is_tried_with_our_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "a.parquet")
    (tmp_path / "polars.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    (export,) = read("a.parquet")
    assert export.rows_read == 1
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    assert "no Python process" in str(refuse(tmp_path / "a.parquet"))


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "idna"])
def test_encoding_that_does_not_fit(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(f'{{"a":"{CANARY}é"}}\n'.encode())
    error = refuse(path, ReadOptions(encoding=encoding))
    assert "can't be decoded" in str(error)


@pytest.mark.parametrize("rest", [b"", b"{", b"{\x00", b"{\x00}", b"\x00\xd8\n", b"{\x00}\x00\n"])
@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_odd_bytes_after_a_byte_order_mark(tmp_path: Path, mark: bytes, rest: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(mark + rest)
    with contextlib.suppress(InputError):
        (export,) = read(path)
        assert export.rows_read == 0
        assert export.rows_rejected == export.faults.height
