"""Whether a file would land in a git working tree, and so in front of others."""

from __future__ import annotations

__all__ = ["check_private_place", "find_git_tree", "is_git_ignored"]

import subprocess
from collections.abc import Mapping
from pathlib import Path

from dqcheck.errors import Place, UsageError
from dqcheck.privacy import runs_under_ci, safe_path


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


def check_private_place(path: Path, environment: Mapping[str, str]) -> None:
    """Refuse to write personal data where others will see it.

    Raises:
        UsageError: Under CI; to standard output or a device; or into a git working tree
            that does not ignore the file.
    """
    place = Place(safe_path(path))
    if runs_under_ci(environment):
        raise UsageError(
            "personal data is not written under CI",
            place=place,
            found="the environment variable CI is set",
            hint="logs and artifacts of pipelines are kept and read by many; run it locally",
        )
    # /dev/stdout may lead to a plain file, where standard output is redirected.
    device = path.absolute().parts[1:2] in {("dev",), ("proc",)}
    if str(path) == "-" or device:
        raise UsageError(
            "personal data is written to a file only",
            place=place,
            hint="name a file on your own disk",
        )
    tree = find_git_tree(path)
    if tree is not None and not is_git_ignored(path, tree):
        raise UsageError(
            "personal data is not written into a git working tree, where it could be committed",
            place=place,
            hint="name a file elsewhere, or add it to .gitignore",
        )
