from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from dqcheck.errors import InputError
from dqcheck.gate import judge
from dqcheck.model import Column, Match, Outcome, Privacy
from dqcheck.reports.bundle import build, read_schema


def make(run: Any) -> dict[str, Any]:
    return build(run, judge(run.exports, run.gate))


def bundles(samples: Any) -> list[dict[str, Any]]:
    broken = samples.broken_run(
        InputError("no workbook", hint="save it again", others=(InputError("nor that"),))
    )
    untrusted = samples.change(samples.failing(), headers_trusted=False)
    return [
        make(samples.run(samples.checked())),
        make(samples.run(samples.failing(), broken, samples.checked(), secret=None)),
        make(samples.run(untrusted, secret="short")),
        make(samples.run()),
    ]


def test_bundles_are_as_published(samples: Any) -> None:
    schema = read_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for bundle in bundles(samples):
        jsonschema.validate(bundle, schema)


def test_every_field_is_described_and_no_other_is_allowed() -> None:
    def walk(part: Any, place: str) -> None:
        if isinstance(part, dict):
            if "properties" in part:
                assert part["additionalProperties"] is False, place
                assert sorted(part["required"]) == sorted(part["properties"]), place
                for name, field in part["properties"].items():
                    assert field.get("description") or "$ref" in field, f"{place}.{name}"
            for name, each in part.items():
                walk(each, f"{place}.{name}")
        elif isinstance(part, list):
            for each in part:
                walk(each, place)

    walk(read_schema(), "$")


def test_the_same_run_gives_the_same_bundle(samples: Any) -> None:
    first, second = bundles(samples), bundles(samples)
    assert json.dumps(first) == json.dumps(second)


def test_no_value_that_may_be_personal_is_in_it(samples: Any) -> None:
    run = samples.run(samples.failing())
    text = json.dumps(make(run))
    assert "CANARY" not in text
    assert "P4" not in text
    assert "\\u001b" not in text


def test_code_values_show_if_known_or_common(samples: Any) -> None:
    codes = make(samples.run(samples.failing()))["exports"][0]["unknown_codes"]
    assert codes == [
        {
            "slot": "hair_colour",
            "list": "HairColour",
            "values": [
                {"value": "Blakc", "rows": 18, "keys": 18, "nearest": ["Black"]},
                {"value": "blk", "rows": 12, "keys": 1, "nearest": ["Black"]},
            ],
            "withheld_values": 1,
            "withheld_rows": 9,
            "withheld_reason": "fewer than 8 records share one, so it may be personal",
        }
    ]


def test_show_values_lifts_the_limit_on_code_slots_only(samples: Any) -> None:
    run = replace(samples.run(samples.failing()), show_values=True)
    text = json.dumps(make(run))
    assert "CANARY Smith" in text
    assert "31/12/CANARY" not in text


@pytest.mark.parametrize("privacy", [each for each in Privacy if each is not Privacy.CODE])
def test_a_coded_slot_of_another_class_shows_nothing(samples: Any, privacy: Privacy) -> None:
    checked = samples.failing()
    slots = tuple(
        replace(slot, privacy=privacy) if slot.name == "hair_colour" else slot
        for slot in checked.class_plan.slots
    )
    checked = replace(checked, class_plan=replace(checked.class_plan, slots=slots))
    found = make(replace(samples.run(checked), show_values=True))["exports"][0]
    assert found["unknown_codes"][0]["values"] == []
    assert found["unknown_codes"][0]["withheld_values"] == 3
    reason = found["unknown_codes"][0]["withheld_reason"]
    assert reason.endswith(" never shown")
    assert "fewer" not in reason
    if privacy is Privacy.SENSITIVE:
        assert reason == "values of sensitive slots are never shown"


@pytest.mark.parametrize("how", [{"headers_trusted": False}, {"slots": {}}])
def test_headers_that_may_be_values_show_as_shapes(samples: Any, how: dict[str, Any]) -> None:
    checked = samples.checked()
    column = Column(5, "Smith CANARY", "c5")
    checked = samples.change(
        checked,
        columns=(*checked.export.columns, column),
        unknown=((column, ("surname",)),),
        **how,
    )
    binding = make(samples.run(checked))["exports"][0]["binding"]
    assert binding["headers_shown"] is False
    assert binding["unknown"] == [
        {
            "position": 5,
            "header": "Aaaaa AAAAAA",
            "header_shown": False,
            "suggestions": [],
            "repeats": None,
        }
    ]


def test_headers_show_without_control_characters(samples: Any) -> None:
    binding = make(samples.run(samples.failing()))["exports"][0]["binding"]
    assert binding["unknown"][0] == {
        "position": 5,
        "header": "hair_clour[31m",
        "header_shown": True,
        "suggestions": ["hair_colour"],
        "repeats": None,
    }
    assert binding["slots"][2] == {
        "slot": "date_of_birth",
        "position": 3,
        "header": "DOB",
        "match": Match.ALIAS.value,
    }


def test_a_column_with_the_header_of_another_says_which(samples: Any) -> None:
    checked = samples.checked()
    twin = Column(5, " Hair_Colour", "c5")
    checked = samples.change(
        checked, columns=(*checked.export.columns, twin), unknown=((twin, ()),)
    )
    binding = make(samples.run(checked))["exports"][0]["binding"]
    assert binding["unknown"][0]["repeats"] == 2


def test_what_is_counted_is_named(samples: Any) -> None:
    checks = make(samples.run(samples.failing()))["exports"][0]["checks"]
    units = {check["id"].rpartition(".")[2]: check["unit"] for check in checks}
    assert units["permissible_value"] == units["unique"] == "row"
    assert units["header"] == units["unknown_column"] == "column"


def test_the_fields_that_others_rely_on(samples: Any) -> None:
    bundle = make(samples.run(samples.failing()))
    export = bundle["exports"][0]
    relied_on = ["path", "standard", "class", "rows_read", "rows_rejected", "outcome"]
    assert [export[name] for name in relied_on] == [
        "persons.csv",
        "person",
        "Person",
        1000,
        2,
        "not_proven",
    ]
    check = ["id", "slot", "dimension", "severity", "outcome", "checked", "failed", "unknown"]
    assert [export["checks"][1][name] for name in check] == [
        "person.hair_colour.permissible_value",
        "hair_colour",
        "validity",
        "violation",
        "failed",
        980,
        31,
        0,
    ]
    assert export["not_checked"][0]["id"] == "person.notes.not_checked.inlined"
    assert bundle["gate"]["outcome"] == "not_proven"
    assert bundle["gate"]["exit_code"] == 3
    assert bundle["gate"]["reasons"][0] == (
        "person.notes.not_checked.inlined: nested objects are not flat"
    )


def test_the_key_is_named_never_shown(samples: Any) -> None:
    run = samples.run(samples.checked(), secret="a secret of many bytes")
    bundle = make(run)
    assert bundle["run"]["key_id"] == run.key.id
    assert "a secret" not in json.dumps(bundle)
    assert bundle["run"]["notes"] == []
    weak = make(samples.run(samples.checked(), secret="short"))
    assert "so short" in weak["run"]["notes"][0]


def test_rates_are_rounded_down(samples: Any) -> None:
    checked = samples.measure(
        samples.checked(3_000_000), "person.date_of_birth.type", Outcome.FAILED, failed=1
    )
    found = make(samples.run(checked))["exports"][0]["dimensions"]
    validity = next(each for each in found if each["dimension"] == "validity")
    assert validity["worst"]["rate"] == 0.999999
    assert validity["rate"] < 1
