"""Kinds of identifiers hold for what is published as right, and for nothing else."""

from __future__ import annotations

import csv
from datetime import date
from itertools import product
from pathlib import Path

import polars as pl
import pytest

from dqcheck.errors import ConfigurationError
from dqcheck.expressions.evaluate import Context, build
from dqcheck.expressions.identifiers import DUMMIES, KINDS, OPERATORS
from dqcheck.expressions.parse import parse
from dqcheck.expressions.resolve import resolve
from dqcheck.standards.plan import SlotPlan

TEXT = pl.col("text")


def look(expr: pl.Expr, *texts: str | None) -> list[object]:
    frame = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    return frame.lazy().select(expr).collect(engine="streaming").to_series().to_list()


def rows_of(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Long texts, none at all, other scripts and digits, and shapes that are almost right.
ODD = [
    "", " ", "\n", "-", "/", "٠١٢٣٤٥٦٧٨٩", "９４３４７６５９１９", "A" * 17, "1" * 40, "0" * 5000,
    "943 476 5919", "9434765919\n", "\n9434765919", "ÅB12CDE", "TQ30🙂0", "SF/1Z", "+", "@", "@@",
    "1M8GDM9AXKP04278é", "2002/007331９Z", "20/Z", "3113000000", "99/99Z",
]  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_published_values(name: str) -> None:
    kind = KINDS[name]
    expected = [True] * len(kind.right) + [False] * len(kind.wrong)
    assert look(KINDS[name].holds(TEXT), *kind.right, *kind.wrong) == expected


@pytest.mark.parametrize("name", KINDS)
def test_odd_texts_are_wrong_and_missing_ones_unknown(name: str) -> None:
    # Seventeen letters may be a foreign VIN, and ten digits a foreign mark or a property.
    fitting = {"vin": ["A" * 17], "vin_check_digit": ["A" * 17], "vrm": ["3113000000"]}
    fitting |= {"uprn": fitting["vrm"], "cro_sf_number": ["99/99Z"]}
    right = [
        text for text, found in zip(ODD, look(KINDS[name].holds(TEXT), *ODD), strict=True) if found
    ]
    assert right == fitting.get(name, [])
    assert look(KINDS[name].holds(TEXT), None) == [None]


@pytest.mark.parametrize("name", DUMMIES)
def test_dummies(name: str) -> None:
    examples = DUMMIES[name].examples
    expected = [True] * len(examples) + [False, False, None]
    assert look(DUMMIES[name].found(TEXT), *examples, "", "ordinary", None) == expected


@pytest.mark.parametrize("name", [name for name in OPERATORS if ":" not in name])
def test_values_of_odd_texts_are_unknown(name: str) -> None:
    texts = [text for text in ODD if text not in ("ÅB12CDE",)]
    assert look(OPERATORS[name](TEXT), *texts, None) == [None] * (len(texts) + 1)


def test_what_stands_beside_a_kind_is_one() -> None:
    assert {kind.doubt for kind in KINDS.values()} - {""} <= set(KINDS)
    assert all(not KINDS[kind.doubt].binding for kind in KINDS.values() if kind.doubt)
    assert set(DUMMIES) - {"date", "text"} <= set(KINDS)


def test_unknown_kinds_are_a_fault_of_the_compiler() -> None:
    for operator in ("identifier:zork", "dummy:zork"):
        with pytest.raises(ValueError, match="zork"):
            build([operator, ["text", "a"]], Context(date(2026, 11, 22)))


# --- worked examples of the reference

EXAMPLES = {
    "pnc": "pnc_id", "cro": "cro_number", "nhs": "nhs_number", "chi": "chi_number",
    "driver": "driver_number", "nino": "nino", "phone": "phone_number", "prison": "prison_number",
}  # fmt: skip
# The standard is what is exchanged; these are how people type, or what has to be mended first.
AS_TYPED = {
    "943-476-5870", "ce 12 34 56 d", "020 7946 0018", "+44 7700 900123", "07700 900123",
    "0044 7700 900123", "7700900123", "01632 960001",
}  # fmt: skip


def test_worked_examples(shared: Path) -> None:
    seen = set()
    for row in rows_of(shared, "person/identifier_examples"):
        name = EXAMPLES.get(row["identifier"])
        if name is None:
            continue
        seen.add(name)
        expected = row["code"] == "valid" and row["input"] not in AS_TYPED
        assert look(KINDS[name].holds(TEXT), row["input"]) == [expected], row["input"]
        if row["code"] == "valid" and row["label"]:
            label = row["label"].replace(" ", "") if name == "nhs_number" else row["label"]
            assert look(KINDS[name].holds(TEXT), label) == [True], row["label"]
    assert seen == set(EXAMPLES.values())


def test_worked_vins(shared: Path) -> None:
    for row in rows_of(shared, "vehicle/vin_examples"):
        shaped, digit = look(KINDS["vin"].holds(TEXT), row["input"]), row["check_expected"]
        assert shaped == [row["code"] != "invalid"], row["input"]
        if shaped == [True] and row["input"][0] in "12345":
            assert look(KINDS["vin_check_digit"].holds(TEXT), row["input"]) == [
                digit == row["check_found"]
            ]


def test_weights_of_vins(shared: Path) -> None:
    """Each rule of the reference alone: one character in one place, and its check digit."""
    rules = rows_of(shared, "vehicle/vin_rules")
    weights = {int(row["code"]): int(row["label"]) for row in rules if row["rule"] == "weight"}
    values = {row["code"]: int(row["label"]) for row in rules if row["rule"] == "value"}
    vins = []
    for (place, weight), (letter, value) in product(weights.items(), values.items()):
        if place in (1, 9):
            continue
        rest = weights[1] * values["1"] + weight * value
        digit = rest % 11
        text = ["1"] + ["0"] * 16
        text[place - 1], text[8] = letter, "X" if digit == 10 else str(digit)
        vins.append("".join(text))
    assert look(KINDS["vin_check_digit"].holds(TEXT).all(), *vins) == [True]
    wrong = [vin[:8] + ("0" if vin[8] != "0" else "1") + vin[9:] for vin in vins]
    assert look(KINDS["vin_check_digit"].holds(TEXT).any(), *wrong) == [False]


def test_worked_marks(shared: Path) -> None:
    for row in rows_of(shared, "vehicle/vrm_examples"):
        text = (row["label"] if row["code"] == "valid" else row["input"]).replace(" ", "")
        # X marks are consular: one validator refuses them, collectors list them.
        expected = row["code"] == "valid" or row["input"] == "123X234"
        assert look(KINDS["vrm_gb"].holds(TEXT), text) == [expected], row["input"]


def test_eras_of_marks(shared: Path) -> None:
    eras = {
        "current": "current", "prefix": "prefix", "suffix": "suffix", "q": "q",
        "dateless-1": "dateless", "dateless-2": "dateless", "dateless-3": "dateless",
        "dateless-4": "dateless", "ni-3l": "northern_ireland", "iom": "isle_of_man",
        "diplomatic-d": "diplomatic",
    }  # fmt: skip
    formats = [row for row in rows_of(shared, "vehicle/vrm_formats") if row["code"] in eras]
    assert len(formats) == len(eras)
    found = look(OPERATORS["vrm_era"](TEXT), *(row["example"] for row in formats))
    assert found == [eras[row["code"]] for row in formats]


def test_ages_of_marks(shared: Path) -> None:
    marks = {"current": "AA{}AAA", "prefix": "{}123AAA", "suffix": "AAA123{}"}
    for row in rows_of(shared, "vehicle/vrm_age_identifiers"):
        mark = marks[row["scheme"]].format(row["code"])
        first = row["label"].split(" to ")[0]
        month, year = first.split() if " " in first else ("January", first)
        (found,) = look(OPERATORS["vrm_issued_from"](TEXT).dt.to_string("%B %Y"), mark)
        assert found == f"{month} {year}", mark


def test_marks_without_an_age() -> None:
    marks = ["AB1234", "MIB1234", "Q123ABC", "MAN1", "BMN1A", "275D286", "AB00CDE", "AB50CDE"]
    assert look(OPERATORS["vrm_issued_from"](TEXT), *marks) == [None] * len(marks)


def test_postcode_areas(shared: Path) -> None:
    areas = {row["code"] for row in rows_of(shared, "address/postcode_areas")} | {"BF", "BX"}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    pairs = [*letters, *map("".join, product(letters, letters))]
    found = look(KINDS["postcode_area"].holds(TEXT), *(f"{area}1 1AA" for area in pairs))
    assert {area for area, right in zip(pairs, found, strict=True) if right} == areas


def test_worked_postcodes(shared: Path) -> None:
    for row in rows_of(shared, "address/postcode_examples"):
        right = row["label"] if row["code"] == "valid" and row["label"] else row["input"]
        if row["code"] == "invalid" or " " in right:
            text = right if row["code"] == "valid" else row["input"]
            assert look(KINDS["postcode"].holds(TEXT), text) == [row["code"] == "valid"], text


def test_squares_of_the_grid(shared: Path) -> None:
    squares = {row["code"]: row["label"] for row in rows_of(shared, "address/os_grid_squares")}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for first, second in product(letters, letters):
        text = f"{first}{second}00"
        (east,) = look(OPERATORS["grid_easting"](TEXT), text)
        (north,) = look(OPERATORS["grid_northing"](TEXT), text)
        corner = None if east is None else f"{east} {north}"
        assert corner == squares.get(f"{first}{second}"), text
        assert look(KINDS["grid_reference"].holds(TEXT), text) == [corner is not None]


def test_ranges_of_nhs_numbers(shared: Path) -> None:
    for row in rows_of(shared, "person/nhs_number_ranges"):
        used = "England" in row["label"] or "test" in row["label"]
        found = look(KINDS["nhs_number_issued"].holds(TEXT), row["code"], row["last"])
        assert found == [used, used], row["label"]


def test_drama_and_example_values_are_dummies(shared: Path) -> None:
    for row in rows_of(shared, "person/identifier_examples"):
        if "kept for drama" in row["notes"]:
            assert look(DUMMIES["phone_number"].found(TEXT), row["label"]) == [True]
    tokens = {row["code"] for row in rows_of(shared, "synonyms/null_tokens")}
    found = [text for text in tokens if look(DUMMIES["text"].found(TEXT), text) == [True]]
    # What is left out is a code of one list, a heading read as a row, a date, or could be a name.
    assert tokens - set(found) == {
        "NA", "-1", "99", "9", "0", "No other colour", "Unlisted", "NUASMENINTA", "NS", "REF", "ND",
        "XUKN", "XNA", "LAD23CD", "ï»¿PFA15CD", "01/01/1900", "1900-01-01", "31/12/9999",
        "ZZ99 3VZ", "",
    }  # fmt: skip


# --- the rule language

SLOTS = {
    slot.name: slot
    for slot in (
        SlotPlan("nhs", "nhs"),
        SlotPlan("vrm", "vrm"),
        SlotPlan("born", "born", range="date", type="date"),
        SlotPlan("first", "first", range="date", type="date"),
        SlotPlan("grid", "grid"),
        SlotPlan("age", "age", range="integer", type="integer"),
    )
}
ROWS = {
    "nhs": ["9434765919", "9434765918", None],
    "vrm": ["AA69AAA", "A123ABC", "AB1234"],
    "born": ["1900-01-01", "1985-04-15", None],
    "first": ["2019-03-01", "1999-01-01", "1950-01-01"],
    "grid": ["TQ3080", "NN166712", "x"],
    "age": ["1", "2", "3"],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('is_identifier(nhs, "nhs_number")', [True, False, None]),
        ('is_dummy(nhs, "nhs_number")', [True, True, None]),
        ('is_dummy(born, "date")', [True, False, None]),
        ('vrm_era(vrm) == "current"', [True, False, False]),
        ("vrm_issued_from(vrm) <= first", [False, True, None]),
        ("grid_easting(grid) == 530000 and grid_northing(grid) == 180000", [True, False, None]),
        ("grid_metres(grid) < 1000", [False, True, None]),
    ],
)
def test_rules_can_ask(text: str, expected: list[bool | None]) -> None:
    tree = resolve(parse(text), SLOTS, {}, expect="boolean")
    frame = pl.DataFrame(ROWS)
    assert frame.select(build(tree, Context(date(2026, 11, 22)))).to_series().to_list() == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('is_identifier(nhs, "nhs")', ["a kind of identifier is needed", "nhs_number"]),
        ("is_identifier(nhs, vrm)", ["a kind of identifier is needed"]),
        ('is_identifier(age, "uprn")', ["a text is needed, and this is a number"]),
        ('is_dummy(nhs, "usrn")', ["a kind of which dummies are known is needed"]),
        ("is_dummy(nhs)", ["takes 2 values"]),
    ],
)
def test_rules_that_can_not_work_are_refused(text: str, parts: list[str]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        resolve(parse(text), SLOTS, {}, expect="boolean")
    for part in parts:
        assert part in str(raised.value)


# --- the manual


def test_every_kind_is_documented(checkout: Path) -> None:
    page = (checkout / "docs" / "identifiers.md").read_text(encoding="utf-8")

    def table(title: str) -> list[list[str]]:
        lines = page.split(f"## {title}\n")[1].split("\n## ")[0].splitlines()
        return [line.strip("| ").split(" | ") for line in lines if line.startswith("| `")]

    assert table("Kinds") == [
        [
            f"`{kind.name}`", kind.title, kind.tested, kind.authority,
            "certain" if kind.binding else "a warning", f"`.{kind.part}`",
        ]
        for kind in KINDS.values()
    ]  # fmt: skip
    assert table("Dummies") == [
        [f"`{name}`", dummy.words, ", ".join(f"`{text}`" for text in dummy.examples), dummy.source]
        for name, dummy in DUMMIES.items()
    ]
