"""The errors dqcheck raises for faults in inputs; faults in data are findings and never raise."""

from __future__ import annotations

__all__ = [
    "ConfigurationError",
    "DqcheckError",
    "InputError",
    "Place",
    "SchemaError",
    "UsageError",
    "raise_together",
    "suggest",
]

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document something stands.

    Attributes:
        path: The document as the user named it.
        line: Physical line, the first is 1; None where the format has no lines.
        column: Character in the line, the first is 1.
    """

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return `path:line:column`, leaving out what is not known."""
        parts = [self.path]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


class DqcheckError(Exception):
    """A fault in what the user gave: says what, where, what was found and what to do.

    Only `cli` prints it. The text never holds a value of an export.

    Attributes:
        message: What is wrong, in one sentence without a full stop.
        place: Where, if known.
        found: What was found there, or an empty text.
        hint: What to do, or an empty text.
        others: Further faults of the same document, collected before raising.
        exit_code: The exit code the fault calls for.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        place: Place | None = None,
        found: str = "",
        hint: str = "",
        others: tuple[DqcheckError, ...] = (),
    ) -> None:
        """Keep the parts, for `cli` to print."""
        super().__init__(message)
        self.message = message
        self.place = place
        self.found = found
        self.hint = hint
        self.others = others

    def __str__(self) -> str:
        """Return the message as the user reads it, several lines."""
        head = f"{self.place}: {self.message}" if self.place else self.message
        lines = [head]
        if self.found:
            lines.append(f"  found: {self.found}")
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        lines.extend(str(other) for other in self.others)
        return "\n".join(lines)


class UsageError(DqcheckError):
    """Options or arguments that make no sense: exit 2."""


class ConfigurationError(DqcheckError):
    """A project file, mapping or rule document that is wrong: exit 2."""


class SchemaError(DqcheckError):
    """A LinkML schema that is wrong or can't be compiled: exit 2."""


class InputError(DqcheckError):
    """An export that can't be read, or has nothing in it: not proven, exit 3."""

    exit_code = 3


def suggest(word: str, choices: Iterable[str]) -> str:
    """Return `did you mean "x" or "y"?` with the choices nearest to `word`, or an empty text."""
    by_folded = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(word.casefold(), by_folded, n=2, cutoff=0.6)
    named = " or ".join('"' + by_folded[item] + '"' for item in near)
    return f"did you mean {named}?" if near else ""


def raise_together(faults: Iterable[DqcheckError]) -> None:
    """Raise the first of `faults`, in the order of the document, with the rest; or return.

    Raises:
        DqcheckError: Of the class of the first fault, if there is one.
    """
    ordered = sorted(faults, key=_position)
    if ordered:
        first = ordered[0]
        raise type(first)(
            first.message,
            place=first.place,
            found=first.found,
            hint=first.hint,
            others=(*first.others, *ordered[1:]),
        )


def _position(fault: DqcheckError) -> tuple[str, int, int]:
    place = fault.place
    return (place.path, place.line or 0, place.column or 0) if place else ("", 0, 0)
