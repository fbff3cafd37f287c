"""Write the program's own help into docs/cli.md and between the README's help marks.

python .ci/help.py            write both
python .ci/help.py --check    exit 1 if either says something else than the program
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import typer.main

from dqcheck.cli import app

ROOT = Path(__file__).resolve().parent.parent
MARKED = re.compile(r"(<!-- help -->\n)(.*?)(<!-- /help -->)", re.DOTALL)
HEAD = """\
# Commands

What `dqcheck … --help` says, written by `python .ci/help.py`.
"""


def list_helps() -> Iterator[tuple[str, str]]:
    """Yield each command as it is typed, and its help; the program first."""
    root = typer.main.get_command(app)
    waiting = [(root, "dqcheck", None)]
    while waiting:
        command, name, parent = waiting.pop(0)
        # 78 is what a terminal of 80 columns, or none, comes to.
        context = command.context_class(
            command, info_name=name, parent=parent, terminal_width=78, **command.context_settings
        )
        yield context.command_path, command.get_help(context).rstrip() + "\n"
        if hasattr(command, "list_commands"):
            names = command.list_commands(context)
            waiting[:0] = [(command.get_command(context, each), each, context) for each in names]


def write_reference() -> str:
    """Return the text of docs/cli.md: one section a command."""
    sections = [f"\n## {path}\n\n```text\n{text}```\n" for path, text in list_helps()]
    return HEAD + "".join(sections)


def write_readme(readme: str) -> str:
    """Return the text `readme` with the program's help between the help marks."""
    _, text = next(list_helps())
    block = f"```text\n{text}```\n"
    return MARKED.sub(lambda marks: f"{marks[1]}{block}{marks[3]}", readme)


def main() -> int:
    """Write or compare; return the exit code."""
    reference, readme = ROOT / "docs" / "cli.md", ROOT / "README.md"
    wanted = {
        reference: write_reference(),
        readme: write_readme(readme.read_text(encoding="utf-8")),
    }
    stale = [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if "--check" in sys.argv[1:]:
            print(f"{path.relative_to(ROOT)} differs from the program: run python .ci/help.py")
        else:
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    raise SystemExit(main())
