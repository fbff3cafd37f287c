"""What has changed between two versions of a schema, and whom it breaks."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from dqcheck.checks.compare import Change, compare
from dqcheck.checks.compare_trees import Relation, can_fail, relate
from dqcheck.standards import open_schema_text, open_standard
from dqcheck.standards.plan import Plan

SCHEMA = """
id: http://example.org/t
name: t
title: Cars
imports: [linkml:types]
default_range: string
enums:
  Colour:
    permissible_values: {"red": {}, "blue": {}, "grey": {aliases: [gray]}}
classes:
  Car:
    tree_root: true
    extra_slots: {allowed: true}
    attributes:
      mark: {identifier: true, pattern: "^[A-Z]+$"}
      colour: {range: Colour, required: true, aliases: [COL]}
      wheels: {range: integer, minimum_value: 3, maximum_value: 8}
      maker: {recommended: true}
"""


def plan(**edits: Any) -> Plan:
    """Return the schema with values put in; keys are paths with `__` between their parts."""
    data = copy.deepcopy(yaml.safe_load(SCHEMA))
    for path, value in edits.items():
        *keys, last = path.split("__")
        part = data
        for key in keys:
            part = part.setdefault(key, {})
        if value is None:
            part.pop(last)
        else:
            part[last] = value
    return open_schema_text(yaml.safe_dump(data, sort_keys=False), "t.yaml")


CAR = "classes__Car"
SLOT = f"{CAR}__attributes"
CODES = "enums__Colour__permissible_values"
PRODUCER, CONSUMER, BOTH, NOBODY = (True, False), (False, True), (True, True), (False, False)


@pytest.mark.parametrize(
    ("edits", "what", "place", "breaks"),
    [
        ({f"{CODES}__green": {}}, "added", "Colour: green", CONSUMER),
        ({f"{CODES}__red": None}, "removed", "Colour: red", PRODUCER),
        ({"enums__Few": {"permissible_values": {"red": {}}}, f"{SLOT}__colour__range": "Few"},
         "narrowed", "colour.permissible_value", PRODUCER),
        ({f"{CODES}__red": {"deprecated": "old"}}, "retired", "Colour: red", NOBODY),
        ({f"{CODES}__red": {"title": "Red"}}, "reworded", "Colour: red", NOBODY),
        ({f"{SLOT}__wheels__minimum_value": 4}, "narrowed", "wheels.minimum_value", PRODUCER),
        ({f"{SLOT}__wheels__minimum_value": 2}, "widened", "wheels.minimum_value", CONSUMER),
        ({f"{SLOT}__wheels__minimum_value": None}, "widened", "wheels.minimum_value", CONSUMER),
        ({f"{SLOT}__wheels__maximum_value": 9}, "widened", "wheels.maximum_value", CONSUMER),
        ({f"{SLOT}__wheels__maximum_value": 7}, "narrowed", "wheels.maximum_value", PRODUCER),
        ({f"{SLOT}__mark__pattern": "^[A-Z]*$"}, "changed", "mark.pattern", BOTH),
        ({f"{SLOT}__colour__required": None}, "widened", "colour.required", CONSUMER),
        ({f"{SLOT}__maker__required": True}, "narrowed", "maker.required", PRODUCER),
        ({f"{SLOT}__maker__recommended": None}, "widened", "maker.recommended", NOBODY),
        ({f"{SLOT}__age": {"range": "integer"}}, "added", "Car.age", NOBODY),
        ({f"{SLOT}__age": {"required": True}}, "narrowed", "age.required", PRODUCER),
        ({f"{SLOT}__maker": None}, "removed", "Car.maker", CONSUMER),
        ({f"{SLOT}__colour__aliases": None}, "narrowed", "Car.colour", PRODUCER),
        ({f"{SLOT}__colour__multivalued": True}, "changed", "Car.colour", BOTH),
        ({f"{SLOT}__wheels__range": "decimal"}, "widened", "wheels.type", CONSUMER),
        ({f"{CAR}__extra_slots": None}, "narrowed", "Car", PRODUCER),
        ({f"{CAR}__abstract": True}, "narrowed", "Car", PRODUCER),
        ({f"{CAR}__tree_root": None}, "changed", "Car", PRODUCER),
        ({"classes__Van": {"is_a": "Car"}}, "added", "Van", NOBODY),
        ({f"{CAR}__unique_keys": {"k": {"unique_key_slots": ["maker"]}}}, "narrowed",
         "Car.k", PRODUCER),
        ({f"{SLOT}__wheels__annotations": {"severity": "warning"}}, "widened",
         "wheels.minimum_value", CONSUMER),
        ({f"{SLOT}__maker__annotations": {"privacy": "none"}}, "changed", "Car.maker", NOBODY),
        ({"title": "Automobiles"}, "reworded", "t", NOBODY),
    ],
)  # fmt: skip
def test_a_change_is_named_and_judged(
    edits: dict[str, Any], what: str, place: str, breaks: tuple[bool, bool]
) -> None:
    changes = compare(plan(), plan(**edits))
    (found,) = [one for one in changes if one.what == what and one.place == place][:1] or [changes]
    assert isinstance(found, Change), found
    assert (found.breaks_producers, found.breaks_consumers) == breaks


def test_a_slot_that_takes_the_old_name_as_an_alias_is_renamed() -> None:
    new = plan(**{f"{SLOT}__maker": None, f"{SLOT}__make": {"aliases": ["maker"]}})
    found = [one for one in compare(plan(), new) if one.what in ("renamed", "removed", "added")]
    assert found == [Change("renamed", "slot", "Car.maker", "is now make", True, True)]


def test_nothing_has_changed() -> None:
    assert compare(plan(), plan()) == ()
    for name in ("person", "vehicle", "address"):
        assert compare(open_standard(name), open_standard(name)) == ()


def test_what_version_1_0_accepted_is_compared_with_its_rules() -> None:
    changes = compare(open_standard("person@1.0.0"), open_standard("person"))
    added = {one.place for one in changes if one.what == "added" and one.part == "slot"}
    assert "Person.nhs_number" in added
    assert not [one for one in changes if one.part in ("slot", "class", "code") and
                one.breaks_producers]  # fmt: skip


A, B = ["valid", "a", "integer"], ["valid", "b", "integer"]
ONE, TWO = ["lit", "integer", "1"], ["lit", "integer", "2"]
VALUE = ["value", "a", "integer"]


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        (A, A, Relation.SAME),
        (A, ["and", A, B], Relation.NARROWER),
        (A, ["or", A, B], Relation.WIDER),
        (["and", A, B], ["or", A, B], Relation.OTHER),
        (["and", A, B], ["and", B, A], Relation.SAME),
        (["not", A], ["not", ["and", A, B]], Relation.WIDER),
        (["implies", A, B], ["implies", ["and", A, B], B], Relation.WIDER),
        (["if", A, B, A], ["if", B, B, A], Relation.OTHER),
        (["if", A, B, A], ["if", A, ["and", B, A], A], Relation.NARROWER),
        (["ge", VALUE, ONE], ["ge", VALUE, TWO], Relation.NARROWER),
        (["lt", VALUE, ONE], ["lt", VALUE, TWO], Relation.WIDER),
        (["ge", VALUE, ONE], ["gt", VALUE, ONE], Relation.OTHER),
        (["in", VALUE, [ONE]], ["in", VALUE, [ONE, TWO]], Relation.WIDER),
        (["in", VALUE, [ONE, TWO]], ["in", VALUE, [TWO]], Relation.NARROWER),
        (["in", VALUE, [ONE]], ["in", VALUE, [TWO]], Relation.OTHER),
        (["every", "a", A], ["every", "a", ["and", A, B]], Relation.NARROWER),
        (["matches", ["text", "a"], "x"], ["matches", ["text", "a"], "y"], Relation.OTHER),
        (A, ["valid", "a", "decimal"], Relation.WIDER),
        (["valid", "a", "decimal"], A, Relation.NARROWER),
        (A, ["valid", "a", "string"], Relation.OTHER),
    ],
)
def test_trees_are_related_by_their_form(old: Any, new: Any, relation: Relation) -> None:
    assert relate(old, new) is relation
    opposite = {Relation.WIDER: Relation.NARROWER, Relation.NARROWER: Relation.WIDER}
    assert relate(new, old) is opposite.get(relation, relation)


@pytest.mark.parametrize(
    ("tree", "fails"),
    [
        (["present", "a"], True),
        (["not", ["present", "a"]], False),
        (A, False),
        (["and", A, B], True),
        (["or", A, B], False),
        (["ge", ["add", VALUE, ONE], TWO], False),
        (["ge", ["coalesce", VALUE, ONE], TWO], True),
        (["if", ["present", "a"], B, ["lit", None, None]], False),
        (["if", ["present", "a"], ["lit", None, None], B], True),
        (["true", A], True),
        (["implies", ["present", "a"], B], False),
    ],
)
def test_a_row_without_a_slot_fails_only_where_it_can(tree: Any, *, fails: bool) -> None:
    assert can_fail(tree, frozenset({"a"})) is fails
