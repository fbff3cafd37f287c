"""Documents say what the program does, and nothing says where it was written."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
DOCUMENTS = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
# Written so that this file doesn't match itself.
PRIVATE = re.compile(
    r"\b(?:pypi|pythonhosted|test\.pypi|npmjs|crates)\.(?:org|io|com)\b"
    r"|(?<![\w.~$*}/-])/(?:home|root|work|workspace|opt|mnt|tmp|Users)/\w"
    r"|\b[A-Za-z]:\\Users\\"
)


def _load(name: str) -> ModuleType:
    """Import a script of .ci, which is no package."""
    spec = importlib.util.spec_from_file_location(f"ci_{name}", CHECKOUT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _list_files() -> list[Path]:
    """Return what is committed or would be; skip where the tree is not a git checkout."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [
        path for name in done.stdout.split("\0") if (path := CHECKOUT / name).is_file() and name
    ]


def _walk(command: Any, path: str = "dqcheck", parent: Any = None) -> list[tuple[str, Any]]:
    context = command.context_class(command, info_name=path, parent=parent)
    found = [(path, command)]
    if hasattr(command, "list_commands"):
        for name in command.list_commands(context):
            found += _walk(command.get_command(context, name), f"{path} {name}", context)
    return found


@pytest.fixture(scope="module")
def commands() -> list[tuple[str, Any]]:
    import typer.main

    from dqcheck.cli import app

    return _walk(typer.main.get_command(app))


def test_every_command_and_option_has_help(commands: list[tuple[str, Any]]) -> None:
    silent = [path for path, command in commands if not command.help]
    silent += [
        f"{path} {parameter.name}"
        for path, command in commands
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]
    assert silent == []


def test_every_command_takes_at_most_ten_ungrouped_options(commands: list[tuple[str, Any]]) -> None:
    counts = {
        path: sum(
            parameter.param_type_name == "option"
            and not parameter.hidden
            and not getattr(parameter, "rich_help_panel", None)
            for parameter in command.params
            if parameter.name not in {"help", "install_completion", "show_completion"}
        )
        for path, command in commands
    }
    assert {path: count for path, count in counts.items() if count > 10} == {}


def test_the_reference_of_commands_is_the_programs_help() -> None:
    written = (CHECKOUT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == _load("help").write_reference(), "run python .ci/help.py"


def test_the_readme_shows_the_programs_help() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("dqcheck"), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    marked = _load("help").MARKED.search(readme)
    assert marked is not None, "the README has no help marks: <!-- help --> … <!-- /help -->"
    assert marked[2] == f"```text\n{done.stdout.rstrip()}\n```\n", "run python .ci/help.py"


def test_the_readme_names_the_exit_codes_and_one_test_command() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    script = _load("readme")
    assert script.choose_test_command(script.list_commands(readme))
    assert {
        code for code in "01234" if not re.search(rf"^\W*{code}\b", readme, re.MULTILINE)
    } == set()


def test_the_readmes_commands_are_read_from_console_blocks() -> None:
    script = _load("readme")
    readme = (
        "$ no\n```console\n$ dqcheck demo pilot  # exit 1\nshown\n$ pytest\n```\n```sh\n$ no\n```\n"
    )
    assert script.list_commands(readme) == ["dqcheck demo pilot", "pytest"]
    with pytest.raises(SystemExit):
        script.choose_test_command(["pytest", "python -m pytest tests"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_changelog_knows_this_version() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[(?:{re.escape(project['version'])}|Unreleased)\]", changelog, re.M)


def test_nothing_names_a_package_registry_or_a_persons_machine() -> None:
    told = []
    for path in _list_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        told += [f"{path.relative_to(CHECKOUT)}: {match[0]}" for match in PRIVATE.finditer(text)]
    assert told == []
