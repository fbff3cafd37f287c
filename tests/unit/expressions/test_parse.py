"""The rule language: what can be written, and where faults are found."""

from __future__ import annotations

import pytest

from dqcheck.errors import ConfigurationError, Place
from dqcheck.expressions.parse import Node, equate, parse


def _shown(node: Node) -> str:
    if node.kind == "list":
        return f"[{' '.join(map(_shown, node.parts))}]"
    if not node.parts:
        return node.text or "None"
    return f"({node.text} {' '.join(map(_shown, node.parts))})"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 + 2*3**-4 ** 2 - -7", "(- (+ 1 (* 2 (** 3 (neg (** 4 2))))) (neg 7))"),
        ("-2**2", "(neg (** 2 2))"),
        ("+x", "x"),
        ("a - b - c", "(- (- a b) c)"),
        ("a // b % c", "(% (// a b) c)"),
        ("(a + b) * c", "(* (+ a b) c)"),
        ("2 ** 3 ** 2", "(** 2 (** 3 2))"),
        ("not a == b and c or d", "(or (and (not (== a b)) c) d)"),
        ("a and b and c", "(and a b c)"),
        ("0 <= age < 120", "(and (<= 0 age) (< age 120))"),
        ("a in ['x', \"y\"]", "(in a [x y])"),
        ("a not in ('x',)", "(not in a [x])"),
        ("a is not missing", "(is present a)"),
        ("a is not present", "(is missing a)"),
        ("a not matches '\\d'", "(not matches a \\d)"),
        ("a matches r'\\b'", "(matches a \\b)"),
        ("x if a else y if b else z", "(if a x (if b y z))"),
        ("case((a, 1), (True, 2))", "(case [a 1] [true 2])"),
        ("{first name} == None", "(== first name None)"),
        ("max([1, 2])", "(max [1 2])"),
        ("f()", "f"),
        ("'it\\'s' + \"\\n\"", "(+ it's \n)"),
        (".5 + 1.e3", "(+ .5 1.e3)"),
        ("größe > 3", "(> größe 3)"),
    ],
)
def test_reads(text: str, shown: str) -> None:
    assert _shown(parse(text)) == shown


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("a = 1", 3, 'write "=="'),
        ("a && b", 3, 'write "and"'),
        ("a AND b", 3, 'write "and"'),
        ("2 ^ 6", 3, '"**" for powers'),
        ("a ≤ 3", 3, 'write "<="'),
        ("a == “x”", 6, "straight quotes"),
        ("a.b", 2, "a row is flat"),
        ("a[0]", 2, "can't be picked by position"),
        ("lambda x: 1", 9, "not part of the rule language"),
        ("lambda", 1, "not part of the language"),
        ("[x for x in y]", 4, '"]" is needed'),
        ("f'{a}'", 2, "should end here"),
        ("(a", 3, '")" is needed'),
        ("a b", 3, "should end here"),
        ("a ==", 5, "a value is needed"),
        ("", 1, "a value is needed"),
        ("()", 2, "a value is needed"),
        ("'abc", 1, "no closing quote"),
        ("010 == a", 1, "leading zeros"),
        ("2nd == a", 1, "begins with a digit"),
        ("if a then b", 1, "value if condition else other"),
        ("b if a", 7, '"else" is needed'),
        ("a is None", 6, 'write "is missing"'),
        ("a is 3", 6, 'compare values with "=="'),
        ("a not b", 7, '"not in" or "not matches"'),
        ("a matches '\\bx'", 11, "write r'"),
        ("f(a b)", 5, "separate values"),
        ("{a, b}", 1, "one slot name"),
        ("{}", 1, "one slot name"),
        ("{a", 1, "one slot name"),
        ("a; b", 2, "one expression"),
        ("a\x00b", 2, "character number 0"),
        ("(" * 200 + "a", 61, "levels deep"),
        ("not " * 200 + "a", 241, "levels deep"),
        ("-" * 200 + "1", 61, "levels deep"),
        ("+".join("a" * 200), 1, "levels deep"),
        (" or ".join("a" * 5000), 1, "at most 10000 characters"),
    ],
)
def test_refuses_with_place(text: str, column: int, part: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        parse(text, Place("rules.yaml", 7, 1))
    assert raised.value.place == Place("rules.yaml", 7, column)
    assert part in str(raised.value)


def test_counts_lines() -> None:
    with pytest.raises(ConfigurationError) as raised:
        parse("a and\n   b c", Place("rules.yaml", 7, 10))
    assert raised.value.place == Place("rules.yaml", 8, 6)


def test_equates_a_slot_with_an_expression() -> None:
    assert _shown(equate("total", parse("a + b"))) == "(== total (+ a b))"
