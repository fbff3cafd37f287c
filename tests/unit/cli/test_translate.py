"""`dqcheck standard translate`, `code-lists`, and `show` of a code list."""

from __future__ import annotations

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from dqcheck.cli import app
from dqcheck.errors import UsageError


def run(*args: str) -> str:
    done = CliRunner().invoke(app, args, catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["NomisHairColor", "HairColour"], "there is no packaged code list 'NomisHairColor'"),
        (["NomisHairColour", "HairColour", "BRWN"], "the list NomisHairColour has no code 'BRWN'"),
        (["NomisHairColour", "EyeColour"], "no crosswalk leads from NomisHairColour to EyeColour"),
    ],
)
def test_what_can_not_be_translated_is_refused(args: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        CliRunner().invoke(app, ["standard", "translate", *args], catch_exceptions=False)
    assert caught.value.message == message
    assert caught.value.exit_code == 2


def test_a_refused_code_is_listed_with_its_reason() -> None:
    shown = run(
        "standard", "translate", "NomisHairColour", "NcicHairColour", "BROWN", "GREY", "DYED"
    )
    assert (
        shown
        == """\
NomisHairColour to NcicHairColour
  BROWN  BRO (BROWN); lost: nothing
  GREY   GRY (GRAY OR PARTIALLY GRAY); lost: detail, since the target is broader
  DYED   refused: NcicHairColour has no code for it (a state, not a colour)
2 of 3 translated, 1 without loss; 1 refused
"""
    )


def test_all_codes_are_translated_by_default() -> None:
    text = run("standard", "translate", "NomisHairColour", "HairColour", "--format", "json")
    data = json.loads(text)
    assert (data["source"], data["target"]) == ("NomisHairColour", "HairColour")
    assert len(data["translations"]) == 15
    by_code = {one["code"]: one for one in data["translations"]}
    assert by_code["MOUSE"]["target"] == "Mousey"
    assert by_code["DYED"]["target"] == ""
    assert by_code["DYED"]["reason"]


def test_a_spreadsheet_gets_what_the_others_get() -> None:
    args = ["standard", "translate", "HmppsPrisonPersonHairColour", "InterpolHairColour"]
    rows = list(csv.DictReader(io.StringIO(run(*args, "--format", "csv"))))
    assert rows == json.loads(run(*args, "--format", "json"))["translations"]
    assert rows[0]["via"].startswith("NomisHairColour: ")


def test_a_code_list_is_shown_whole() -> None:
    lines = run("standard", "show", "NomisHairColour").splitlines()
    assert lines[0] == "NomisHairColour  Hair colour (15 codes)"
    assert "  licence: MIT; Crown copyright" in lines
    assert lines[-1] == "  MULTI     Multi-coloured [retired]"
    assert "  NK   Not Known / Not Recorded [means unknown]" in run("standard", "show", "NomisSex")
    data = json.loads(run("standard", "show", "nomis.NomisHairColour", "--format", "json"))
    assert [value["code"] for value in data["values"]][:2] == ["BALD", "BLACK"]


def test_the_code_lists_of_other_systems_are_listed() -> None:
    lines = run("standard", "code-lists").splitlines()
    assert lines[0].split()[:3] == ["code", "list", "codes"]
    assert any(line.startswith("NcicHairColour ") for line in lines)
    listed = json.loads(run("standard", "code-lists", "--json"))
    assert len(listed) == len(lines) - 1
