"""What a command loads: start-up is most of what a small file costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("duckdb", "linkml", "linkml_runtime", "pandas", "pandera", "polars", "pyarrow")
# typer needs pydantic and rich to be installed, but `import typer` loads neither.
SLOW = ("jinja2", "pydantic", "rich", "xlsxwriter", "yaml")

BLOCKER = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(name + " is blocked", name=name)
sys.meta_path.insert(0, Blocker())
"""
RUN = """
import json, sys
{prepare}
code = 0
try:
    from dqcheck.cli import main
    sys.argv = {argv!r}
    main()
except SystemExit as stop:
    code = stop.code or 0
loaded = sorted({{name.split(".")[0] for name in sys.modules}})
print(json.dumps({{"code": code, "loaded": loaded}}))
"""
PERSONS = "record_id,hair_colour\nA1,Black\n"


def _run(argv: list[str], folder: Path, blocked: tuple[str, ...] = ()) -> tuple[int, set[str]]:
    """Run dqcheck with `argv`; return its exit code and the top-level packages it loaded."""
    script = RUN.format(
        prepare=BLOCKER.format(blocked=blocked) if blocked else "", argv=["dqcheck", *argv]
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    return result["code"], set(result["loaded"])


@pytest.fixture
def persons(tmp_path: Path) -> Path:
    (tmp_path / "persons.csv").write_text(PERSONS, encoding="utf-8")
    return tmp_path


def test_importing_the_command_line_loads_nothing_heavy(tmp_path: Path) -> None:
    script = "import sys, dqcheck.cli; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert {*HEAVY, *SLOW} & set(done.stdout.split()) == set()


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code, loaded = _run(["--help"], tmp_path)
    assert code == 0
    assert {*HEAVY, *SLOW} & loaded == set()


def test_a_check_loads_no_linkml_no_yaml_and_no_pandas(persons: Path) -> None:
    code, loaded = _run(["check", "persons.csv", "--standard", "person"], persons)
    assert code in {0, 1}
    # pydantic is not in the list: `import pandera.polars` loads it, whatever we do.
    assert {"linkml", "linkml_runtime", "pandas", "pyarrow", "xlsxwriter", "yaml"} & loaded == set()


def test_a_check_needs_neither_pandas_nor_pyarrow(persons: Path) -> None:
    argv = ["check", "persons.csv", "--standard", "person", "--findings", "found.parquet"]
    code, _ = _run(argv, persons, blocked=("pandas", "pyarrow"))
    assert code in {0, 1}
    assert (persons / "found.parquet").exists()
