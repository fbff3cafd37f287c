"""Where documents of rules are."""

from __future__ import annotations

__all__ = ["find_documents", "packaged_documents"]

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from dqcheck.errors import Place, UsageError

_SUFFIXES = (".yaml", ".yml")


def find_documents(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the documents that `paths` name: files, and all YAML files of folders, sorted.

    Raises:
        UsageError: If a path is not there, or a folder has no documents.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.iterdir() if item.suffix in _SUFFIXES)
            if not inside:
                raise UsageError("the folder has no rules", place=Place(str(path)))
            found.extend(inside)
        elif path.exists():
            found.append(path)
        else:
            raise UsageError("there is no such file or folder of rules", place=Place(str(path)))
    return tuple(dict.fromkeys(found))


def packaged_documents() -> dict[str, Path]:
    """Return the packaged documents by name: `person`, or `person@1.0.0` for old versions."""
    shipped = Path(str(resources.files("dqcheck"))) / "data" / "rules"
    folder = shipped if shipped.is_dir() else Path(__file__).parents[3] / "rules"
    current = sorted(folder.glob("*.yaml"))
    return {path.stem: path for path in (*current, *sorted((folder / "versions").glob("*.yaml")))}
