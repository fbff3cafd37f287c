"""Compiled plans on disk: those that ship, and the user's cache. Neither is ever needed."""

from __future__ import annotations

__all__ = [
    "cache_folder",
    "cached_plan",
    "keep_plan",
    "pack_plan",
    "read_shipped",
    "shipped_folder",
    "unpack_plan",
]

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from dqcheck.standards.plan import FORMAT, Plan, from_json, to_json

Source = tuple[str, str]
"""The name of a file, and the SHA-256 of its bytes; empty for a file that was not there."""

_HERE = Path(__file__).parent


def shipped_folder() -> Path:
    """Return the folder of the plans that ship with dqcheck."""
    return _HERE / "compiled"


def read_shipped(name: str) -> str:
    """Return the text of a plan that ships; empty if there is none of that name."""
    try:
        return (shipped_folder() / name).read_text(encoding="utf-8")
    except OSError:
        return ""


def cache_folder() -> Path | None:
    """Return the folder of the user's cache; None if it is turned off."""
    if os.environ.get("DQCHECK_NO_CACHE"):
        return None
    own = os.environ.get("DQCHECK_CACHE_DIR")
    if own:
        return Path(own)
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        if os.environ.get(variable):
            return Path(os.environ[variable]) / "dqcheck"
    with contextlib.suppress(RuntimeError):
        return Path.home() / ".cache" / "dqcheck"
    return None


def digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes; empty if it can't be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def pack_plan(plan: Plan, sources: Iterable[Source]) -> str:
    """Return `plan` as JSON, with what it was made from."""
    packed = {"format": FORMAT, "sources": [list(source) for source in sources]}
    text = json.dumps(packed | {"plan": to_json(plan)}, ensure_ascii=False, separators=(",", ":"))
    return text + "\n"


def unpack_plan(text: str, find: Callable[[str], Path]) -> Plan | None:
    """Return the plan in `text`; None if its format or one of its sources has changed.

    Args:
        text: What `pack_plan` wrote.
        find: From the name of a source to its file.
    """
    try:
        packed: Any = json.loads(text)
        if packed["format"] != FORMAT:
            return None
        if any(digest(find(name)) != known for name, known in packed["sources"]):
            return None
        return from_json(packed["plan"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


@cache
def _made_by() -> str:
    """Return what changes when a plan could come out differently: versions and our own code."""
    made = hashlib.sha256(FORMAT.encode())
    for name in ("dqcheck", "linkml-runtime"):
        with contextlib.suppress(PackageNotFoundError):
            made.update(version(name).encode())
    for file in sorted(_HERE.glob("*.py")):
        made.update(file.read_bytes())
    return made.hexdigest()


def _entry(file: Path, folder: Path) -> Path:
    key = hashlib.sha256(f"{_made_by()}\n{file}".encode()).hexdigest()
    return folder / "plans" / f"{key}.json"


def cached_plan(file: Path) -> Plan | None:
    """Return the plan that was kept for the schema `file`; None if none still fits."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        text = _entry(file, folder).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    return unpack_plan(text, Path)


def keep_plan(file: Path, plan: Plan, files: Iterable[Path], absent: Iterable[Path]) -> None:
    """Keep `plan` for the schema `file`; does nothing where it can't be written.

    Args:
        file: The schema.
        plan: Its plan.
        files: All files it was made from.
        absent: Files that would have been used had they been there.
    """
    folder = cache_folder()
    if folder is None:
        return
    sources = [(str(one), digest(one)) for one in files] + [(str(one), "") for one in absent]
    entry = _entry(file, folder)
    with contextlib.suppress(OSError):
        entry.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=entry.parent, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
                out.write(pack_plan(plan, sources))
            Path(name).replace(entry)
        except OSError:
            Path(name).unlink(missing_ok=True)
