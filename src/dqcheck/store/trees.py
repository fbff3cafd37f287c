"""Whether a file would land in a git working tree, and so in front of others."""

from __future__ import annotations

__all__ = ["find_git_tree", "is_git_ignored"]

import subprocess
from pathlib import Path


def find_git_tree(path: Path) -> Path | None:
    """Return the top of the git working tree that `path` is or would be in, or None."""
    resolved = path.resolve()
    return next((folder for folder in resolved.parents if (folder / ".git").exists()), None)


def is_git_ignored(path: Path, tree: Path) -> bool:
    """Return whether git leaves `path` out of the tree at `tree`; False if git can't tell."""
    try:
        # S603, S607: fixed arguments, no shell; git is found as the user's own shell finds it.
        answer = subprocess.run(  # noqa: S603
            ["git", "-C", str(tree), "check-ignore", "--quiet", "--", str(path.resolve())],  # noqa: S607
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
