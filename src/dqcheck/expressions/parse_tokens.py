"""The words and signs of the rule language."""

from __future__ import annotations

__all__ = ["Token", "tokenize"]

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dqcheck.errors import ConfigurationError, Place

_PATTERN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<raw>[rR](?:"[^"\n]*"|'[^'\n]*'))
  | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
  | (?P<word>[^\W\d]\w*)
  | (?P<braced>\{[^{}\n]*\})
  | (?P<sign>\*\*|//|==|!=|<=|>=|[-+*/%<>()\[\],.])
    """,
    re.VERBOSE,
)
_MEANT = {
    "=": 'write "==" to compare',
    "&": 'write "and"',
    "|": 'write "or"',
    "!": 'write "not", or "!=" for not equal',
    "^": 'write "**" for powers; "^" is exclusive or in LinkML and not part of the language',
    "~": 'write "matches" to look for a pattern',
    "“": 'use straight quotes: "',
    "”": 'use straight quotes: "',
    "‘": "use straight quotes: '",
    "’": "use straight quotes: '",
    "≤": 'write "<="',
    "≥": 'write ">="',
    "≠": 'write "!="',
    "{": "braces hold one slot name, as in {hair_colour}",
    "}": "braces hold one slot name, as in {hair_colour}",
    '"': "the text has no closing quote on its line",
    "'": "the text has no closing quote on its line",
    ";": "a rule is one expression",
    ":": 'use "a if condition else b" or case((condition, a), …)',
    "?": 'use "a if condition else b" or case((condition, a), …)',
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}
# In Python's plain texts these mean a control character or a character number: most often a
# regular expression was meant.
_REFUSED_ESCAPES = frozenset("abfvxuUN01234567")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign.

    Attributes:
        kind: What it is.
        text: Its value: for texts without quotes and escapes, for braced slots without braces.
        source: As written.
        place: Where it begins.
    """

    kind: Literal["number", "text", "word", "braced", "sign", "end"]
    text: str
    source: str
    place: Place


def tokenize(text: str, locate: Callable[[int], Place]) -> list[Token]:
    """Return the tokens of `text`, an `end` token last.

    Raises:
        ConfigurationError: At a character that is not of the language.
    """
    tokens: list[Token] = []
    offset = 0
    while offset < len(text):
        match = _PATTERN.match(text, offset)
        if match is None:
            raise _unknown(text, offset, locate)
        source = match.group()
        start, offset = offset, match.end()
        place = locate(start)
        match match.lastgroup:
            case "space":
                continue
            case "number":
                tokens.append(_number(source, text[offset : offset + 1], place))
            case "raw":
                tokens.append(Token("text", source[2:-1], source, place))
            case "text":
                tokens.append(Token("text", _unescape(source, place), source, place))
            case "braced":
                tokens.append(_braced(source, place))
            case "word":
                tokens.append(Token("word", source, source, place))
            case _:
                tokens.append(Token("sign", source, source, place))
    tokens.append(Token("end", "", "", locate(len(text))))
    return tokens


def _unknown(text: str, offset: int, locate: Callable[[int], Place]) -> ConfigurationError:
    character = text[offset]
    shown = character if character.isprintable() else f"character number {ord(character)}"
    return ConfigurationError(
        "this is not part of the rule language",
        place=locate(offset),
        found=shown,
        hint=_MEANT.get(character, ""),
    )


def _number(source: str, following: str, place: Place) -> Token:
    if following.isalnum() or following == "_":
        raise ConfigurationError(
            "a number is followed by a letter",
            place=place,
            found=source + following,
            hint="put a text in quotes; a slot whose name begins with a digit goes in braces",
        )
    if len(source) > 1 and source[0] == "0" and source.isdigit():
        raise ConfigurationError(
            "a number has leading zeros",
            place=place,
            found=source,
            hint="put it in quotes if it is a code",
        )
    return Token("number", source, source, place)


def _braced(source: str, place: Place) -> Token:
    name = source[1:-1].strip()
    if not name or "," in name:
        raise ConfigurationError(
            "braces hold one slot name",
            place=place,
            found=source,
            hint="write {hair_colour}; lists go in square brackets",
        )
    return Token("braced", name, source, place)


def _unescape(source: str, place: Place) -> str:
    def character(match: re.Match[str]) -> str:
        letter = match.group(1)
        if letter in _REFUSED_ESCAPES:
            raise ConfigurationError(
                f'"\\{letter}" has a special meaning in a plain text',
                place=place,
                found=source,
                hint=f"write r{source} if it is a regular expression, or double the backslash",
            )
        # Others stay as they are, as in Python: "\d" is a backslash and a d.
        return _ESCAPES.get(letter, match.group())

    return re.sub(r"\\(.)", character, source[1:-1])
