"""Code lists by name: those of other systems, and those of the packaged standards."""

from __future__ import annotations

__all__ = ["CodeListInfo", "find_code_list", "list_code_lists", "open_all", "open_code_list"]

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from dqcheck.errors import UsageError, suggest
from dqcheck.standards import store
from dqcheck.standards.locate import packaged_lists, packaged_names
from dqcheck.standards.open import open_packaged, open_standard
from dqcheck.standards.plan import EnumPlan, Plan


@dataclass(frozen=True, slots=True)
class CodeListInfo:
    """A packaged code list of another system.

    Attributes:
        name: The name of its enum: `NomisHairColour`.
        file: The file it stands in: `nomis`.
        version: The version of that file.
        title: In plain words.
        codes: How many codes it has.
        owner: Who looks after the codes.
        licence: Under which terms the codes may be used.
    """

    name: str
    file: str
    version: str
    title: str
    codes: int
    owner: str
    licence: str


def list_code_lists() -> tuple[CodeListInfo, ...]:
    """Return the packaged code lists of other systems, by file and name.

    The lists of the standards are not among them: these stand in the standards' own plans.
    """
    return tuple(
        CodeListInfo(
            name=enum.name,
            file=file,
            version=plan.version,
            title=enum.title,
            codes=len(enum.values),
            owner=enum.owner,
            licence=enum.licence,
        )
        for file in packaged_lists()
        for plan in [_open_file(file)]
        for enum in plan.enums.values()
    )


def open_code_list(name: str) -> EnumPlan:
    """Return a packaged code list, of another system or of a standard.

    Args:
        name: The enum's name, or with the file or standard it stands in: `NomisHairColour`,
            `nomis.NomisHairColour`, `person.HairColour`.

    Raises:
        UsageError: If there is no such list.
    """
    found = find_code_list(name)
    if found is None:
        raise UsageError(
            f"there is no packaged code list {name!r}",
            hint=suggest(name.rpartition(".")[2], sorted(_read_names())),
        )
    return found


@cache
def find_code_list(name: str) -> EnumPlan | None:
    """Return a packaged code list as `open_code_list` does; None if there is none."""
    home, _, enum = name.rpartition(".")
    if home in packaged_lists():
        return _open_file(home).enums.get(enum)
    if home:
        return open_standard(home).enums.get(enum) if home in packaged_names() else None
    for compiled, open_home, home in _list_homes():
        # All but one are in vain: a look at their text is quicker than reading them.
        text = store.read_shipped(compiled)
        if not text or f'"{enum}":{{' in text:
            found = open_home(home).enums.get(enum)
            if found is not None:
                return found
    return None


def _list_homes() -> Iterator[tuple[str, Callable[[str], Plan], str]]:
    """Yield where code lists stand: the plan that ships, what opens it, and its name."""
    for file in packaged_lists():
        yield _compiled(file), _open_file, file
    for standard in packaged_names():
        yield f"{standard}.json", open_standard, standard


def _read_names() -> set[str]:
    """Return the names of all code lists in the plans that ship, for hints."""
    texts = (store.read_shipped(compiled) for compiled, _, _ in _list_homes())
    return {name for text in texts if text for name in json.loads(text)["plan"]["enums"]}


def open_all() -> Iterator[Plan]:
    """Return the plans of all packaged code lists and standards, in their current versions."""
    yield from map(_open_file, packaged_lists())
    yield from map(open_standard, packaged_names())


def _compiled(file: str) -> str:
    return f"lists/{file}.json"


def _open_file(file: str) -> Plan:
    return open_packaged(packaged_lists()[file], _compiled(file))
