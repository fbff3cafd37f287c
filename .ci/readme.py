"""Run what README.md tells its reader to type.

Commands are the lines that begin with `$ ` in fenced blocks marked `console`:

    python .ci/readme.py run README.md      run its dqcheck commands, in order, in this folder
    python .ci/readme.py tests README.md    print its one test command

An exit code of 0 or 1 (the gate failed on data, as the pilot's does) is what a reader expects;
any other means that the README or the program is wrong.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+?)(?:\s+#.*)?$", re.MULTILINE)


def list_commands(readme: str) -> list[str]:
    """Return the commands of the Markdown text `readme`, in order, comments removed."""
    return [command for block in FENCE.findall(readme) for command in COMMAND.findall(block)]


def run_commands(commands: list[str]) -> None:
    """Run the dqcheck commands in the current folder; raise SystemExit at the first that breaks."""
    ours = [command for command in commands if command.split()[0] == "dqcheck"]
    if not ours:
        raise SystemExit("the README shows no dqcheck command in a console block")
    for command in ours:
        print(f"$ {command}", flush=True)
        done = subprocess.run(["bash", "-c", command], check=False)  # noqa: S607
        if done.returncode not in {0, 1}:
            raise SystemExit(f"exit code {done.returncode} from the README's: {command}")


def choose_test_command(commands: list[str]) -> str:
    """Return the one command that runs the tests; raise SystemExit if there isn't one."""
    tests = [command for command in commands if re.match(r"(python -m )?pytest\b", command)]
    if len(tests) != 1:
        raise SystemExit(f"the README shows {len(tests)} pytest commands in console blocks, not 1")
    return tests[0]


def main() -> None:
    """Do what the first argument says with the README that the second names."""
    verb, path = sys.argv[1:]
    commands = list_commands(Path(path).read_text(encoding="utf-8"))
    if verb == "run":
        run_commands(commands)
    else:
        print(choose_test_command(commands))


if __name__ == "__main__":
    main()
