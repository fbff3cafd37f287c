"""The crosswalks: valid SSSOM, every code on both sides, and what the collected links say."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from jsonschema import Draft201909Validator

from dqcheck.standards import open_code_list

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "schemas" / "crosswalks").glob("*.sssom.tsv"))
# How the collected relation of a code to another reads in SKOS, whose object is the other code.
PREDICATES = {
    "exact": {"skos:exactMatch"},
    "narrower": {"skos:broadMatch"},
    "broader": {"skos:narrowMatch"},
    "none": {"skos:mappingRelation"},
    # "Blond" and "Blond or strawberry" are collected as close; the label says that one is broader.
    "close": {"skos:closeMatch", "skos:broadMatch"},
}
FLIPPED = {"skos:broadMatch": "skos:narrowMatch", "skos:narrowMatch": "skos:broadMatch"}
COLLECTED = (
    "hair/hair_colour_crosswalk",
    "vehicle/vehicle_colour_crosswalk",
    "person/ethnicity_crosswalk",
    "person/nationality_crosswalk",
)
# Collected lists that a standard holds.
OURS = {
    "uk-police-pole-hair": "HairColour",
    "dvsa-mot-colour": "VehicleColour",
    "cjs-16plus1": "Ethnicity16Plus1",
    "uk-police-18plus1": "Ethnicity18Plus1",
    "uk-police-pole-self-defined": "EthnicitySelfDefined",
    "uk-police-ic": "EthnicityIc",
    "iso-3166-1-alpha-3": "Country",
}


@cache
def read(file: Path) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return the metadata and the mappings of an SSSOM/TSV file."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    head = yaml.safe_load("".join(line[1:] for line in lines if line.startswith("#")))
    body = "".join(line for line in lines if not line.startswith("#"))
    return head, list(csv.DictReader(io.StringIO(body), delimiter="\t"))


@cache
def codes(name: str) -> dict[str, str]:
    return {value.code: value.title for value in open_code_list(name).values}


@cache
def sssom() -> Draft201909Validator:
    """Return what the SSSOM project's own schema demands of a mapping set."""
    package = pytest.importorskip("sssom_schema", reason="sssom-schema is not installed")
    from linkml.generators.jsonschemagen import JsonSchemaGenerator

    schema = files(package.__name__) / "schema" / "sssom_schema.yaml"
    text = JsonSchemaGenerator(str(schema), top_class="mapping set").serialize()
    return Draft201909Validator(json.loads(text))


def test_the_manual_counts_right() -> None:
    manual = (ROOT / "docs" / "crosswalks.md").read_text("utf-8")
    counted = Counter(row["predicate_id"] for file in FILES for row in read(file)[1])
    stated = re.findall(r"^\| `(skos:\w+)` \| [^|]+ \| ([\d,]+) \|", manual, re.M)
    assert {name: int(rows.replace(",", "")) for name, rows in stated} == counted
    assert f"{len(FILES)} files, {counted.total():,} rows" in manual


def test_there_is_one_crosswalk_for_two_lists() -> None:
    pairs = [frozenset(file.name.removesuffix(".sssom.tsv").split("--")) for file in FILES]
    assert len(pairs) > 100
    assert [pair for pair, count in Counter(pairs).items() if count > 1] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_code_stands_in_its_list(file: Path) -> None:
    head, rows = read(file)
    subject, target = file.name.removesuffix(".sssom.tsv").split("--")
    assert head["subject_source"] == f"dqcheck:{subject}"
    assert head["object_source"] == f"dqcheck:{target}"
    assert head["mapping_set_id"].endswith(f"/{subject}--{target}")
    assert rows
    ends = Counter()
    for row in rows:
        found = {}
        for side, name in (("subject", subject), ("object", target)):
            prefix, _, code = row[f"{side}_id"].partition(":")
            if row[f"{side}_id"] == "sssom:NoTermFound":
                assert row["predicate_id"] == "skos:mappingRelation"
                continue
            assert prefix == name
            assert prefix in head["curie_map"]
            assert codes(name)[unquote(code)] == row[f"{side}_label"], row
            found[side] = code
        assert found
        assert row["comment"].startswith("basis: ")
        ends[row["subject_id"], row["object_id"]] += 1
    assert max(ends.values()) == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_is_valid_sssom(file: Path) -> None:
    head, rows = read(file)
    filled = [{name: cell for name, cell in row.items() if cell} for row in rows]
    for row in filled:
        if "author_label" in row:
            row["author_label"] = row["author_label"].split("|")
    prefixes = {
        name: {"prefix_name": name, "prefix_url": url} for name, url in head["curie_map"].items()
    }
    head = {**head, "curie_map": prefixes, "mappings": filled}
    faults = [error.message for error in sssom().iter_errors(head)]
    assert faults == []


def test_the_oracle_refuses_what_is_not_sssom() -> None:
    assert not sssom().is_valid({"mapping_set_id": "https://example.org/x", "mappings": []})
    assert not sssom().is_valid({"mapping_set_id": "https://example.org/x", "license": "x", "z": 1})


@cache
def mapped() -> dict[tuple[str, str, str, str], str]:
    """Return the predicate by list and code of both ends, in both directions."""
    found = {}
    for file in FILES:
        subject, target = file.name.removesuffix(".sssom.tsv").split("--")
        for row in read(file)[1]:
            ends = [
                "" if row[side] == "sssom:NoTermFound" else unquote(row[side].partition(":")[2])
                for side in ("subject_id", "object_id")
            ]
            predicate = row["predicate_id"]
            found[subject, ends[0], target, ends[1]] = predicate
            found[target, ends[1], subject, ends[0]] = FLIPPED.get(predicate, predicate)
    return found


@cache
def external() -> dict[str, str]:
    """Return the enums of external lists by the list they were collected as."""
    found = {}
    for file in (ROOT / "schemas" / "lists").glob("*.yaml"):
        name = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if match := re.fullmatch(r"  (\w+):", line):
                name = match[1]
            if match := re.fullmatch(r'      collected_as: "(.+)"', line):
                found[match[1]] = name
    return found


@pytest.mark.parametrize("name", COLLECTED)
def test_every_collected_link_is_there(reference: Path, name: str) -> None:
    lists = {**external(), **OURS}
    with (reference / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        ends = []
        for side in ("from", "to"):
            listed, code, label = (row[f"{side}_{part}"] for part in ("list", "code", "label"))
            # Our list of vehicle colours sends the names of the MOT system, not its letters.
            ends += [lists[listed], label if listed == "dvsa-mot-colour" else code]
        if ends[2] == "NomisNationality" and ends[3] not in codes("NomisNationality"):
            ends[2] = "HmppsPersonRecordNationality"
        assert mapped().get(tuple(ends)) in PREDICATES[row["relation"]], row
        if row["relation"] == "close" and mapped()[tuple(ends)] == "skos:broadMatch":
            named = re.split(r" or |/|, ", row["to_label"].casefold())
            assert len(named) > 1, row
