"""Compiles the packaged rules: `python -m dqcheck.checks.build` writes the JSON that ships."""

from __future__ import annotations

__all__ = ["build", "compiled_folder", "main"]

from collections.abc import Callable
from pathlib import Path

from dqcheck.checks.compile_rules import add_documents
from dqcheck.checks.compiled_rules import dump_rules
from dqcheck.checks.locate import packaged_documents
from dqcheck.standards.plan import Plan


def compiled_folder() -> Path:
    """Return the folder of compiled rules."""
    return Path(__file__).parent / "compiled"


def build(open_standard: Callable[[str], Plan]) -> dict[str, str]:
    """Return the JSON of all packaged rules, by file name.

    Args:
        open_standard: What compiles a packaged standard by its name (`person`, `person@1.0.0`).

    Raises:
        ConfigurationError: If a document is wrong.
    """
    built: dict[str, str] = {}
    for name, path in packaged_documents().items():
        plan = open_standard(name)
        rules = add_documents(plan, {}, [path], packaged=True)
        built[f"{plan.name}@{plan.version}.json"] = dump_rules(plan, rules)
    return built


def main() -> None:
    """Write the compiled rules."""
    from dqcheck.standards import open_standard

    folder = compiled_folder()
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, text in build(open_standard).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
