"""The standards as a folder of HTML pages: an index, a page a standard, a page a code list.

The pages need no server, no network and no script; search alone needs a script, which comes with
its index. LinkML's own site generator wants a server and its pages know no rules.
"""

from __future__ import annotations

__all__ = ["render_site", "write", "write_site"]

import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from dqcheck.checks.compiled_rules import CompiledRules
from dqcheck.checks.rules import packaged_rules
from dqcheck.errors import Place, UsageError
from dqcheck.privacy import safe_path
from dqcheck.publish.notes import describe_kind, describe_need, describe_value, note_class
from dqcheck.standards.crosswalks import Link, Predicate, list_crosswalks, open_crosswalk
from dqcheck.standards.lists import find_code_list, list_code_lists, open_code_list
from dqcheck.standards.open import list_standards, open_standard
from dqcheck.standards.plan import EnumPlan, Plan
from dqcheck.store.files import write_file

_LOSSES = ("it is for people: no tool can check data with it",)
_MARK = '<meta name="generator" content="dqcheck">'
_ASSETS = ("style.css", "search.js")
_RELATIONS = {
    Predicate.EXACT: "means the same",
    Predicate.BROAD: "is broader: detail is lost",
    Predicate.NARROW: "is narrower: not translated",
    Predicate.CLOSE: "is much like it: not translated",
    Predicate.RELATED: "has to do with it: not translated",
}


def write(plan: Plan, out: Path) -> tuple[str, ...]:
    """Write the site of one standard to the folder `out`.

    Returns:
        What the pages can't do.

    Raises:
        UsageError: If it can't be written, or the folder holds something else.
    """
    _write_pages(render_site([plan], plan.enums.values()), out)
    return _LOSSES


def write_site(out: Path) -> tuple[str, ...]:
    """Write the site of all packaged standards and code lists to the folder `out`.

    Returns:
        What the pages can't do.

    Raises:
        UsageError: If it can't be written, or the folder holds something else.
    """
    plans = [open_standard(one.name) for one in list_standards()]
    own = [enum for plan in plans for enum in plan.enums.values()]
    others = [open_code_list(f"{one.file}.{one.name}") for one in list_code_lists()]
    _write_pages(render_site(plans, [*own, *others]), out)
    return _LOSSES


def _write_pages(pages: Iterable[tuple[str, str]], out: Path) -> None:
    place = Place(safe_path(out))
    if out.exists():
        index = out / "index.html"
        ours = index.is_file() and _MARK in index.read_text(encoding="utf-8", errors="replace")
        if not out.is_dir() or (any(out.iterdir()) and not ours):
            raise UsageError(
                "the folder holds something else: nothing is written there",
                place=place,
                hint="name a new or empty folder, or one with a site that dqcheck wrote",
            )
    try:
        for folder in (out, out / "standards", out / "lists"):
            folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(
            "the folder can't be made",
            place=place,
            found=error.strerror or "",
            hint="name a folder in one that exists",
        ) from None
    for name, text in pages:
        write_file(out / name, text.encode())


def render_site(plans: list[Plan], lists: Iterable[EnumPlan]) -> Iterator[tuple[str, str]]:
    """Yield the files of a site, each with its name in the folder.

    Args:
        plans: The standards.
        lists: The code lists; of several with one name the first.
    """
    enums: dict[str, EnumPlan] = {}
    for enum in lists:
        enums.setdefault(enum.name, enum)
    site = _Site(plans, enums)
    yield "index.html", site.render("index.html", "")
    for plan in plans:
        yield f"standards/{quote(plan.name)}.html", site.standard(plan)
    for enum in enums.values():
        yield f"lists/{quote(enum.name)}.html", site.code_list(enum)
    for name in _ASSETS:
        yield name, files("dqcheck.publish").joinpath("templates", name).read_text("utf-8")
    entries = json.dumps(site.entries(), ensure_ascii=False, separators=(",", ":"))
    yield "search-index.js", f"window.dqcheckIndex = {entries};\n"


class _Site:
    """Renders the pages, and knows which there are."""

    def __init__(self, plans: list[Plan], enums: dict[str, EnumPlan]) -> None:
        self.plans = plans
        self.enums = enums
        self.environment = Environment(
            loader=PackageLoader("dqcheck.publish"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters["id"] = _id
        self.environment.filters["fragment"] = lambda text: quote(_id(text))
        self.environment.filters["path"] = quote
        self.users: dict[str, list[tuple[Plan, str, str]]] = {}
        for plan in plans:
            for one in plan.classes.values():
                for slot in () if one.abstract else one.slots:
                    if slot.enum:
                        user = (plan, one.name, slot.name)
                        self.users.setdefault(slot.enum, []).append(user)

    def render(self, template: str, root: str, **values: Any) -> str:
        page = self.environment.get_template(template)
        return page.render(root=root, plans=self.plans, enums=self.enums, **values) + "\n"

    def standard(self, plan: Plan) -> str:
        rules = packaged_rules(plan)
        classes = [
            (one, note_class(one, rules.get(one.name, CompiledRules())))
            for one in plan.classes.values()
            if not one.abstract
        ]
        return self.render(
            "standard.html",
            "../",
            plan=plan,
            classes=classes,
            describe_kind=describe_kind,
            describe_need=describe_need,
        )

    def code_list(self, enum: EnumPlan) -> str:
        return self.render(
            "list.html",
            "../",
            enum=enum,
            users=self.users.get(enum.name, []),
            crosswalks=list(self.crosswalks(enum)),
            describe_value=describe_value,
        )

    def crosswalks(self, enum: EnumPlan) -> Iterator[tuple[str, list[tuple[str, Link, str]]]]:
        """Yield the lists that a crosswalk leads to, each with the links in words."""
        if find_code_list(enum.name) != enum:
            return
        ends = {end: other for pair in list_crosswalks() for end, other in (pair, pair[::-1])
                if enum.name in pair}  # fmt: skip
        for other in sorted(set(ends) - {enum.name}):
            crosswalk = open_crosswalk(enum.name, other)
            links = crosswalk.links if crosswalk else {}
            yield (
                other,
                [
                    (code, link, _RELATIONS[link.predicate] if link.predicate else "")
                    for code in sorted(links)
                    for link in links[code]
                    if code
                ],
            )

    def entries(self) -> list[list[str]]:
        """Return what can be found: what it is, its name, other words for it, and its page."""
        found: list[list[str]] = []
        for plan in self.plans:
            page = f"standards/{quote(plan.name)}.html"
            found.append(["standard", plan.title or plan.name, plan.name, page])
            for one in plan.classes.values():
                if one.abstract:
                    continue
                home = f"{page}#{quote(_id(one.name))}"
                found.append(["class", one.title or one.name, f"{plan.name} {one.name}", home])
                for slot in one.slots:
                    words = " ".join((plan.name, one.name, slot.column, *slot.aliases))
                    at = f"{page}#{quote(_id(f'{one.name}.{slot.name}'))}"
                    found.append(["column", slot.title or slot.column, words, at])
        for enum in self.enums.values():
            page = f"lists/{quote(enum.name)}.html"
            found.append(["code list", enum.title or enum.name, enum.name, page])
            for value in enum.values:
                words = " ".join((value.code, *value.aliases, *value.narrower))
                at = f"{page}#{quote(_id(value.code))}"
                found.append([enum.name, value.title or value.code, words, at])
        return found


def _id(text: str) -> str:
    """Return an id for what is called `text`: different for different texts, without spaces."""
    return f"-{quote(text, safe='')}"
