"""Compiles the packaged standards: `python -m dqcheck.standards.build` writes what ships."""

from __future__ import annotations

__all__ = ["main"]

from dqcheck.standards.open import build_packaged
from dqcheck.standards.store import shipped_folder


def main() -> None:
    """Write the compiled plans."""
    built = build_packaged()
    folder = shipped_folder()
    for old in folder.rglob("*.json"):
        old.unlink()
    for name, text in built.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
