"""Where schemas are: the packaged ones, and what an import names."""

from __future__ import annotations

__all__ = [
    "Located",
    "locate_import",
    "locate_standard",
    "packaged_lists",
    "packaged_names",
    "schemas_folder",
]

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dqcheck.errors import Place, SchemaError, UsageError, suggest

_PACKAGE = Path(__file__).resolve().parent.parent
_VERSION = re.compile(r"""^version:\s*["']?([^\s"'#]+)""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Located:
    """A schema file that was found.

    Attributes:
        file: The file.
        shown: What to call it in messages.
    """

    file: Path
    shown: str


@cache
def schemas_folder() -> Path:
    """Return the folder of the packaged schemas: in the wheel, or at the top of a checkout."""
    shipped = _PACKAGE / "data" / "schemas"
    return shipped if shipped.is_dir() else _PACKAGE.parent.parent / "schemas"


@cache
def packaged_names() -> dict[str, tuple[str, ...]]:
    """Return the packaged standards and their versions, the newest first.

    The current version of a standard is `<name>.yaml`, older ones are
    `versions/<name>@<version>.yaml`.
    """
    folder = schemas_folder()
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.yaml")):
        found[file.stem] = [_version_in(file)]
    for file in sorted(folder.glob("versions/*@*.yaml")):
        name, _, version = file.stem.partition("@")
        found.setdefault(name, []).append(version)
    return {
        name: tuple(sorted(set(versions), key=_order, reverse=True))
        for name, versions in sorted(found.items())
    }


@cache
def packaged_lists() -> dict[str, Located]:
    """Return the packaged files of external code lists, by name: `nomis`, `ncic`."""
    files = sorted(schemas_folder().glob("lists/*.yaml"))
    return {file.stem: Located(file, f"lists/{file.name}") for file in files}


def _version_in(file: Path) -> str:
    match = _VERSION.search(file.read_text(encoding="utf-8"))
    return match[1] if match else ""


def _order(version: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part) if part.isdigit() else -1, part) for part in version.split("."))


def locate_standard(name: str) -> Located:
    """Return the packaged schema `name` or `name@version`; a version may be cut short.

    Raises:
        UsageError: If there is no such standard or no such version of it.
    """
    stem, at, wanted = name.partition("@")
    packaged = packaged_names()
    versions = packaged.get(stem)
    if versions is None:
        raise UsageError(
            f"there is no packaged standard {stem!r}",
            found=f"packaged: {', '.join(packaged) or 'none'}",
            hint=suggest(stem, packaged) or "give a schema of your own with --schema PATH",
        )
    if at and not wanted:
        raise UsageError(
            "no version is named after the @",
            found=name,
            hint=f"write {stem}@{versions[0]}, or {stem} for the newest version",
        )
    fitting = [
        version for version in versions if not wanted or f"{version}.".startswith(f"{wanted}.")
    ]
    if not fitting:
        raise UsageError(
            f"there is no version {wanted} of the standard {stem!r}",
            found=f"versions: {', '.join(versions)}",
        )
    folder = schemas_folder()
    current = folder / f"{stem}.yaml"
    if current.is_file() and _version_in(current) == fitting[0]:
        return Located(current, f"{stem}.yaml")
    file = folder / "versions" / f"{stem}@{fitting[0]}.yaml"
    return Located(file, file.name)


def locate_import(name: str, folder: Path | None, place: Place | None) -> Located:
    """Return the schema that an import names; nothing is ever fetched.

    A file next to the importing one comes first, then the packaged schemas, whose version can be
    pinned: `person@1.0.0`.

    Args:
        name: As it stands under `imports`.
        folder: The folder of the importing file; None where there is none.
        place: Where the import stands.

    Raises:
        SchemaError: If it is not found, or would have to be fetched.
    """
    if name.startswith("linkml:"):
        from linkml_runtime import SCHEMA_DIRECTORY  # type: ignore[import-untyped]

        file = Path(SCHEMA_DIRECTORY) / f"{name.removeprefix('linkml:')}.yaml"
        if file.is_file():
            return Located(file, name)
    elif ":" in name:
        raise SchemaError(
            f"the import {name} would have to be fetched, and schemas are never fetched",
            place=place,
            hint="save it beside the schema and import it by its file name",
        )
    for home in (folder, schemas_folder()):
        for ending in (".yaml", ".yml", ""):
            file = home / f"{name}{ending}" if home is not None else Path()
            if home is not None and file.is_file():
                return Located(file.resolve(), name)
    if "@" in name:
        try:
            located = locate_standard(name)
        except UsageError as error:
            raise SchemaError(
                error.message, place=place, found=error.found, hint=error.hint
            ) from None
        return Located(located.file.resolve(), name)
    raise SchemaError(
        f"the import {name} is not found",
        place=place,
        found=f"looked for {name}.yaml beside the schema and among the packaged ones",
        hint=suggest(name, ["linkml:types", *packaged_names()]),
    )
