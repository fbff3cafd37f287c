"""Canaries for Polars: each asserts what we would wish, and fails loudly once it comes true.

When one of these passes, the workaround it names can go.
"""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.exceptions import ComputeError, InvalidOperationError, PanicException, PolarsError

SECRET = "ZZSECRET"

# One Int64 column `a` with one row, uncompressed, as Polars 2.1 writes it.
PARQUET = base64.b64decode(
    "UEFSMRUEFRAVEEwVAhUAAAABAAAAAAAAABUAFRAVECwVAhUQFQYVBgAAAgAAAAIBAAMVBBk1AAYQGRgBYRUAFgIWXBZc"
    "JjImCAAZHBYyFTIWAAAAFQIZLEgEcm9vdBUCABUEJQIYAWEAFgIZHBkcJo4BHBUEGTUABhAZGAFhFQAWAhZcFlwmMiYI"
    "ABaUARUUABZcFgImCBZcFAAAGRwYDEFSUk9XOnNjaGVtYRioAS8vLy8vM1lBQUFBRUFBQUE4di8vL3hRQUFBQUVBQUVB"
    "QUFBS0FBc0FDQUFLQUFRQStQLy8vd3dBQUFBSUFBZ0FBQUFFQUFFQUFBQUVBQUFBN1AvLy96Z0FBQUFnQUFBQUdBQUFB"
    "QUVDQUFBUUFCSUFCQUFRQUJFQUNBQUFBQXdBQUFBQUFQVC8vLzlBQUFBQUFRQUFBQWdBQ1FBRUFBZ0FBUUFBQUdFQQAY"
    "TlBvbGFycyAocHl0aG9uKSB2ZXJzaW9uIDIuMS4wIChidWlsZCA3ZjkwMmJkM2ZmZDI3ZmY4MmQxNDI3OGEwOWEyOTVm"
    "ZjJmN2FlZDkyKRkcHAAAAFoBAABQQVIx"
)
# A byte of the header of its data page: the length of the run of definition levels.
LENGTH_BYTE = 33


def _damage(bit: int) -> bytes:
    damaged = bytearray(PARQUET)
    damaged[LENGTH_BYTE] ^= 1 << bit
    return bytes(damaged)


def _scan(folder: Path, content: bytes) -> pl.DataFrame:
    path = folder / "export.csv"
    path.write_bytes(content)
    return pl.scan_csv(path, infer_schema=False).collect(engine="streaming")


def test_a_plain_file_reads_as_text(tmp_path: Path) -> None:
    assert _scan(tmp_path, b"a,b\n01,\n").rows() == [("01", None)]


@pytest.mark.xfail(
    raises=pytest.fail.Exception,
    reason="short rows are padded in silence: the reader counts delimiters itself",
)
def test_a_short_row_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(PolarsError):
        _scan(tmp_path, b"a,b,c\n1,2\n3,4,5\n")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a,b\n1,2,3\n", id="long row"),
        pytest.param(b"a,b\n1,\xe9\n", id="not UTF-8"),
        pytest.param(b'a,b\n1,"2\n3,4\n', id="unterminated quote"),
    ],
)
def test_broken_records_raise(tmp_path: Path, content: bytes) -> None:
    """The tolerant second reader is for these."""
    with pytest.raises(ComputeError):
        _scan(tmp_path, content)


@pytest.mark.xfail(
    raises=AssertionError, reason="only carriage returns reads as one header: we detect line ends"
)
def test_a_file_with_only_carriage_returns_has_rows(tmp_path: Path) -> None:
    assert _scan(tmp_path, b"a,b\r1,2\r3,4\r").height == 2


@pytest.mark.xfail(
    raises=AssertionError, reason="UTF-16 reads as rubbish without an error: we detect encodings"
)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_is_read_or_refused(tmp_path: Path, encoding: str) -> None:
    assert _scan(tmp_path, "a,b\n1,2\n".encode(encoding)).rows() == [("1", "2")]


@pytest.mark.xfail(raises=AssertionError, reason="error texts quote values: we never pass them on")
def test_errors_quote_no_values() -> None:
    with pytest.raises(InvalidOperationError) as caught:
        pl.DataFrame({"a": [SECRET]}).select(pl.col("a").cast(pl.Int64))
    assert SECRET not in str(caught.value)


def test_the_sample_of_parquet_is_sound() -> None:
    assert pl.read_parquet(PARQUET).rows() == [(1,)]


@pytest.mark.xfail(
    raises=PanicException,
    reason="corrupt Parquet panics, which `except Exception` misses: the reader catches it by name",
)
def test_corrupt_parquet_is_an_ordinary_error() -> None:
    with pytest.raises(PolarsError):
        pl.read_parquet(_damage(bit=2))


@pytest.mark.xfail(
    raises=AssertionError,
    reason="some corrupt Parquet asks for 2 exabytes and aborts the process, past any `except`",
)
def test_corrupt_parquet_does_not_end_the_process(tmp_path: Path) -> None:
    (tmp_path / "export.parquet").write_bytes(_damage(bit=0))
    script = (
        "import polars as pl\ntry: pl.read_parquet('export.parquet')\nexcept BaseException: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 0
