"""Parquet files."""

from __future__ import annotations

__all__ = ["read"]

import os
import subprocess
import sys
from pathlib import Path

import polars as pl

from dqcheck.errors import InputError
from dqcheck.model import Export
from dqcheck.readers.files import SourceFile, hash_file, unreadable
from dqcheck.readers.options import ReadOptions
from dqcheck.readers.typed import convert

_NO_LIBRARIES, _DAMAGED = 1, 3
# A damaged length may ask for more memory than there is, which ends the whole process and can't
# be caught. No core is dumped: it would hold values.
_DECODE = f"""
import contextlib, os, sys
with contextlib.suppress(ImportError):
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
import polars as pl
try:
    frame = pl.scan_parquet(sys.argv[1], glob=False)
    frame.select(pl.all().null_count()).collect(engine="streaming")
except BaseException:
    os._exit({_DAMAGED})
"""


def read(source: SourceFile, _options: ReadOptions, *, compression: str = "") -> tuple[Export, ...]:
    """Read a Parquet file.

    All of it is decoded once before, in a process of its own, so that damage shows here and not
    later.

    Args:
        source: The file.
        compression: Always empty: Parquet is compressed inside.

    Raises:
        InputError: The file is damaged or has no columns.
    """
    del compression
    if not _can_be_decoded(source):
        raise unreadable(
            source,
            "the Parquet file is damaged",
            hint="send it again and compare the sizes",
        )
    frame = pl.scan_parquet(source.path, glob=False)
    export = convert(frame, path=source.shown, format_name="parquet", sha256=hash_file(source.path))
    return (export,)


def _can_be_decoded(source: SourceFile) -> bool:
    """Return whether a process of its own survives decoding all of `source`.

    Raises:
        InputError: No such process can be started.
    """
    # The process finds the same libraries, and none in the folder it is started in.
    libraries = os.pathsep.join(path for path in sys.path if Path(path).is_absolute())
    command = [sys.executable, "-P", "-c", _DECODE, str(source.path.absolute())]
    try:
        done = subprocess.run(  # noqa: S603 (the command is ours)
            command,
            env={**os.environ, "PYTHONPATH": libraries},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        raise _untried(source) from None
    if done.returncode == _NO_LIBRARIES:
        raise _untried(source)
    return done.returncode == 0


def _untried(source: SourceFile) -> InputError:
    return unreadable(
        source,
        "no Python process can be started to try the Parquet file in",
        hint="send it as CSV or JSON Lines",
    )
