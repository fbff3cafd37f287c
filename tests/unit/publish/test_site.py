"""The site: links lead somewhere, ids are single, headings in order, nothing is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

import pytest

from dqcheck.errors import UsageError
from dqcheck.publish.site import render_site, write, write_site
from dqcheck.standards import list_code_lists, list_standards, open_code_list, open_standard
from dqcheck.standards.locate import packaged_names
from dqcheck.standards.plan import EnumPlan, Plan

VOID = {"area", "base", "br", "hr", "img", "input", "link", "meta", "wbr"}


class Page(HTMLParser):
    """What a page holds, read by the standard library's parser."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.landmarks: list[str] = []
        self.bare_headers = 0
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if tag in {"link", "script", "img", "iframe"}:
            self.loaded.append(found.get("href") or found.get("src") or "inline")
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append(int(tag[1]))
        if tag in {"header", "main", "footer", "nav"}:
            self.landmarks.append(tag)
        if tag == "th" and "scope" not in found:
            self.bare_headers += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """Return the text of the page, white space collapsed."""
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def all_lists() -> dict[str, EnumPlan]:
    own = [enum for name in packaged_names() for enum in open_standard(name).enums.values()]
    others = [open_code_list(f"{one.file}.{one.name}") for one in list_code_lists()]
    return {enum.name: enum for enum in [*own, *others]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    write_site(out)
    return out


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Page]:
    return {
        file.relative_to(folder).as_posix(): Page(file.read_text(encoding="utf-8"))
        for file in sorted(folder.rglob("*.html"))
    }


def test_links_lead_somewhere_in_the_site(pages: dict[str, Page]) -> None:
    ids = {name: set(page.ids) for name, page in pages.items()}
    dead = []
    for name, page in pages.items():
        for link in set(page.links):
            parts = urlsplit(link)
            path = unquote(parts.path)
            target = normpath((PurePosixPath(name).parent / path).as_posix()) if path else name
            lands = target in ids and (not parts.fragment or unquote(parts.fragment) in ids[target])
            if parts.scheme or not lands:
                dead.append((name, link))
    assert dead == []


def test_what_can_be_found_is_there(pages: dict[str, Page], folder: Path) -> None:
    script = (folder / "search-index.js").read_text(encoding="utf-8")
    entries = json.loads(script.removeprefix("window.dqcheckIndex = ").rstrip(";\n"))
    assert len(entries) > 15_000
    ids = {name: set(page.ids) for name, page in pages.items()}
    dead = []
    for *_, link in entries:
        path, _, fragment = link.partition("#")
        if unquote(path) not in ids or (fragment and unquote(fragment) not in ids[unquote(path)]):
            dead.append(link)
    assert dead == []
    assert any(
        "Dk Brown" in words and page.startswith("lists/Hair") for _, _, words, page in entries
    )


def test_pages_load_nothing_from_elsewhere(pages: dict[str, Page], folder: Path) -> None:
    loaded = {source for page in pages.values() for source in page.loaded}
    assert loaded == {"style.css", "../style.css", "search.js"}
    for name in ("style.css", "search.js"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "http" not in text
        assert "@import" not in text
        assert "url(" not in text


def test_pages_can_be_used_with_a_keyboard_and_a_screen_reader(pages: dict[str, Page]) -> None:
    faults = []
    for name, page in pages.items():
        doubled = len(page.ids) - len(set(page.ids))
        steps = zip([0, *page.headings], page.headings, strict=False)
        skipped = [step for step in steps if step[1] > step[0] + 1]
        single = page.headings.count(1) == 1 and page.landmarks.count("main") == 1
        first = page.links[0] == "#main"
        spaced = [found for found in page.ids if not found or " " in found]
        if doubled or skipped or not single or not first or page.bare_headers or spaced:
            faults.append(name)
        if page.open or not {"header", "main", "footer", "nav"} <= set(page.landmarks):
            faults.append(name)
    assert faults == []


def test_every_slot_is_there_with_its_checks_and_rules(pages: dict[str, Page]) -> None:
    for info in list_standards():
        plan = open_standard(info.name)
        page = pages[f"standards/{info.name}.html"]
        wanted = [
            (one.name, slot.name)
            for one in plan.classes.values()
            for slot in one.slots
            if not one.abstract
        ]
        assert {f"-{one}.{slot}" for one, slot in wanted} <= set(page.ids)
    vehicle = pages["standards/vehicle.html"].text
    assert "vehicle.vrm.age_issued" in vehicle
    assert "vehicle.Vehicle.one_record_a_vin" in vehicle
    assert "It is how a vehicle is found by every agency and every camera." in vehicle


def test_every_code_is_there(
    pages: dict[str, Page], folder: Path, all_lists: dict[str, EnumPlan]
) -> None:
    rows = {name: page.text for name, page in pages.items() if name.startswith("lists/")}
    assert {f"lists/{name}.html" for name in all_lists} == set(rows)
    for name, enum in all_lists.items():
        page = pages[f"lists/{name}.html"]
        assert sum(found.startswith("-") for found in page.ids) >= len(enum.values)
        missing = [
            value.code
            for value in enum.values
            if " ".join(value.code.split()) not in rows[f"lists/{name}.html"]
        ]
        assert missing == []


def test_a_list_says_who_uses_it_what_is_retired_and_what_it_is_elsewhere(
    pages: dict[str, Page],
) -> None:
    hair = pages["lists/HairColour.html"]
    assert "../standards/person.html#-Person.hair_colour" in hair.links
    assert "NomisHairColour.html#-BROWN" in hair.links
    assert "is broader: detail is lost" in hair.text
    assert "HCLT_0006" in hair.text
    councils = pages["lists/LocalAuthority.html"].text
    assert "retired on" in councils
    assert ", now " in councils


def _fleet_pages(fleet: Plan) -> Iterator[tuple[str, str]]:
    return render_site([fleet], fleet.enums.values())


def test_the_site_of_one_standard_stands_alone_and_escapes_what_it_shows(fleet: Plan) -> None:
    files = dict(_fleet_pages(fleet))
    assert files == dict(_fleet_pages(fleet))
    assert "lists/Colour.html" in files
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in files["lists/Colour.html"]
    assert "<b>&" not in "".join(text for name, text in files.items() if name.endswith("html"))
    page = Page(files["standards/fleet.html"])
    assert "Fleet <b>& more</b>" in page.text
    assert "fleet.Car.sold_cars_have_a_day" in page.text
    assert page.open == []


def test_a_folder_with_something_else_is_left_alone(fleet: Plan, tmp_path: Path) -> None:
    other = tmp_path / "index.html"
    other.write_text("<p>mine</p>", encoding="utf-8")
    with pytest.raises(UsageError, match="holds something else"):
        write(fleet, tmp_path)
    with pytest.raises(UsageError, match="holds something else"):
        write(fleet, other)
    with pytest.raises(UsageError, match="can't be made"):
        write(fleet, tmp_path / "none" / "site")
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]
    assert other.read_text(encoding="utf-8") == "<p>mine</p>"


def test_a_site_is_written_anew_in_its_own_folder(fleet: Plan, tmp_path: Path) -> None:
    write(fleet, tmp_path / "site")
    (tmp_path / "site" / "style.css").write_text("", encoding="utf-8")
    write(fleet, tmp_path / "site")
    assert (tmp_path / "site" / "style.css").read_text(encoding="utf-8") != ""
