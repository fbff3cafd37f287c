"""What is known of a kind of identifier, and the arithmetic that kinds share."""

from __future__ import annotations

__all__ = ["MODULUS", "Kind", "byte_codes", "letter_value", "weigh"]

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
MODULUS = len(_LETTERS)
"""What check letters are the remainder of."""

_ZERO = ord("0")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of identifier, or a further thing that is known of one.

    Attributes:
        name: What schemas and rules call it.
        title: What it is, in plain words.
        wants: What a value must have, in the words that follow "must have".
        shape: Regular expression (Rust's) of the whole text.
        authority: The published document behind it: document, clause, date.
        tested: What is tested beside the shape, and what is not, in plain words.
        right: Values that hold, published or from test ranges.
        wrong: Values that do not.
        binding: Whether a value that fails is wrong for certain; else it is a warning.
        part: Last part of the id of its check.
        test: From texts of the shape to whether the rest holds, where there is more than the
            shape: String to Boolean. What it gives for other texts does not count.
        doubt: The kind that adds what is not certain of the same values.
        fix: How to put a fault right, where comparing it with its document is not all.
    """

    name: str
    title: str
    wants: str
    shape: str
    authority: str
    tested: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    binding: bool = True
    part: str = "identifier"
    test: Callable[[pl.Expr], pl.Expr] | None = None
    doubt: str = ""
    fix: str = ""

    def holds(self, text: pl.Expr) -> pl.Expr:
        """Return whether `text` (String) is of the kind: Boolean, null where it is null."""
        shaped = text.str.contains(self.shape)
        if self.test is None:
            return shaped
        # Null and false would be false, but a missing value says nothing.
        return shaped & (text.is_null() | self.test(text).fill_null(value=False))


def byte_codes(text: pl.Expr, width: int) -> pl.Expr:
    """Return the bytes of texts of `width` bytes, Array(UInt8); null for all others."""
    return text.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, width))


def weigh(text: pl.Expr, weights: Sequence[int]) -> pl.Expr:
    """Return the sum of the digits times `weights`, Int64, for texts of so many digits."""
    digits = byte_codes(text, len(weights)).cast(pl.Array(pl.Int64, len(weights)))
    return digits.arr.dot(list(weights)) - _ZERO * sum(weights)


def letter_value(text: pl.Expr) -> pl.Expr:
    """Return what the check letter at the end of a text stands for: Int64, 0 to 22, else null.

    It is the remainder of a number, modulo 23. The letters I, O and S are not used; Z is 0
    (Minimum POLE Data Standards Dictionary v1.1, 30/07/2023, attributes 071 and 072).
    """
    return text.str.tail(1).replace_strict(
        list(_LETTERS), list(range(MODULUS)), default=None, return_dtype=pl.Int64
    )
