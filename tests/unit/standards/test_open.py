"""Opening packaged standards and schemas, and what is kept of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dqcheck.errors import UsageError
from dqcheck.standards import list_standards, locate, open_schema, open_standard, store
from dqcheck.standards.open import build_packaged
from dqcheck.standards.plan import FORMAT, Plan, dump, load

SCHEMA = """\
id: http://example.org/s
name: s
imports: [linkml:types, other]
classes: {C: {attributes: {a: {range: T}}}}
"""
OTHER = "id: http://example.org/o\nname: o\ntypes: {T: {typeof: string, pattern: '^x'}}\n"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("DQCHECK_CACHE_DIR", str(folder))
    monkeypatch.delenv("DQCHECK_NO_CACHE", raising=False)
    return folder


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    (tmp_path / "other.yaml").write_text(OTHER)
    path = tmp_path / "s.yaml"
    path.write_text(SCHEMA)
    return path


def _kinds(plan: Plan) -> list[str]:
    return [check.id for check in plan.classes["C"].checks]


def test_shipped_plans_are_what_the_schemas_compile_to() -> None:
    folder = store.shipped_folder()
    shipped = {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in folder.rglob("*.json")
    }
    assert shipped == build_packaged(), "run python -m dqcheck.standards.build"


@pytest.mark.parametrize("name", sorted(locate.packaged_names()))
def test_a_plan_survives_json(name: str) -> None:
    plan = open_standard(name)
    assert load(dump(plan)) == plan
    assert load(dump(plan).replace(FORMAT, "dqcheck-plan/0")) is None


def test_names_versions_and_what_they_might_have_meant() -> None:
    infos = {info.name: info for info in list_standards()}
    version = infos["person"].version
    assert open_standard("person@1").version == version
    assert open_standard(f"person@{version}") == open_standard("person")
    with pytest.raises(UsageError) as unknown:
        open_standard("persn")
    assert unknown.value.hint == 'did you mean "person"?'
    with pytest.raises(UsageError, match="no version 9 of the standard"):
        open_standard("person@9")
    with pytest.raises(UsageError, match="no version is named") as raised:
        open_standard("person@")
    assert raised.value.hint.startswith("write person@")


def test_old_versions_stay_and_the_newest_that_fits_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "schemas"
    (folder / "versions").mkdir(parents=True)
    text = 'id: http://example.org/x\nname: x\nversion: "{}"\nclasses: {{C: {{}}}}\n'
    (folder / "x.yaml").write_text(text.format("2.0.0"))
    for old in ("1.2.0", "1.10.0"):
        (folder / "versions" / f"x@{old}.yaml").write_text(text.format(old))
    monkeypatch.setattr(locate, "schemas_folder", lambda: folder)
    locate.packaged_names.cache_clear()
    try:
        assert locate.packaged_names() == {"x": ("2.0.0", "1.10.0", "1.2.0")}
        files = {name: locate.locate_standard(name).file.name for name in ("x", "x@1", "x@1.2")}
    finally:
        locate.packaged_names.cache_clear()
    assert files == {"x": "x.yaml", "x@1": "x@1.10.0.yaml", "x@1.2": "x@1.2.0.yaml"}


def test_a_packaged_standard_is_opened_without_linkml_yaml_or_polars() -> None:
    code = (
        "import sys; from dqcheck import standards; standards.open_standard('person');"
        "print([m for m in ('linkml_runtime', 'linkml', 'yaml', 'polars', 'pydantic')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_schema_is_kept_until_it_or_an_import_changes(schema: Path, cache: Path) -> None:
    assert _kinds(open_schema(schema)) == ["s.a.type", "s.a.pattern"]
    kept = list(cache.rglob("*.json"))
    assert len(kept) == 1
    assert store.cached_plan(schema.resolve()) == open_schema(schema)

    (schema.parent / "other.yaml").write_text(OTHER.replace("pattern", "equals_string"))
    assert store.cached_plan(schema.resolve()) is None
    assert _kinds(open_schema(schema)) == ["s.a.type", "s.a.equals_string"]


def test_a_file_that_comes_before_a_packaged_one_is_noticed(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(SCHEMA.replace("other", "core").replace("range: T", "range: string"))
    open_schema(path)
    assert store.cached_plan(path.resolve()) is not None
    (tmp_path / "core.yaml").write_text(OTHER)
    assert store.cached_plan(path.resolve()) is None


@pytest.mark.parametrize("rubbish", ["", "[]", "{", '{"format": 1}', "\0"])
def test_a_broken_cache_is_passed_over(schema: Path, cache: Path, rubbish: str) -> None:
    plan = open_schema(schema)
    for kept in cache.rglob("*.json"):
        kept.write_text(rubbish)
    assert open_schema(schema) == plan


def test_a_cache_that_cannot_be_written_is_passed_over(
    schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("DQCHECK_CACHE_DIR", str(blocked))
    assert _kinds(open_schema(schema)) == ["s.a.type", "s.a.pattern"]


def test_the_cache_can_be_turned_off(
    schema: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DQCHECK_NO_CACHE", "1")
    open_schema(schema)
    assert not cache.exists()


def test_a_query_is_answered_from_its_pinned_file_which_the_cache_watches(
    tmp_path: Path, cache: Path
) -> None:
    path, pinned = tmp_path / "s.yaml", tmp_path / "cells.tsv"
    path.write_text(
        "id: http://example.org/s\nname: s\nimports: [linkml:types]\n"
        "enums: {E: {annotations: {values_file: cells.tsv}, "
        'reachable_from: {source_nodes: ["CL:1"]}}}\n'
        "classes: {C: {attributes: {a: {range: E}}}}\n"
    )
    pinned.write_text("CL:2\tNeuron\nCL:3\n")
    plan = open_schema(path)
    assert [(value.code, value.title) for value in plan.enums["E"].values] == [
        ("CL:2", "Neuron"),
        ("CL:3", ""),
    ]
    assert (_kinds(plan), plan.classes["C"].not_checked) == (["s.a.permissible_value"], ())
    pinned.write_text("CL:2\tNeuron\n")
    assert len(open_schema(path).enums["E"].values) == 1
