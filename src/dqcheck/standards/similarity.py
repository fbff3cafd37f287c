"""How alike two texts are, as people write codes: abbreviated, cut short, misspelt, turned round.

Scores run from 0 to 1 and are comparable with one another. Only equal texts score 1.
"""

from __future__ import annotations

__all__ = ["abbreviates", "normalise", "resembles"]

import re
import unicodedata

from rapidfuzz import fuzz

_WORD = re.compile(r"[^\W_]+")
_SHARE_OF_TYPOS = 0.85


def normalise(text: str) -> str:
    """Return `text` in small letters, its words in order with one space between them.

    `Dk. Brown`, `DK_BROWN` and `dk  brown` give the same.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_WORD.findall(text.casefold()))


def abbreviates(short: str, long: str) -> float:
    """Return how well the words of `short` abbreviate those of `long`, in any order; 0 if not.

    A word abbreviates another if it begins with the same letter and its letters stand in the
    other in the same order: `dk`, `drk` and `dark` for dark, `brn` and `br` for brown.

    Args:
        short: Normalised.
        long: Normalised.

    Returns:
        The share of the letters of `long` that are written out in `short`; less where `long` has
        words that `short` has not.
    """
    left = long.split()
    written = 0
    for word in short.split():
        fitting = [other for other in left if _shortens(word, other)]
        if not fitting:
            return 0.0
        best = min(fitting, key=len)
        left.remove(best)
        written += len(word)
    return written / len(long.replace(" ", "")) if written else 0.0


def _shortens(word: str, other: str) -> bool:
    if word[0] != other[0] or len(word) > len(other):
        return False
    letters = iter(other)
    return all(letter in letters for letter in word)


def resembles(one: str, other: str, least: float) -> float:
    """Return how alike two texts are letter by letter, whatever the order of their words.

    Args:
        one: Normalised.
        other: Normalised.
        least: What is less alike gives 0.

    Returns:
        The share of letters that need no change, as `rapidfuzz.fuzz.token_sort_ratio`, less
        what keeps it below a text that is equal.
    """
    cutoff = 100 * least / _SHARE_OF_TYPOS
    return fuzz.token_sort_ratio(one, other, score_cutoff=cutoff) / 100 * _SHARE_OF_TYPOS
