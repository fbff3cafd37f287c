"""A page of text for a terminal, a file or a pipe: wraps, and keeps to what can be shown."""

from __future__ import annotations

__all__ = ["Page"]

import io

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dqcheck.reports import Surface

_NARROWEST = 60
_ASCII = {
    "█": "#",
    "░": ".",
    "━": "=",
    "✗": "x",
    "✓": "+",
    "·": "-",
    "…": "...",
    "×": "x",
    "→": "->",
}


class Page:
    """Prints lines that wrap under their own indent."""

    def __init__(self, surface: Surface) -> None:
        """Start an empty page of at least 60 characters a line."""
        self._output = io.StringIO()
        self._encoding = surface.encoding
        self._console = Console(
            file=self._output,
            width=max(surface.width, _NARROWEST),
            force_terminal=surface.color,
            no_color=not surface.color,
            color_system="standard" if surface.color else None,
            markup=False,
            highlight=False,
            emoji=False,
            legacy_windows=False,
        )

    def say(self, *parts: str | tuple[str, str], indent: int = 2) -> None:
        """Add a paragraph of texts, each alone or with its style."""
        self._console.print(
            Padding(Text.assemble(*parts), (0, 0, 0, indent), expand=False), soft_wrap=False
        )

    def skip(self) -> None:
        """Add an empty line."""
        self._console.print()

    def head(self, title: str) -> None:
        """Add a heading."""
        self.skip()
        self.say((title, "bold"), indent=0)

    def rule(self, left: str, right: str) -> None:
        """Add a heading over the width of the page."""
        gap = self._console.width - Text(left).cell_len - Text(right).cell_len - 5
        if gap < 3:
            self.say(("━━ ", "bold"), (left, "bold"), indent=0)
            self.say(right, indent=3)
        else:
            self.say(("━━ ", "bold"), (left, "bold"), f" {'━' * gap} ", right, indent=0)

    def end(self, line: str) -> None:
        """Add the last line, one line whatever the width: pipelines read it."""
        self._console.print(Text(line, style="bold"), soft_wrap=True)

    def encode(self) -> bytes:
        """Return the page, with ASCII in place of the signs that the encoding lacks."""
        lines = self._output.getvalue().split("\n")
        text = "\n".join(line.rstrip() for line in lines)
        try:
            return text.encode(self._encoding)
        except UnicodeEncodeError:
            shown = "".join(_replace(character, self._encoding) for character in text)
            return shown.encode(self._encoding, "replace")


def _replace(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return _ASCII.get(character, "?")
    return character
