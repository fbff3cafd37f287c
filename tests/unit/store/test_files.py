from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import polars as pl
import pytest

from dqcheck.errors import InputError, UsageError
from dqcheck.store.files import replace_file, write_file


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_modes(tmp_path: Path) -> None:
    write_file(tmp_path / "own", b"", private=True)
    write_file(tmp_path / "all", b"")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "all").stat().st_mode) == 0o666 & ~mask


def test_a_private_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    with replace_file(tmp_path / "own", private=True) as temporary:
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "CANARY"), OSError("No space left (os error 28)")],
)
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, error: OSError) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")

    def write() -> None:
        with replace_file(path) as part:
            part.write_bytes(b"half")
            raise error

    with pytest.raises(UsageError, match="the disk is full") as caught:
        write()
    assert "CANARY" not in str(caught.value)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_library_text_is_never_passed_on(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught, replace_file(tmp_path / "a"):
        raise pl.exceptions.ComputeError("could not parse CANARY")
    assert "CANARY" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_any_other_fault_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replace_file(tmp_path / "a"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_places_that_can_not_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it is a folder"):
        write_file(tmp_path, b"")
    with pytest.raises(UsageError, match="the folder does not exist"):
        write_file(tmp_path / "no" / "a", b"")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="no folder"):
        write_file(tmp_path / "file" / "a", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
@pytest.mark.parametrize("sink", ["sink_parquet", "sink_csv"])
def test_polars_running_out_of_room_is_told_apart_from_bad_input(tmp_path: Path, sink: str) -> None:
    code = f"""
        import resource, signal
        from pathlib import Path
        import polars as pl
        from dqcheck.errors import UsageError
        from dqcheck.store.files import replace_file

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        frame = pl.LazyFrame({{"a": [str(n) for n in range(50_000)]}})
        try:
            with replace_file(Path("out")) as temporary:
                frame.{sink}(temporary)
        except UsageError as error:
            print(error.message)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "larger than the system allows" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []
