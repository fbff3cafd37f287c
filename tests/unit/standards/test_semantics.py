"""What each feature of LinkML demands of rows: schema, then rows that pass and rows that fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from dqcheck.standards.plan import Plan

CASES = """
- name: cardinality and lists
  schema: |
    classes:
      C:
        attributes:
          s: {multivalued: true, minimum_cardinality: 2, maximum_cardinality: 3, list_elements_unique: true}
          e: {multivalued: true, exact_cardinality: 2}
  pass: [{s: [a, b]}, {}, {e: [a, b]}]
  fail:
    t.s.minimum_cardinality: [{s: [a]}, {s: []}]
    t.s.maximum_cardinality: [{s: [a, b, c, d]}]
    t.s.distinct_elements: [{s: [a, a]}]
    t.e.exact_cardinality: [{e: [a]}]
    t.s.list: [{s: a}]
- name: members
  schema: |
    classes:
      C:
        attributes:
          h: {range: integer, multivalued: true, has_member: {minimum_value: 10}}
          a: {range: integer, multivalued: true, all_members: {maximum_value: 10}}
  pass: [{h: [1, 10]}, {a: [1, 2]}, {a: []}, {}]
  fail:
    t.h.has_member: [{h: [1]}, {h: []}]
    t.a.all_members: [{a: [1, 11]}]
- name: presence
  schema: |
    classes:
      C:
        attributes:
          r: {required: true}
          p: {value_presence: PRESENT}
          a: {value_presence: ABSENT}
  pass: [{r: x, p: y}]
  fail:
    t.r.required: [{p: y}]
    t.p.present: [{r: x}]
    t.a.absent: [{r: x, p: y, a: z}]
- name: a rule with else
  schema: |
    classes:
      C:
        attributes:
          a: {range: integer}
          b: {range: integer}
          c: {}
        rules:
        - title: If a then b
          preconditions: {slot_conditions: {a: {equals_number: 1}}}
          postconditions: {slot_conditions: {b: {minimum_value: 5}}}
          elseconditions: {slot_conditions: {c: {required: true}}}
  pass: [{a: 1, b: 5}, {a: 2, c: x}, {c: x}]
  fail:
    t.C.if_a_then_b: [{a: 1, b: 4}, {a: 1}, {a: 2}, {}]
- name: an open world, and what is deactivated
  schema: |
    classes:
      C:
        attributes: {a: {range: integer}, b: {range: integer}}
        rules:
        - open_world: true
          preconditions: {slot_conditions: {a: {equals_number: 1}}}
          postconditions: {slot_conditions: {b: {minimum_value: 5}}}
        - deactivated: true
          postconditions: {slot_conditions: {b: {minimum_value: 500}}}
  pass: [{a: 1, b: 5}, {a: 1}, {b: 1}]
  fail:
    t.C.rule_1: [{a: 1, b: 4}]
- name: both ways
  schema: |
    classes:
      C:
        attributes: {a: {}, b: {}}
        rules:
        - bidirectional: true
          preconditions: {slot_conditions: {a: {equals_string: x}}}
          postconditions: {slot_conditions: {b: {equals_string: y}}}
  pass: [{a: x, b: y}, {a: w, b: z}, {}]
  fail:
    t.C.rule_1: [{a: x, b: z}, {a: w, b: y}, {b: y}]
- name: rules and conditions of parents and mixins
  schema: |
    classes:
      P:
        attributes: {a: {}, b: {}}
        rules:
        - preconditions: {slot_conditions: {a: {equals_string: x}}}
          postconditions: {slot_conditions: {b: {value_presence: ABSENT}}}
      M:
        mixin: true
        any_of:
        - slot_conditions: {a: {required: true}}
        - slot_conditions: {b: {required: true}}
      C: {is_a: P, mixins: [M]}
  pass: [{a: x}, {b: y}]
  fail:
    t.P.rule_1: [{a: x, b: y}]
    t.M.any_of: [{}]
- name: types and their parents
  schema: |
    types:
      T1: {typeof: integer, minimum_value: 0, maximum_value: 100}
      T2: {typeof: T1, maximum_value: 50}
      P: {typeof: string, pattern: "^A"}
      P2: {typeof: P}
      U: {typeof: string, union_of: [integer, date]}
      X: {typeof: string, any_of: [{equals_string: a}, {pattern: "^b"}]}
    classes:
      C:
        attributes: {t: {range: T2}, p: {range: P2}, u: {range: U}, x: {range: X}}
  pass: [{t: 20}, {p: Ab}, {u: 3}, {u: "2020-01-01"}, {x: a}, {x: bb}]
  fail:
    t.t.minimum_value: [{t: -1}]
    t.t.maximum_value_2: [{t: 60}]
    t.t.type: [{t: x}]
    t.p.pattern: [{p: b}]
    t.u.union_of: [{u: x}]
    t.x.any_of: [{x: c}]
- name: bounds and constants
  schema: |
    classes:
      C:
        attributes:
          d: {range: date, minimum_value: "2020-01-01", maximum_value: 2021-01-01}
          f: {range: float, equals_number: 3}
          i: {range: integer, minimum_value: 1.5}
          e: {equals_string: x}
          n: {equals_string_in: [x, y]}
  pass: [{d: "2020-06-01"}, {f: 3.0}, {i: 2}, {e: x, n: y}]
  fail:
    t.d.minimum_value: [{d: "2019-06-01"}]
    t.d.maximum_value: [{d: "2022-06-01"}]
    t.f.equals_number: [{f: 4.0}]
    t.i.minimum_value: [{i: 1}]
    t.e.equals_string: [{e: y}]
    t.n.equals_string_in: [{n: z}]
- name: code lists
  schema: |
    enums:
      A: {permissible_values: {a1: {}, a2: {}}}
      B: {inherits: [A], permissible_values: {b1: {deprecated: "use a1"}}}
      M: {inherits: [A], minus: [{permissible_values: {a2: {}}}]}
      I: {include: [{permissible_values: {z: {}}}], concepts: ["X:1"]}
      K: {is_a: A, permissible_values: {k: {is_a: a1}}}
      E: {permissible_values: {}}
    classes:
      C:
        attributes:
          b: {range: B}
          m: {range: M}
          i: {range: I}
          k: {range: K}
          e: {range: E}
          q: {enum_range: {permissible_values: {k: {}}}}
          any: {any_of: [{range: A}, {range: M}]}
  pass: [{b: a1}, {b: b1}, {m: a1}, {i: z}, {i: "X:1"}, {k: k}, {e: x}, {q: k}, {any: a2}]
  fail:
    t.m.permissible_value: [{m: a2}]
    t.i.permissible_value: [{i: y}]
    t.k.permissible_value: [{k: a1}]
    t.q.permissible_value: [{q: l}]
    t.any.any_of: [{any: b}]
- name: one slot from others
  schema: |
    classes:
      C:
        attributes:
          w: {range: integer}
          h: {range: integer}
          area: {range: integer, equals_expression: "{w} * {h}"}
          text: {string_serialization: "{w}x{h}"}
  pass: [{w: 2, h: 3, area: 6, text: 2x3}, {w: 2, area: 7}, {text: q}]
  fail:
    t.area.equals_expression: [{w: 2, h: 3, area: 7}]
    t.text.string_serialization: [{w: 2, h: 3, text: 2x4}]
- name: patterns and prefixes
  schema: |
    settings: {num: "[0-9]+"}
    classes:
      C:
        id_prefixes: [ex]
        attributes:
          id: {range: uriorcurie, identifier: true}
          a: {structured_pattern: {syntax: "{num}cm", interpolated: true}}
          b: {structured_pattern: {syntax: "{num}cm", interpolated: true, partial_match: true}}
          l: {pattern: "^(?!x)"}
          im: {range: uriorcurie, implicit_prefix: ex}
          s: {subproperty_of: top}
    slots: {top: {}, under: {is_a: top}}
  pass:
  - {id: "ex:1", a: 12cm, b: x12cm, l: y, im: "12", s: under}
  - {id: "http://example.org/1"}
  fail:
    t.id.prefix: [{id: "other:1"}]
    t.a.pattern: [{id: "ex:1", a: x12cm}]
    t.l.pattern: [{id: "ex:1", l: xy}]
    t.im.type: [{id: "ex:1", im: "1 2"}]
    t.s.subproperty: [{id: "ex:1", s: id}]
- name: designated types
  schema: |
    classes:
      C:
        abstract: true
        attributes: {type: {designates_type: true}, n: {}}
      K:
        is_a: C
        attributes: {k: {required: true}}
      L:
        is_a: C
        attributes: {l: {range: integer}}
  pass: [{type: K, k: "1"}, {type: L}, {type: L, l: 1}]
  fail:
    t.k.required: [{type: K}]
    t.l.type: [{type: L, l: x}]
    t.l.not_in_class: [{type: K, k: "1", l: 1}]
    t.type.designated_type: [{type: Q}, {type: C}]
    t.C.abstract: [{n: x}]
- name: types told by classification
  schema: |
    classes:
      C:
        attributes: {s: {range: integer}}
      D:
        is_a: C
        attributes: {d: {}}
        classification_rules: [{is_a: C, slot_conditions: {s: {minimum_value: 10}}}]
  pass: [{s: 15, d: x}, {s: 5}, {}]
  fail:
    t.d.not_in_class: [{s: 5, d: x}, {d: x}]
- name: boolean expressions over a class
  schema: |
    classes:
      C:
        attributes: {a: {range: integer}, b: {range: integer}}
        exactly_one_of:
        - slot_conditions: {a: {minimum_value: 10}}
        - slot_conditions: {b: {minimum_value: 20}}
        none_of:
        - slot_conditions: {a: {equals_number: 99}}
  pass: [{a: 20, b: 0}, {}, {a: 0}]
  fail:
    t.C.exactly_one_of: [{a: 20, b: 20}, {a: 0, b: 0}]
    t.C.none_of: [{a: 99}]
- name: a nested record is no text
  schema: |
    classes:
      N: {attributes: {x: {}}}
      C: {attributes: {n: {range: N}, m: {range: N, multivalued: true}}}
  pass: [{n: {x: y}}, {m: [{x: y}]}, {}]
  fail:
    t.n.type: [{n: text}, {n: [text]}]
    t.m.type: [{m: text}]
- name: keys
  schema: |
    classes:
      C:
        attributes: {id: {identifier: true}, a: {}, b: {}}
        unique_keys: {pair: {unique_key_slots: [a, b], consider_nulls_inequal: true}}
  pass: [{id: x, a: "1"}]
  fail:
    t.id.required: [{a: "1"}]
"""  # noqa: E501


def _cases() -> list[Any]:
    found = []
    for case in yaml.safe_load(CASES):
        rows = [(row, None) for row in case["pass"]]
        rows += [(row, check) for check, failing in case["fail"].items() for row in failing]
        found += [
            pytest.param(case["schema"], row, check, id=f"{case['name']}-{number}")
            for number, (row, check) in enumerate(rows)
        ]
    return found


@pytest.mark.parametrize(("schema", "row", "check"), _cases())
def test_a_row_fails_what_it_should_and_nothing_else_fails_a_good_row(
    schema: str,
    row: dict[str, Any],
    check: str | None,
    compiled: Callable[[str], Plan],
    violations: Callable[..., list[str]],
) -> None:
    found = violations(compiled(schema), "C", [row])
    assert check in found if check else found == []


def test_unique_keys_are_checked_over_rows(
    compiled: Callable[[str], Plan], violations: Callable[..., list[str]]
) -> None:
    schema = """\
classes:
  C:
    attributes: {id: {identifier: true}, a: {}, b: {}}
    unique_keys:
      pair: {unique_key_slots: [a, b], consider_nulls_inequal: true}
"""
    plan = compiled(schema)
    assert violations(plan, "C", "id,a,b\n1,x,y\n2,x,y\n") == ["t.C.pair"]
    assert violations(plan, "C", "id,a,b\n1,x,\n2,x,\n") == []
    assert violations(plan, "C", "id,a,b\n1,x,\n1,y,\n") == ["t.id.unique"]


def test_a_cell_of_text_is_read_as_its_slot_says(
    compiled: Callable[[str], Plan], violations: Callable[..., list[str]]
) -> None:
    schema = """\
classes:
  C:
    attributes:
      i: {range: integer, multivalued: true, all_members: {minimum_value: 3}}
      b: {range: boolean}
      any: {range: Any, minimum_value: 10}
  Any: {class_uri: linkml:Any}
"""
    plan = compiled(schema)
    assert violations(plan, "C", "i,b,any\n3|4,true,5\n") == []
    assert violations(plan, "C", "i,b\n3|2,maybe\n") == ["t.i.all_members", "t.b.type"]
    assert violations(plan, "C", [{"any": 5}]) == ["t.any.minimum_value"]


def test_a_slot_that_no_one_knows_is_refused_unless_extra_slots_allows_it(
    compiled: Callable[[str], Plan], violations: Callable[..., list[str]]
) -> None:
    closed = "classes: {C: {attributes: {a: {}}}}\n"
    opened = "classes: {C: {extra_slots: {allowed: true}, attributes: {a: {}}}}\n"
    assert violations(compiled(closed), "C", "a,q\n1,2\n") == ["t.C.unknown_column"]
    assert violations(compiled(opened), "C", "a,q\n1,2\n") == []
