"""The rule language: from text to a tree of nodes with places.

The language is a superset of the expressions of LinkML's `equals_expression`
(`linkml_runtime.utils.eval_utils`), described in `docs/expressions.md`. It is read by a parser of
our own, so that every fault has a line and a column, and so that nothing outside the language can
be written in it. What the names mean and whether the types fit is decided by
`dqcheck.expressions.resolve`.
"""

from __future__ import annotations

__all__ = ["Locate", "Node", "equate", "parse"]

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Literal

from dqcheck.errors import ConfigurationError, Place
from dqcheck.expressions.parse_tokens import Token, tokenize

Locate = Callable[[int], Place]

# Deep trees would exhaust the stack of Polars, which walks them by recursion.
_MAX_HEIGHT = 60
_MAX_LENGTH = 10_000

_OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _SIGN, _POWER = range(1, 9)
_ARITHMETIC = {
    "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "//": _MULTIPLY, "%": _MULTIPLY,
}  # fmt: skip
_COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
_CONSTANTS = {"True": "true", "False": "false"}
_STATES = ("missing", "present")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression, before its names are resolved.

    Attributes:
        kind: `number`, `text` and `truth` (`text` holds the value), `nothing` (None), `name` and
            `braced` (a slot as `x` and as `{x}`), `list` (also of round brackets), `call`
            (`text` is the function) or `operator`.
        text: As `kind` says. Operators are spelled as in the language; besides `neg`, `if` (parts
            condition, value, other), `is missing`, `is present`, `not in`, `not matches`.
        parts: The operands.
        place: Where it begins.
        height: Levels of nodes, 1 for a leaf.
    """

    kind: Literal[
        "number", "text", "truth", "nothing", "name", "braced", "list", "call", "operator"
    ]
    text: str
    parts: tuple[Node, ...]
    place: Place
    height: int


def parse(
    text: str,
    place: Place | None = None,
    *,
    locate: Locate | None = None,
    records: Container[str] = (),
) -> Node:
    """Return the tree of nodes of the expression `text`.

    Args:
        text: The expression.
        place: Where its first character stands.
        locate: What turns an offset in `text` into a place, where the text does not stand
            unbroken in its document (`dqcheck.documents` gives one); else `place` is counted on.
        records: The names of other records, whose slots are written `name.slot`.

    Raises:
        ConfigurationError: If it is no expression of the language, with the place of the first
            fault.
    """
    find = locate or _counted(text, place or Place("expression", 1, 1))
    if len(text) > _MAX_LENGTH:
        raise ConfigurationError(
            f"an expression may have at most {_MAX_LENGTH} characters",
            place=find(0),
            found=f"{len(text)} characters",
            hint="split it into several rules",
        )
    parser = _Parser(tokenize(text, find), records)
    return parser.whole()


def equate(slot: str, node: Node) -> Node:
    """Return the node that says that slot `slot` equals `node` (LinkML's `equals_expression`)."""
    name = Node("name", slot, (), node.place, 1)
    return Node("operator", "==", (name, node), node.place, node.height + 1)


def _counted(text: str, start: Place) -> Locate:
    def locate(offset: int) -> Place:
        before = text[:offset]
        breaks = before.count("\n")
        if start.line is None or start.column is None:
            return start
        if not breaks:
            return Place(start.path, start.line, start.column + offset)
        return Place(start.path, start.line + breaks, offset - before.rfind("\n"))

    return locate


class _Parser:
    """Precedence climbing over tokens; the levels are Python's."""

    def __init__(self, tokens: list[Token], records: Container[str]) -> None:
        self.tokens = tokens
        self.records = records
        self.position = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.ternary()
        self.expect_end()
        return node

    # --- tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def at(self, *texts: str) -> bool:
        return self.token.kind in ("word", "sign") and self.token.text in texts

    def next(self) -> Token:
        token = self.token
        self.position += token.kind != "end"
        return token

    def take(self, text: str, hint: str = "") -> Token:
        if not self.at(text):
            raise self.fault(f'"{text}" is needed here', hint)
        return self.next()

    def fault(self, message: str, hint: str = "") -> ConfigurationError:
        token = self.token
        found = "the end of the expression" if token.kind == "end" else token.source
        return ConfigurationError(message, place=token.place, found=found, hint=hint)

    def expect_end(self) -> None:
        if self.token.kind == "end":
            return
        hint = ""
        if self.token.kind == "word":
            lowered = self.token.text.lower()
            if lowered in ("and", "or", "not", "in", "is", "matches", "if", "else"):
                hint = f'write "{lowered}"'
            elif lowered == "then":
                hint = "write: value if condition else other"
        raise self.fault("the expression should end here or go on with an operator", hint)

    def node(self, kind: str, text: str, parts: tuple[Node, ...], place: Place) -> Node:
        height = 1 + max((part.height for part in parts), default=0)
        if height > _MAX_HEIGHT:
            raise self.too_deep(place)
        return Node(kind, text, parts, place, height)  # type: ignore[arg-type]

    def too_deep(self, place: Place) -> ConfigurationError:
        return ConfigurationError(
            f"the expression is more than {_MAX_HEIGHT} levels deep",
            place=place,
            hint="split it into several rules",
        )

    # --- grammar

    def ternary(self) -> Node:
        self.depth += 1
        if self.depth > _MAX_HEIGHT:
            raise self.too_deep(self.token.place)
        value = self.climb(_OR)
        if self.at("if"):
            self.next()
            condition = self.climb(_OR)
            self.take("else", "write: value if condition else other")
            value = self.node("operator", "if", (condition, value, self.ternary()), value.place)
        self.depth -= 1
        return value

    def climb(self, level: int) -> Node:
        left = self.prefix(level)
        while True:
            if level <= _OR and self.at("or"):
                left = self.gather(left, "or", _AND)
            elif level <= _AND and self.at("and"):
                left = self.gather(left, "and", _NOT)
            elif level <= _COMPARE and (comparison := self.comparison()):
                left = self.compared(left, comparison)
            elif self.token.kind == "sign" and level <= _ARITHMETIC.get(self.token.text, 0):
                sign = self.next().text
                right = self.climb(_ARITHMETIC[sign] + 1)
                left = self.node("operator", sign, (left, right), left.place)
            elif level <= _POWER and self.at("**"):
                self.next()
                # Right-associative, and binds looser than a sign on its right, as in Python.
                left = self.node("operator", "**", (left, self.climb(_SIGN)), left.place)
            else:
                return left

    def prefix(self, level: int) -> Node:
        place = self.token.place
        if self.at("not") and level <= _NOT:
            return self.node("operator", "not", (self.nested(_NOT),), place)
        if self.at("-", "+") and level <= _SIGN:
            sign = self.token.text
            operand = self.nested(_SIGN)
            return operand if sign == "+" else self.node("operator", "neg", (operand,), place)
        return self.atom()

    def nested(self, level: int) -> Node:
        self.next()
        self.depth += 1
        if self.depth > _MAX_HEIGHT:
            raise self.too_deep(self.token.place)
        operand = self.climb(level)
        self.depth -= 1
        return operand

    def gather(self, left: Node, word: str, level: int) -> Node:
        parts = [left]
        while self.at(word):
            self.next()
            parts.append(self.climb(level))
        return self.node("operator", word, tuple(parts), left.place)

    def comparison(self) -> str | None:
        """Take a comparison operator and return its spelling, or None."""
        if self.token.kind == "sign":
            return self.next().text if self.token.text in _COMPARISONS else None
        if self.at("in", "matches"):
            return self.next().text
        if self.at("not"):
            self.next()
            if not self.at("in", "matches"):
                raise self.fault('"not" between two values must be "not in" or "not matches"')
            return f"not {self.next().text}"
        if self.at("is"):
            self.next()
            negated = self.at("not")
            if negated:
                self.next()
            if not self.at(*_STATES):
                raise self.fault(
                    '"is" must be followed by "missing", "present", "not missing" or "not present"',
                    'write "is missing"' if self.at("None") else 'compare values with "=="',
                )
            missing = (self.next().text == "missing") != negated
            return "is missing" if missing else "is present"
        return None

    def compared(self, left: Node, first: str) -> Node:
        """Return the comparison of `left`; `a < b < c` means `a < b and b < c`."""
        pairs: list[Node] = []
        operand, operator = left, first
        while True:
            if operator in ("is missing", "is present"):
                pairs.append(self.node("operator", operator, (operand,), operand.place))
                right = operand
            else:
                right = self.climb(_ADD)
                pairs.append(self.node("operator", operator, (operand, right), operand.place))
            following = self.comparison()
            if following is None:
                break
            operand, operator = right, following
        return (
            pairs[0] if len(pairs) == 1 else self.node("operator", "and", tuple(pairs), left.place)
        )

    def atom(self) -> Node:
        token = self.token
        place = token.place
        if token.kind in ("number", "text", "braced"):
            self.next()
            return self.node(token.kind, token.text, (), place)
        if self.at("("):
            return self.bracketed(place)
        if self.at("["):
            self.next()
            return self.node("list", "", self.items("]"), place)
        if token.kind == "word":
            return self.word(place)
        hint = ""
        if token.kind == "sign" and token.text in ("*", "/", "//", "%", "**", *_COMPARISONS):
            hint = f'"{token.text}" needs a value on both sides'
        raise self.fault("a value is needed here", hint)

    def word(self, place: Place) -> Node:
        token = self.token
        if token.text in _CONSTANTS:
            self.next()
            return self.node("truth", _CONSTANTS[token.text], (), place)
        if token.text == "None":
            self.next()
            return self.node("nothing", "", (), place)
        if token.text == "if":
            raise self.fault("a value is needed here", "write: value if condition else other")
        if token.text in ("and", "or", "in", "is", "else", "not"):
            raise self.fault("a value is needed here")
        if token.text in ("lambda", "for", "while", "import", "def", "await", "yield"):
            raise self.fault(f'"{token.text}" is not part of the language')
        self.next()
        if self.at("("):
            self.next()
            return self.node("call", token.text, self.items(")"), place)
        if token.text in self.records:
            return self.node("name", f"{token.text}.{self.slot_of_record(token.text)}", (), place)
        self.refuse_access(token.text)
        return self.node("name", token.text, (), place)

    def slot_of_record(self, name: str) -> str:
        self.take(".", f"name a slot of the other record, as in {name}.slot")
        if self.token.kind != "word":
            raise self.fault(f'a slot of "{name}" is needed here')
        return self.next().text

    def refuse_access(self, name: str) -> None:
        if self.at("."):
            raise self.fault(
                f'"{name}" has no parts: a row is flat',
                "name the slot itself; paths into objects are not part of the language",
            )
        if self.at("["):
            raise self.fault(
                f'elements of "{name}" can\'t be picked by position',
                "use every(), some() or count() for slots that hold a list",
            )

    def bracketed(self, place: Place) -> Node:
        self.next()
        if self.at(")"):
            raise self.fault("a value is needed here")
        first = self.ternary()
        if not self.at(","):
            self.take(")")
            return first
        self.next()
        return self.node("list", "", (first, *self.items(")")), place)

    def items(self, closing: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self.at(closing):
            found.append(self.ternary())
            if not self.at(","):
                break
            self.next()
        self.take(closing, 'separate values with ","' if self.token.kind != "end" else "")
        return tuple(found)
