"""Writing files whole or not at all."""

from __future__ import annotations

__all__ = ["replace_file", "write_file"]

import errno
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from dqcheck.errors import InputError, Place, UsageError
from dqcheck.privacy import safe_path

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than the system allows",
    errno.EACCES: "there is no permission to write there",
    errno.EPERM: "there is no permission to write there",
    errno.EROFS: "the file system is read-only",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "a part of the path is no folder",
    errno.EISDIR: "it is a folder",
}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def replace_file(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`, and rename it to `path` at the end.

    Whoever reads `path` sees the old file or the whole new one; a link stays, and what it leads to
    is replaced. If writing fails, the temporary
    file is removed and what was at `path` stays.

    Args:
        path: The file to write; its folder must exist.
        private: Whether only its owner may read it (mode 0600), from its first byte on.

    Raises:
        UsageError: If it can't be written. The system's own text is not passed on.
        InputError: If the rows that were to be written can no longer be read.
    """
    temporary: Path | None = None
    # Path.resolve raises where links run in a circle.
    path = Path(os.path.realpath(path))
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        handle, name = tempfile.mkstemp(
            prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent
        )
        os.close(handle)
        temporary = Path(name)
        yield temporary
        if not private:
            temporary.chmod(0o666 & ~_umask())
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
        temporary = None
    except (pl.exceptions.PolarsError, OSError) as error:
        number = _find_number(error)
        if isinstance(error, OSError) or number in _NO_ROOM:
            raise _refused(path, number) from None
        # The library's text is dropped: it quotes values.
        raise InputError(
            "can't be written: an export can't be read again to its end",
            place=Place(safe_path(path)),
            hint="check that nobody is writing to the exports, then run again",
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write `content` to `path`, whole or not at all.

    Raises:
        UsageError: If it can't be written.
    """
    with replace_file(path, private=private) as temporary:
        temporary.write_bytes(content)


def _find_number(error: Exception) -> int | None:
    """Return the system's error number; Polars hands it on in its text alone."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    found = re.search(r"\(os error (\d+)\)", str(error))
    return int(found[1]) if found else None


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current


def _refused(path: Path, number: int | None) -> UsageError:
    reason = _REASONS.get(number or 0, "the system refused it")
    return UsageError(
        f"can't be written: {reason}",
        place=Place(safe_path(path)),
        hint="nothing was left behind; name another place or make room, then run again",
    )
