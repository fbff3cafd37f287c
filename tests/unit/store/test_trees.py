from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from dqcheck.errors import UsageError
from dqcheck.store.trees import check_private_place, find_git_tree, is_git_ignored


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("private/\n*.xlsx\n")
    (tmp_path / "docs").mkdir()
    return tmp_path


def test_a_git_tree_is_found_from_below(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert find_git_tree(tree / "docs" / "a.csv") == tree.resolve()
    assert find_git_tree(tmp_path_factory.mktemp("other") / "a.csv") is None


def test_a_link_into_a_tree_is_in_it(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("links") / "docs"
    link.symlink_to(tree / "docs")
    assert find_git_tree(link / "a.csv") == tree.resolve()


def test_git_says_what_it_ignores(tree: Path) -> None:
    assert is_git_ignored(tree / "fix.xlsx", tree)
    assert is_git_ignored(tree / "private" / "fix.csv", tree)
    assert not is_git_ignored(tree / "fix.csv", tree)


def test_without_git_nothing_is_ignored(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not is_git_ignored(tree / "fix.xlsx", tree)


def test_where_personal_data_may_go(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    check_private_place(tmp_path_factory.mktemp("own") / "fix.xlsx", {})
    check_private_place(tree / "fix.xlsx", {})
    for path, environment, why in (
        (tree / "docs" / "fix.csv", {}, "git working tree"),
        (tree / "fix.xlsx", {"CI": "true"}, "under CI"),
        (Path("-"), {}, "to a file only"),
        (Path("/dev/stdout"), {}, "to a file only"),
    ):
        with pytest.raises(UsageError, match=why):
            check_private_place(path, environment)
