"""Where the key of record tokens comes from."""

from __future__ import annotations

__all__ = ["load_key"]

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from dqcheck.errors import ConfigurationError, Place
from dqcheck.privacy import TokenKey, make_token_key, safe_path
from dqcheck.store.trees import find_git_tree

_LARGEST_BYTES = 4096


def load_key(environment: Mapping[str, str]) -> TokenKey | None:
    """Return the key for record tokens, or None if there is none.

    `DQCHECK_KEY` holds the key itself; else `DQCHECK_KEY_FILE` names a file with it; else
    `dqcheck/key` in `XDG_CONFIG_HOME` (`~/.config`) is it, if it exists.

    Raises:
        ConfigurationError: If the key is empty, or its file is missing, not UTF-8 text, readable
            by others than its owner, or in a git working tree.
    """
    if "DQCHECK_KEY" in environment:
        return make_token_key(environment["DQCHECK_KEY"])
    named = environment.get("DQCHECK_KEY_FILE")
    if named:
        return _read(Path(named))
    home = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~"), ".config"))
    usual = Path(home, "dqcheck", "key").expanduser()
    return _read(usual) if usual.exists() else None


def _read(path: Path) -> TokenKey:
    place = Place(safe_path(path))
    try:
        # One descriptor for looking and reading: the file can't be exchanged in between. A pipe
        # that nobody writes to must not hold the run up.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        raise ConfigurationError(
            "the key file can't be opened",
            place=place,
            hint="correct DQCHECK_KEY_FILE, or unset it for no record tokens",
        ) from None
    try:
        _check_state(os.fstat(handle), place)
        if find_git_tree(path) is not None:
            raise ConfigurationError(
                "the key file is in a git working tree, where it could be committed",
                place=place,
                hint="move it out of the repository",
            )
        content = os.read(handle, _LARGEST_BYTES)
    finally:
        os.close(handle)
    try:
        return make_token_key(content.decode())
    except UnicodeDecodeError:
        raise ConfigurationError("the key file is not UTF-8 text", place=place) from None


def _check_state(state: os.stat_result, place: Place) -> None:
    if not stat.S_ISREG(state.st_mode):
        raise ConfigurationError("the key file is no plain file", place=place)
    if os.name == "posix" and state.st_mode & 0o077:
        raise ConfigurationError(
            "the key file can be read by others than its owner",
            place=place,
            found=f"mode {stat.S_IMODE(state.st_mode):04o}",
            hint="chmod 600 it; if others may have read it, make a new key",
        )
