"""Write the lock: every package that building, running and testing dqcheck needs, with hashes.

`requirements.txt` holds all of them. `requirements-build.txt` holds those that must be there
first, since some of LinkML's dependencies come as source only: built against them instead of in
pip's isolated environment, nothing is installed that the lock doesn't name.

Run it with pip-tools installed (`python -m pip install pip-tools`), on the oldest Python that
pyproject.toml supports:

    python .ci/lock.py              keep the versions that still fit, add what is missing
    python .ci/lock.py --upgrade    take the newest versions
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE_BUILDERS = ("setuptools", "wheel")


def lock(requirements: list[str], output: str, options: list[str]) -> None:
    """Resolve `requirements` with pip-compile into the file `output`."""
    command = [
        sys.executable,
        *("-m", "piptools", "compile", "-"),
        *("--output-file", output),
        "--quiet",
        "--generate-hashes",
        "--strip-extras",
        "--allow-unsafe",
        # The lock must not say where this machine gets its packages from.
        *("--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"),
        "--no-emit-options",
        *options,
    ]
    environment = {**os.environ, "CUSTOM_COMPILE_COMMAND": "python .ci/lock.py"}
    text = "\n".join(sorted(requirements))
    subprocess.run(command, cwd=ROOT, input=text, text=True, check=True, env=environment)


def main() -> None:
    """Write both files; options of the command line go to pip-compile."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    build = [*project["build-system"]["requires"], *SOURCE_BUILDERS]
    needed = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    lock(build, "requirements-build.txt", sys.argv[1:])
    pins = re.findall(r"^\S+==\S+", (ROOT / "requirements-build.txt").read_text(), re.MULTILINE)
    lock([*pins, *needed], "requirements.txt", sys.argv[1:])


if __name__ == "__main__":
    main()
