"""What the bytes of a text file say about its encoding."""

from __future__ import annotations

__all__ = ["MARK", "detect_encoding", "is_utf8"]

import codecs

import polars as pl

# A noncharacter stands for each byte that can't be decoded: no export may hold it (Unicode 17,
# section 23.7), so that a line with it can be told from one where U+FFFD came with the data.
MARK = "\ufdd0"


def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return MARK, error.end


codecs.register_error("dqcheck.mark", _mark_undecodable)


def is_utf8(block: bytes) -> bool:
    """Return whether `block` is valid UTF-8; Polars looks faster than Python decodes."""
    if block.isascii():
        return True
    try:
        pl.Series([block], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:
        return False
    return True


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(head: bytes) -> str | None:
    """Return the encoding that the first bytes of a file give away, or None.

    Args:
        head: The first bytes of the file.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\x00" not in head:
        return None
    # Most characters of a table are ASCII, whose other byte is NUL in UTF-16.
    pairs = max(len(head) // 2, 1)
    if head[1::2].count(0) > 0.7 * pairs and head[::2].count(0) < 0.1 * pairs:
        return "utf-16-le"
    if head[::2].count(0) > 0.7 * pairs and head[1::2].count(0) < 0.1 * pairs:
        return "utf-16-be"
    return None
