"""How a file is to be read, where the person who sends it knows better than detection."""

from __future__ import annotations

__all__ = ["ReadOptions"]

from dataclasses import dataclass

from dqcheck.errors import UsageError


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What to take as given when reading; None everywhere means: find out.

    Attributes:
        format: A name of `dqcheck.readers.FORMATS`, such as `csv` or `xlsx`.
        encoding: Of text files: `utf-8`, `utf-16-le`, `cp1252`, `latin-1` or any other name that
            Python knows.
        delimiter: One ASCII character between the cells of a text file.
        quote: The character around cells that hold delimiters; empty if the file has no quoting
            and quotation marks are part of the values.
        header_row: The row that holds the headers, as a spreadsheet counts: the first is 1.
        header: The headers of a file that has none: one a column, in its order; empty for a
            column that stays without. The first row is then a record.
        sheet: The name of the sheet to read, or its number, the first being 1; `*` for all.
        skip_rows: Rows above the headers that are not part of the table.
        skip_footer: Rows at the end that are not part of the table; 0 keeps what looks like a
            total.
        max_bytes: The most bytes a compressed file or standard input may unfold to.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_row: int | None = None
    header: tuple[str, ...] | None = None
    sheet: str | int | None = None
    skip_rows: int | None = None
    skip_footer: int | None = None
    max_bytes: int | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            UsageError: An encoding nobody knows, a delimiter of two characters, and the like.
        """
        if self.encoding is not None:
            _check_encoding(self.encoding)
        if self.delimiter is not None:
            _check_character("delimiter", self.delimiter)
        if self.quote:
            _check_character("quote", self.quote)
        names = [name for name in self.header or () if name]
        if len(set(names)) < len(names):
            raise UsageError("header gives two columns the same name", found=", ".join(names))
        for name, least in (("header_row", 1), ("skip_rows", 0), ("skip_footer", 0)):
            number = getattr(self, name)
            if number is not None and number < least:
                raise UsageError(f"{name} can't be less than {least}", found=str(number))


def _check_encoding(name: str) -> None:
    try:
        "".encode(name)
    except (LookupError, UnicodeError):
        raise UsageError(
            f'there is no encoding "{name}"', hint="such as utf-8, utf-16 or cp1252"
        ) from None


def _check_character(name: str, given: str) -> None:
    if len(given) != 1 or not given.isascii() or given in "\r\n\x00":
        raise UsageError(f"the {name} must be one ASCII character", found=repr(given))
