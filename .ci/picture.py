"""Draw docs/scorecard.svg: what the terminal shows for the pilot's messiest vehicle export.

python .ci/picture.py
"""

from __future__ import annotations

import io
import re
import tempfile
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dqcheck.assess import Options, Target, assess
from dqcheck.demo import AS_OF, EXPORTS
from dqcheck.demo.write import prepare_folder, write_exports
from dqcheck.reports import Surface, render

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "scorecard.svg"
WIDTH = 90


def main() -> None:
    """Check the export in a folder that is gone afterwards, and draw the scorecard."""
    with tempfile.TemporaryDirectory() as folder:
        prepare_folder(Path(folder), EXPORTS)
        write_exports(Path(folder), EXPORTS)
        (path,) = Path(folder).glob("northfolk/vehicles*")
        options = Options(as_of=date.fromisoformat(str(AS_OF)), standard="vehicle")
        bundle = assess([Target(str(path))], options).bundle
    text = render("text", bundle, Surface(width=WIDTH, color=True)).decode()
    shown = text.replace(str(Path(folder)) + "/", "").splitlines()
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text.from_ansi("\n".join(shown[:46])))
    title = f"dqcheck check {path.parent.name}/{path.name} --standard vehicle"
    svg = console.export_svg(title=title)
    # The fonts that Rich would load from the network; the reader's own will do.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    PICTURE.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
