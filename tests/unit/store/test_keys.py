from __future__ import annotations

from pathlib import Path

import pytest

from dqcheck.errors import ConfigurationError
from dqcheck.store.keys import load_key

SECRET = "a secret of more than sixteen bytes"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(SECRET + "\n")
    path.chmod(0o600)
    return path


def test_no_key_no_tokens(tmp_path: Path) -> None:
    assert load_key({"HOME": str(tmp_path)}) is None


def test_the_key_is_the_same_wherever_it_stands(tmp_path: Path, key_file: Path) -> None:
    home = tmp_path / "home" / ".config" / "dqcheck"
    home.mkdir(parents=True)
    usual = home / "key"
    usual.write_text(SECRET)
    usual.chmod(0o600)
    found = [
        load_key({"DQCHECK_KEY": SECRET}),
        load_key({"DQCHECK_KEY_FILE": str(key_file)}),
        load_key({"HOME": str(tmp_path / "home")}),
        load_key({"HOME": "/nowhere", "XDG_CONFIG_HOME": str(tmp_path / "home" / ".config")}),
    ]
    assert all(key is not None for key in found)
    assert len({key.id for key in found if key is not None}) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(ConfigurationError, match="read by others") as caught:
        load_key({"DQCHECK_KEY_FILE": str(key_file)})
    assert caught.value.found == f"mode {mode:04o}"
    assert "secret" not in str(caught.value)


def test_a_file_in_a_git_tree_is_refused(key_file: Path) -> None:
    (key_file.parent / ".git").mkdir()
    with pytest.raises(ConfigurationError, match="git working tree"):
        load_key({"DQCHECK_KEY_FILE": str(key_file)})


def test_files_that_are_no_keys(tmp_path: Path, key_file: Path) -> None:
    with pytest.raises(ConfigurationError, match="can't be opened"):
        load_key({"DQCHECK_KEY_FILE": str(tmp_path / "none")})
    with pytest.raises(ConfigurationError, match="no plain file"):
        load_key({"DQCHECK_KEY_FILE": str(tmp_path)})
    key_file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load_key({"DQCHECK_KEY_FILE": str(key_file)})
    key_file.write_bytes(b"\n")
    with pytest.raises(ConfigurationError, match="empty"):
        load_key({"DQCHECK_KEY_FILE": str(key_file)})
    with pytest.raises(ConfigurationError, match="empty"):
        load_key({"DQCHECK_KEY": ""})
