"""Which class the rows are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dqcheck.errors import UsageError
from dqcheck.standards import choose_class, open_schema
from dqcheck.standards.plan import Plan

SEVERAL = """\
classes:
  Base: {abstract: true, attributes: {x: {}}}
  Person: {is_a: Base, title: A human being}
  Thing: {is_a: Base}
"""


@pytest.mark.parametrize("name", ["Person", "person", "a human being"])
def test_a_name_or_title_in_any_case_will_do(compiled: Callable[[str], Plan], name: str) -> None:
    assert choose_class(compiled(SEVERAL), name).name == "Person"


@pytest.mark.parametrize(
    ("name", "message", "found", "hint"),
    [
        (None, "the schema t has several classes: say which one the rows are",
         "classes: Person, Thing", "give --class NAME"),
        ("Persn", "the schema t has no class Persn",
         "classes: Person, Thing", 'did you mean "Person"?'),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_names_the_choices(
    compiled: Callable[[str], Plan], name: str | None, message: str, found: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        choose_class(compiled(SEVERAL), name)
    assert (caught.value.message, caught.value.found, caught.value.hint) == (message, found, hint)


@pytest.mark.parametrize(
    ("schema", "chosen"),
    [
        ("classes: {A: {}, B: {tree_root: true, attributes: {x: {}}}}\n", "B"),
        ("classes: {A: {attributes: {x: {}}}, B: {tree_root: true, attributes: "
         "{all: {range: A, multivalued: true, inlined_as_list: true}}}}\n", "A"),
        ("classes: {A: {attributes: {x: {}}}, B: {abstract: true}}\n", "A"),
        ("classes: {A: {attributes: {t: {designates_type: true}}, abstract: true, "
         "tree_root: true}, B: {is_a: A}}\n", "B"),
    ],
)  # fmt: skip
def test_the_tree_root_its_content_or_the_only_class_is_chosen(
    compiled: Callable[[str], Plan], schema: str, chosen: str
) -> None:
    assert choose_class(compiled(schema), None).name == chosen


@pytest.mark.parametrize(("own", "chosen"), [("true", "Sighting"), ("false", "Base")])
def test_the_root_of_an_import_gives_way_to_one_of_the_schemas_own(
    tmp_path: Path, own: str, chosen: str
) -> None:
    head = "id: http://example.org/{0}\nname: {0}\nimports: [{1}]\n"
    base = "classes: {Base: {tree_root: true, attributes: {x: {}}}}\n"
    sighting = f"classes: {{Sighting: {{tree_root: {own}, attributes: {{y: {{}}}}}}}}\n"
    (tmp_path / "base.yaml").write_text(head.format("base", "linkml:types") + base)
    (tmp_path / "own.yaml").write_text(head.format("own", "base") + sighting)
    assert choose_class(open_schema(tmp_path / "own.yaml"), None).name == chosen


def test_an_abstract_class_is_taken_by_name_and_refuses_every_row(
    compiled: Callable[[str], Plan], violations: Callable[..., list[str]]
) -> None:
    plan = compiled(SEVERAL)
    assert choose_class(plan, "Base").name == "Base"
    assert violations(plan, "Base", [{"x": "a"}]) == ["t.Base.abstract"]
