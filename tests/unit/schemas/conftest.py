"""The schemas as LinkML reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkml_runtime.utils.schemaview import SchemaView

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / ".." / "shared" / "reference"
STANDARDS = tuple(sorted(file.stem for file in (ROOT / "schemas").glob("*.yaml")))


@pytest.fixture(scope="session")
def reference() -> Path:
    if not REFERENCE.is_dir():
        pytest.skip("the reference lists are not beside this checkout")
    return REFERENCE


@pytest.fixture(scope="session")
def views() -> dict[str, SchemaView]:
    return {name: SchemaView(str(ROOT / "schemas" / f"{name}.yaml")) for name in STANDARDS}


@pytest.fixture(params=STANDARDS)
def view(request: pytest.FixtureRequest, views: dict[str, SchemaView]) -> SchemaView:
    return views[request.param]
