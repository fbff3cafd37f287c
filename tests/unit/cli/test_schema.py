from __future__ import annotations

import json

from typer.testing import CliRunner

from dqcheck.cli import app
from dqcheck.reports.bundle import read_schema


def test_schema_bundle_prints_the_published_schema() -> None:
    done = CliRunner().invoke(app, ["schema", "bundle"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == read_schema()
