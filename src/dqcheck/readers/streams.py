"""Text files as blocks of whole lines in UTF-8, whatever they are compressed or encoded in."""

from __future__ import annotations

__all__ = ["BLOCK_BYTES", "MAX_UNFOLDED_BYTES", "TextSource", "choose_encoding"]

import codecs
import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from dqcheck.errors import InputError
from dqcheck.readers.encoding import MARK, is_utf8
from dqcheck.readers.files import SourceFile, unreadable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_READ_BYTES = 1 << 20
BLOCK_BYTES = 8 << 20
_MAX_LINE_BYTES = 64 << 20
_TAIL_BYTES = 1 << 16
MAX_UNFOLDED_BYTES = 16 << 30
# CSV shrinks to a tenth or a twentieth; a thousandth is the most that deflate can do.
_MAX_UNFOLD_RATIO = 200
_UNFOLD_UNCHECKED_BYTES = 64 << 20
_ZSTD_LIMITS = {int(zstd.DecompressionParameter.window_log_max): 27}  # 128 MiB of memory


@dataclass(frozen=True, slots=True)
class TextSource:
    """A text file and how to make UTF-8 of it.

    Attributes:
        file: The file.
        compression: `gz`, `zst` or empty.
        encoding: Python's name; `utf-8` is passed through, lines that are not UTF-8 marked.
        unify_newlines: Whether every line end, a lone carriage return too, becomes a line feed.
        max_bytes: The most bytes to unfold to.
    """

    file: SourceFile
    compression: str = ""
    encoding: str = "utf-8"
    unify_newlines: bool = False
    max_bytes: int = MAX_UNFOLDED_BYTES

    @property
    def plain(self) -> bool:
        """Return whether the bytes on disk are what the blocks hold, save a byte order mark."""
        return not self.compression and self.encoding == "utf-8" and not self.unify_newlines

    def head(self, size: int) -> bytes:
        """Return up to `size` bytes from the beginning, as UTF-8, with whole lines if it can."""
        block = next(self.line_blocks(size), b"")
        return block[: block.rfind(b"\n", 0, size) + 1] or block[:size]

    def raw_head(self, size: int) -> bytes:
        """Return up to `size` bytes from the beginning, uncompressed but not decoded."""
        with self._opened() as stream:
            return _read_fully(stream, size)

    def count_lone_returns(self) -> int:
        """Return how many carriage returns no line feed follows."""
        as_sent = replace(self, unify_newlines=False)
        count = 0
        last = b""
        for piece in as_sent._utf8():
            data = last + piece
            last = b"\r" if data.endswith(b"\r") else b""
            body = data.removesuffix(last)
            count += body.count(b"\r") - body.count(b"\r\n")
        return count + len(last)

    def line_blocks(self, size: int = BLOCK_BYTES) -> Iterator[bytes]:
        """Yield UTF-8 blocks of about `size` bytes that end with a line, the last one maybe not.

        The last block holds the last 64 KiB of the file at least, or all of it.

        Raises:
            InputError: The file is cut off or damaged, unfolds to more than is allowed, or has a
                line longer than 64 MiB.
        """
        waiting = b""
        for block in self._whole_lines(size):
            if waiting and len(block) >= _TAIL_BYTES:
                yield waiting
                waiting = block
            else:
                waiting += block
        if waiting:
            yield waiting

    def _whole_lines(self, size: int) -> Iterator[bytes]:
        parts: list[bytes] = []
        held = 0
        for piece in self._utf8():
            parts.append(piece)
            held += len(piece)
            if held < size:
                continue
            data = b"".join(parts)
            end = data.rfind(b"\n") + 1
            if not end and held > _MAX_LINE_BYTES:
                raise unreadable(
                    self.file,
                    "a line is too long to be one of a table",
                    found=f"more than {_MAX_LINE_BYTES >> 20} MiB without a line end",
                )
            if end:
                yield self._marked(data[:end])
            parts, held = [data[end:]], len(data) - end
        if held:
            yield self._marked(b"".join(parts))

    def _marked(self, block: bytes) -> bytes:
        if self.encoding != "utf-8" or is_utf8(block):
            return block
        return block.decode("utf-8", "dqcheck.mark").encode()

    def _utf8(self) -> Iterator[bytes]:
        pieces = self._decoded() if self.encoding != "utf-8" else self._bytes()
        first = True
        carry = b""
        for piece in pieces:
            data = carry + piece
            carry = b""
            if first:
                data = data.removeprefix(codecs.BOM_UTF8)
                first = False
            if self.unify_newlines:
                if data.endswith(b"\r"):
                    data, carry = data[:-1], b"\r"
                data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            yield data
        if carry:
            yield b"\n"

    def _decoded(self) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self.encoding)("dqcheck.mark")
        try:
            for piece in self._bytes():
                yield decoder.decode(piece).encode("utf-8", "replace")
            yield decoder.decode(b"", final=True).encode("utf-8", "replace")
        except UnicodeError:
            # Some codecs take no broken bytes, or want a mark that is not there.
            raise unreadable(
                self.file,
                "the file can't be decoded",
                found=self.encoding,
                hint="give another encoding, or none",
            ) from None

    def _bytes(self) -> Iterator[bytes]:
        packed = self.file.path.stat().st_size
        taken = 0
        with self._opened() as stream:
            while piece := stream.read(_READ_BYTES):
                taken += len(piece)
                if self.compression:
                    self._limit(taken, packed)
                yield piece

    def _limit(self, taken: int, packed: int) -> None:
        far = taken > _UNFOLD_UNCHECKED_BYTES and taken > packed * _MAX_UNFOLD_RATIO
        if far or taken > self.max_bytes:
            raise unreadable(
                self.file,
                "the compressed file unfolds to more than is allowed",
                found=f"more than {taken} bytes from {packed}",
                hint="check where it comes from; unpack it yourself if it is sound",
            )

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        with self.file.path.open("rb") as raw:
            try:
                if self.compression == "gz":
                    with gzip.GzipFile(fileobj=raw) as unzipped:
                        yield cast("BinaryIO", unzipped)
                elif self.compression == "zst":
                    with zstd.ZstdFile(raw, options=_ZSTD_LIMITS) as unzipped_zstd:
                        yield cast("BinaryIO", unzipped_zstd)
                else:
                    yield raw
            except (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError):
                raise self._damaged() from None

    def _damaged(self) -> InputError:
        return unreadable(
            self.file,
            "the compressed file is cut off or damaged",
            hint="send it again and compare the sizes",
        )


def _read_fully(stream: BinaryIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (piece := stream.read(size)):
        parts.append(piece)
        size -= len(piece)
    return b"".join(parts)


_FEW_BROKEN_RATIO = 0.05


def choose_encoding(source: TextSource) -> str:
    """Return `utf-8` where a few bytes of `source` are broken, `cp1252` where it is no UTF-8.

    A sequence that is valid UTF-8 hardly ever comes about by chance in Windows-1252 text, so
    that characters of more than one byte decide.
    """
    broken = good = 0
    for block in source.line_blocks():
        if block.isascii():
            continue
        text = block.decode()
        marks = text.count(MARK)
        broken += marks
        good += len(text) - len(text.encode("ascii", "ignore")) - marks
    return "utf-8" if good and good >= broken * _FEW_BROKEN_RATIO else "cp1252"
