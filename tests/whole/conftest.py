"""The program as a person runs it: another process, real files, exit codes and output."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs dqcheck in an empty folder and gives what it printed."""

    def execute(
        *arguments: str | Path, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        inherited = {name: value for name, value in os.environ.items() if name not in {"CI"}}
        return subprocess.run(
            [sys.executable, "-m", "dqcheck", *map(str, arguments)],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            env={**inherited, "PYTHONWARNINGS": "error", **environment},
            timeout=120,
            check=False,
        )

    return execute
