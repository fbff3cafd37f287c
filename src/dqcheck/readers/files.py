"""Files as sent: which are meant, what they really are, and private room for copies."""

from __future__ import annotations

__all__ = [
    "SourceFile",
    "check_readable",
    "expand",
    "hash_file",
    "private_path",
    "recognise",
    "recognise_content",
    "show",
    "spool",
    "unreadable",
]

import atexit
import glob
import hashlib
import os
import shutil
import sys
import tempfile
import threading
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from dqcheck.errors import InputError, Place, UsageError, suggest
from dqcheck.readers.encoding import detect_encoding
from dqcheck.store.signals import leave_on_signals

_HEAD_BYTES = 1 << 16
_BLOCK_BYTES = 1 << 20
_STANDARD_INPUT_LIMIT_BYTES = 4 << 30
_PRIVATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    Attributes:
        path: Where it lies; for standard input, the private copy.
        shown: As the user named it, without control characters.
        name: Its file name, whose ending says what it should be.
        notes: What a steward should know of how it was found.
    """

    path: Path
    shown: str
    name: str
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Return the place that errors name."""
        return Place(self.shown)


def show(text: str) -> str:
    """Return `text` without control and formatting characters, for people to see."""
    if text.isprintable():
        return text
    return "".join(
        " " if char in "\t\r\n" else char
        for char in text
        if char in "\t\r\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )


def unreadable(source: SourceFile, message: str, *, found: str = "", hint: str = "") -> InputError:
    """Return the error that says why `source` can't be read."""
    return InputError(message, place=source.place, found=found, hint=hint)


def expand(path: str | Path, *, max_bytes: int | None = None) -> tuple[SourceFile, ...]:
    """Return the files that `path` means: itself, the matches of a pattern, or standard input.

    Args:
        path: A path, a pattern with `*`, `?` or `[…]`, or `-` for standard input.
        max_bytes: The most bytes taken from standard input or a pipe; 4 GiB if None.

    Raises:
        UsageError: There is no such file.
        InputError: Standard input is longer than allowed.
    """
    text = os.fspath(path)
    limit = max_bytes or _STANDARD_INPUT_LIMIT_BYTES
    if text == "-":
        return (spool(sys.stdin.buffer, SourceFile(Path("-"), "-", ""), limit),)
    if Path(text).is_fifo():
        # A shell hands the output of a command over like this; it can be read only once.
        with Path(text).open("rb") as pipe:
            return (spool(pipe, _source(Path(text)), limit),)
    if Path(text).exists():
        return (_source(Path(text)),)
    if Path(text).is_symlink():
        raise UsageError("this link leads to no file", place=Place(show(text)))
    if glob.has_magic(text):
        matches = sorted(map(Path, glob.iglob(text, recursive=True)))  # noqa: PTH207 (absolute patterns too)
        files = [_source(match) for match in matches if not (match.is_dir() or match.is_fifo())]
        # `**` means all folders, to look into.
        folders = [match for match in matches if match.is_dir() and "**" not in text]
        if not files:
            raise UsageError(
                "no file matches this pattern",
                place=Place(show(text)),
                found=_say_folders(folders) if folders else "",
                hint="add /*.csv or the like to read what is in them" if folders else "",
            )
        if folders:
            note = f"The pattern {show(text)} also matches {_say_folders(folders)}: not read."
            files[0] = replace(files[0], notes=(note,))
        return tuple(files)
    raise UsageError("no such file", place=Place(show(text)), hint=_nearest(Path(text)))


def _say_folders(folders: Sequence[Path]) -> str:
    named = ", ".join(show(str(folder)) for folder in folders[:3])
    more = ", …" if len(folders) > 3 else ""
    return f"{len(folders)} {'folder' if len(folders) == 1 else 'folders'} ({named}{more})"


def check_readable(source: SourceFile) -> None:
    """Refuse what is no file that can be opened.

    Raises:
        InputError: It is a folder, or there is no permission, or the like.
    """
    if source.path.is_dir():
        raise unreadable(
            source,
            "this is a folder, not a file",
            hint=f"name the files, as in {source.shown.rstrip('/')}/*.csv",
        )
    try:
        with source.path.open("rb"):
            return
    except OSError as error:
        raise unreadable(source, "the file can't be opened", found=_reason(error)) from None


def _source(path: Path) -> SourceFile:
    return SourceFile(path, show(str(path)), path.name)


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else ""


def _nearest(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return "the folder it should be in does not exist"
    return suggest(path.name, map(show, names))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of the bytes of the file at `path`, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def spool(stream: BinaryIO, source: SourceFile, limit_bytes: int) -> SourceFile:
    """Copy `stream` to a private file, which goes when the program ends.

    Raises:
        InputError: `stream` is longer than `limit_bytes`.
    """
    path = private_path(f"spool{Path(source.name).suffix}")
    taken = 0
    with os.fdopen(os.open(path, _PRIVATE_FLAGS, 0o600), "wb") as file:
        while block := stream.read(_BLOCK_BYTES):
            taken += len(block)
            if taken > limit_bytes:
                raise unreadable(
                    source,
                    "there is more input than allowed",
                    found=f"more than {limit_bytes} bytes",
                    hint="raise the limit, or send the file in parts",
                )
            file.write(block)
    return SourceFile(path, source.shown, source.name)


class _PrivateRoom:
    """A folder only this user can read, made when first needed, gone when the program ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._owner = 0
        self._count = 0

    def path(self, name: str) -> Path:
        with self._lock:
            if self._folder is None or self._owner != os.getpid():
                # Made anew after a fork: the parent's folder is the parent's to remove.
                self._folder = Path(tempfile.mkdtemp(prefix="dqcheck-"))
                self._owner = os.getpid()
                atexit.register(self.remove)
                leave_on_signals()
            self._count += 1
            return self._folder / f"{self._count}-{name}"

    def remove(self) -> None:
        if self._folder is not None and self._owner == os.getpid():
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


_ROOM = _PrivateRoom()


def private_path(name: str) -> Path:
    """Return a path, not used before, in a folder only this user can read (mode 0700).

    The folder is removed when the program ends, also by Ctrl-C, SIGTERM or SIGHUP.
    """
    return _ROOM.path(name)


_ARCHIVES = (
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
)
_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3", "a SQLite database"),
    (b"ARROW1", "an Arrow file"),
    (b"{\\rtf", "a word processor document"),
)
_TEXT_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".psv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


def recognise(source: SourceFile, encoding: str | None = None) -> str:
    """Return the format of `source` by its content first, then by its name's ending.

    Args:
        source: The file.
        encoding: Of the text, if it is known to be text.

    Returns:
        `gz` and `zst` for compressed files; else `csv`, `json`, `jsonl`, `parquet`, `xlsx`,
        `xls` or `ods`.

    Raises:
        InputError: It is empty, an archive, protected, no table or no text.
    """
    with source.path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "zst"
    return recognise_content(source, head, encoding)


def recognise_content(source: SourceFile, head: bytes, encoding: str | None = None) -> str:
    """Return the format of a file that begins with `head`; as `recognise`, save compression."""
    if not head.strip(b" \t\r\n\xef\xbb\xbf"):
        raise unreadable(
            source,
            "the file is empty",
            found=f"{len(head)} bytes",
            hint="ask the sender whether the export failed",
        )
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK"):
        return _recognise_zip(source)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _recognise_ole(source)
    for magic, name in _ARCHIVES:
        if head.startswith(magic):
            raise unreadable(source, f"this is {name}", hint="unpack it and give the file inside")
    for magic, name in _OTHERS:
        if head.startswith(magic):
            raise unreadable(
                source, f"this is {name}, not a table", hint="export as CSV, Excel or Parquet"
            )
    return _recognise_text(source, head, encoding)


def _recognise_zip(source: SourceFile) -> str:
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        raise unreadable(
            source,
            "the workbook or zip archive is damaged",
            hint="send it again and compare the sizes",
        ) from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    raise unreadable(
        source,
        "this is a zip archive, not a table",
        found=f"{len(names)} files in it",
        hint="unzip it and give the file inside",
    )


def _recognise_ole(source: SourceFile) -> str:
    # Stream names of the old Office container stand in it as UTF-16.
    with source.path.open("rb") as file:
        data = file.read(64 << 20)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise unreadable(
            source,
            "the workbook is protected with a password",
            hint="save it without a password, or send it another safe way",
        )
    return "xls"


def _recognise_text(source: SourceFile, head: bytes, encoding: str | None) -> str:
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    lowered = start[:2000].lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise unreadable(
            source,
            "this is a web page, whatever its name says",
            hint="open it in a spreadsheet program and save it as .xlsx or CSV",
        )
    if lowered.startswith(b"<?xml"):
        raise unreadable(
            source,
            "this is an XML document, whatever its name says",
            hint="open it in a spreadsheet program and save it as .xlsx or CSV",
        )
    if encoding is None and detect_encoding(head) is None and _is_binary(head):
        raise unreadable(
            source, "this is neither text nor a known table format", hint="export it as CSV"
        )
    named = _TEXT_FORMATS.get(Path(source.name.removesuffix(".gz").removesuffix(".zst")).suffix)
    if named == "csv" or (named is None and start[:1] not in (b"{", b"[")):
        return "csv"
    return _recognise_json(start, named)


def _is_binary(head: bytes) -> bool:
    controls = sum(head.count(bytes((code,))) for code in (*range(1, 9), *range(14, 27), 28, 29))
    # A few NULs are a fault in data.
    return controls > len(head) // 50 or head.count(0) > len(head) // 5


def _recognise_json(start: bytes, named: str | None) -> str:
    if start[:1] == b"[":
        return "json"
    first, _, rest = start.partition(b"\n")
    whole = first.rstrip().endswith(b"}") and first.count(b"{") <= first.count(b"}")
    follows = rest.lstrip()[:1]
    return "jsonl" if named == "jsonl" or (whole and follows == b"{") else "json"
