"""What of an export may be shown: shapes, code values, names, and tokens in place of keys."""

from __future__ import annotations

__all__ = [
    "CODE_SHAPE",
    "DISTINCT_KEYS",
    "TokenKey",
    "check_show_values",
    "fold",
    "is_column_name",
    "make_token",
    "make_token_key",
    "may_show",
    "runs_under_ci",
    "safe_name",
    "safe_path",
    "safe_value",
    "shape",
    "shape_cells",
    "shape_expression",
    "token_expression",
]

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from dqcheck.errors import ConfigurationError, UsageError
from dqcheck.model import Privacy

DISTINCT_KEYS = 8
"""How many business keys must share a value in a code column before it is shown."""

CODE_SHAPE = "(a code)"
"""Stands for the shape of a value that its shape would give away."""

_LONGEST_RUN = 12
_LONGEST_SHAPE = 40
_LONGEST_NAME = 80
_STRONG_KEY_BYTES = 16
_MORE = "…"
_COLUMN_NAME = re.compile(r"[^\W\d][\w \-./()#&'?:]{0,59}")
_BREAKS = "\t\r\n\u2028\u2029"


def shape_expression(text: pl.Expr) -> pl.Expr:
    """Return the shape of a String expression: `AA99 AAA` for `SW1A 2AA`-like text.

    Capitals become `A`, other letters of any script `a`, digits `9`; spaces and punctuation stay;
    accents that stand apart, control and format characters go. A run longer than 12 and a shape
    longer than 40 are cut and end with `…`. Null stays null.
    """
    plain = (
        text.str.replace_all(r"[\p{Z}\t\r\n]", " ")
        .str.replace_all(r"[\p{C}\p{M}]", "")
        .str.replace_all(r"[\p{Lu}\p{Lt}]", "A")
        .str.replace_all(r"[\p{L}--A]", "a")
        .str.replace_all(r"\p{N}", "9")
        # Letters and digits in circles, Braille and flags are symbols, and can be read.
        .str.replace_all(r"[\p{So}\p{Sk}\p{Co}\p{Cn}--\p{ASCII}]", "*")
    )
    for character in ("A", "a", "9", " "):
        run = f"{character}{{{_LONGEST_RUN + 1},}}"
        plain = plain.str.replace_all(run, character * _LONGEST_RUN + _MORE)
    return (
        pl.when(plain.str.len_chars() > _LONGEST_SHAPE)
        .then(plain.str.head(_LONGEST_SHAPE) + _MORE)
        .otherwise(plain)
    )


def shape(text: str) -> str:
    """Return the shape of one text, as `shape_expression` says."""
    # Polars holds valid text only.
    valid = text.encode("utf-8", "replace").decode("utf-8")
    frame = pl.DataFrame({"text": [valid]}, schema={"text": pl.String})
    return str(frame.select(shape_expression(pl.col("text"))).item())


def shape_cells(hidden: Mapping[str, Set[str]]) -> pl.Expr:
    """Return the shapes of the cells in the columns `slot` and `value` (both String).

    A list has few codes, and each its own length: in a slot that shows no values, the shape of a
    code is as good as the code. Such a cell has `CODE_SHAPE` in place of its shape; so has a cell
    of several values if one of them is a code.

    Args:
        hidden: For slots that show no values, the words whose shape gives them away.
    """
    shown = shape_expression(pl.col("value"))
    whole = _fold_expression(pl.col("value"))
    parts = whole.str.replace_all(r"[\[\],;/]", "|").str.split("|")
    for slot, words in hidden.items():
        known = sorted({form for word in words for form in (fold(word), _lower(word))})
        named = whole.is_in(known) | parts.list.eval(
            pl.element().str.strip_chars().is_in(known)
        ).list.any(ignore_nulls=True)
        shown = pl.when((pl.col("slot") == slot) & named).then(pl.lit(CODE_SHAPE)).otherwise(shown)
    return shown


def safe_path(path: str | Path) -> str:
    """Return a path as it may be printed.

    Control and format characters, which can rewrite a terminal or turn text round, are dropped;
    line ends and tabs become spaces.
    """
    return _drop_controls(str(path)).strip()


def safe_name(text: str) -> str:
    """Return the name of a sheet or column as it may be printed.

    As `safe_path`; what is longer than 80 characters is cut and ends with `…`.
    """
    return _cut(safe_path(text))


def is_column_name(text: str) -> bool:
    """Return whether `text` looks like the name of a column, and not like a value.

    It begins with a letter or `_`; letters, spaces and the signs `_ - . / ( ) # & ' ? :` follow,
    and one digit at most: dates, telephone numbers, postcodes and number plates have more. It has
    no more than 60 characters. The name of a person looks so too.
    """
    digits = sum(character.isnumeric() for character in text)
    return digits <= 1 and _COLUMN_NAME.fullmatch(text) is not None


def safe_value(text: str) -> str:
    """Return a value that may be shown as it may be printed.

    As `safe_name`, but space around it stays: it may be all that is wrong.
    """
    return _cut(_drop_controls(text))


def _drop_controls(text: str) -> str:
    # Lone surrogates come from paths that are not UTF-8.
    valid = text.encode("utf-8", "replace").decode("utf-8")
    spaced = "".join(" " if character in _BREAKS else character for character in valid)
    return "".join(
        character for character in spaced if not unicodedata.category(character).startswith("C")
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + _MORE


def fold(text: str) -> str:
    """Return `text` as it is compared with codes and aliases: capitals and spacing aside."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _fold_expression(text: pl.Expr) -> pl.Expr:
    plain = text.str.normalize("NFKC").str.to_lowercase()
    return plain.str.replace_all(r"\s+", " ").str.strip_chars()


def _lower(text: str) -> str:
    """Return `text` as `_fold_expression` has it: Polars can't fold, only take small letters."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def may_show(
    value: str, privacy: Privacy, *, known: Set[str], keys: int, show_values: bool
) -> bool:
    """Return whether a value of an export may be shown.

    Args:
        value: As sent.
        privacy: The slot's privacy class; only `code` ever shows a value.
        known: The codes, titles and aliases of the slot's code list, folded.
        keys: Distinct business keys that have the value (rows, where there is no key). People
            type names into code columns: what few records share may be one.
        show_values: Whether the user works locally and asked for the values of code slots.
    """
    if privacy is not Privacy.CODE:
        return False
    return show_values or keys >= DISTINCT_KEYS or fold(value) in known


@dataclass(frozen=True, slots=True)
class TokenKey:
    """The secret that turns business keys into tokens.

    Attributes:
        secret: Never shown.
        id: Names the secret without giving it away: tokens under another id can't be compared.
        weak: Whether the secret is so short that tokens could be guessed.
    """

    secret: bytes = field(repr=False)
    id: str
    weak: bool


def make_token_key(secret: str) -> TokenKey:
    """Return the key made from a secret text; surrounding space does not count.

    Raises:
        ConfigurationError: If there is nothing in it.
    """
    found = secret.strip().encode()
    if not found:
        raise ConfigurationError(
            "the key for record tokens is empty",
            hint="give at least 32 random characters, or leave DQCHECK_KEY unset for no tokens",
        )
    name = hmac.new(found, b"dqcheck key id", hashlib.sha256).hexdigest()[:12]
    return TokenKey(secret=found, id=name, weak=len(found) < _STRONG_KEY_BYTES)


def make_token(key: TokenKey, value: str) -> str:
    """Return the token of a business key: HMAC-SHA256 under `key`, 64 hexadecimal digits."""
    return hmac.digest(key.secret, value.encode(), "sha256").hex()


def token_expression(value: pl.Expr, key: TokenKey | None) -> pl.Expr:
    """Return the tokens of a String expression of business keys; null without key or value.

    Plain hashes of NHS numbers fall to brute force, so that there are no tokens without a key.
    """
    if key is None:
        return pl.lit(None, dtype=pl.String)

    def tokens(values: pl.Series) -> pl.Series:
        distinct = values.drop_nulls().unique()
        made = pl.Series([make_token(key, found) for found in distinct], dtype=pl.String)
        return values.replace_strict(distinct, made, default=None, return_dtype=pl.String)

    return value.map_batches(tokens, return_dtype=pl.String, is_elementwise=True)


def runs_under_ci(environment: Mapping[str, str]) -> bool:
    """Return whether `environment` says that a pipeline runs this, not a person."""
    return environment.get("CI", "").strip().casefold() not in {"", "0", "false", "no"}


def check_show_values(environment: Mapping[str, str], *, to_terminal: bool) -> None:
    """Refuse to show values anywhere but on a person's own terminal.

    Raises:
        UsageError: Under CI, or where standard output is no terminal.
    """
    if runs_under_ci(environment):
        raise UsageError(
            "--show-values is refused under CI",
            found="the environment variable CI is set",
            hint="logs and artifacts of pipelines are kept and read by many; run it locally",
        )
    if not to_terminal:
        raise UsageError(
            "--show-values is refused where standard output is no terminal",
            hint="run it on a terminal, without a pipe and without redirecting the output",
        )
