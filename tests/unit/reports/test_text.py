from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from dqcheck.errors import InputError, UsageError
from dqcheck.gate import judge
from dqcheck.reports import Surface, render
from dqcheck.reports.bundle import build


def make(run: Any) -> dict[str, Any]:
    return build(run, judge(run.exports, run.gate))


def show(samples: Any, *exports: Any, **surface: Any) -> str:
    bundle = make(samples.run(*exports))
    how = Surface(**surface)
    return render("text", bundle, how).decode(how.encoding)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_nothing_is_wider_than_the_page_but_the_last_line(samples: Any, width: int) -> None:
    broken = samples.broken_run(InputError("no workbook", hint="save it again"))
    text = show(samples, samples.failing(), broken, samples.checked(), width=width)
    *lines, last = text.rstrip("\n").split("\n")
    assert max(len(line) for line in lines) <= width
    assert last.startswith("exit 3: gate not proven: persons.csv: person.notes.not_checked")
    assert not any(line != line.rstrip() for line in lines)


def test_it_ends_in_one_line_with_the_exit_code_and_why(samples: Any) -> None:
    assert show(samples, samples.checked()).split("\n")[-2:] == [
        "exit 0: gate passed: 6 mandatory checks passed on 10 rows",
        "",
    ]
    wrong = samples.broken_run(UsageError("no such file"))
    last = show(samples, wrong).split("\n")[-2]
    assert last == "exit 2: usage, configuration, rule or schema wrong: no such file"


def test_a_pipe_gets_no_colour_and_a_terminal_no_words_less(samples: Any) -> None:
    plain = show(samples, samples.failing())
    assert "\x1b" not in plain
    colored = show(samples, samples.failing(), color=True)
    assert "\x1b[" in colored
    import re

    stripped = re.sub(r"\x1b\[[0-9;]*m", "", colored)
    assert [line.rstrip() for line in stripped.split("\n")] == plain.split("\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1"])
def test_consoles_without_the_signs_get_ascii(samples: Any, encoding: str) -> None:
    text = show(samples, samples.failing(), encoding=encoding)
    assert "x violation" in text
    assert text.count("?") == text.count('hair_colour"?') == 1


def test_it_shows_no_value_that_may_be_personal(samples: Any) -> None:
    text = show(samples, samples.failing(), width=200)
    assert "CANARY" not in text
    assert '"99/99/AAAAAA" ×3' in text
    assert "1 value in 9 rows not shown" in text


def test_values_are_no_markup(samples: Any) -> None:
    checked = samples.failing()
    import polars as pl

    codes = pl.DataFrame(
        {"slot": ["hair_colour"], "value": ["[red]:smile:[/red]"], "rows": [9], "keys": [9]},
        schema=checked.validation.codes.schema,
    )
    text = show(samples, samples.change(checked, codes=codes))
    assert "[red]:smile:[/red]" in text


def test_what_is_almost_right_never_reads_as_all_right(samples: Any) -> None:
    from dqcheck.model import Outcome

    checked = samples.measure(
        samples.checked(1_000_000), "person.date_of_birth.type", Outcome.FAILED, failed=1
    )
    text = show(samples, samples.change(checked, clean=999_999))
    assert "Without a violation: 999,999 of 1,000,000 (99.9 %)." in text
    validity = next(line for line in text.split("\n") if line.startswith("  validity"))
    assert "99.9 %" in validity
    assert "░" in validity


def test_long_lists_are_cut_and_say_so(samples: Any) -> None:
    from dqcheck.model import Measurement, Outcome

    checked = samples.checked()
    checks = [samples.check(f"person.notes.c{n:02}", "notes") for n in range(30)]
    found = [Measurement(check.id, Outcome.FAILED, 10, 1) for check in checks]
    checked = samples.change(checked, checks=tuple(checks), measurements=tuple(found))
    assert "… and 10 more (all in --report json=PATH)" in show(samples, checked)


def test_what_had_nothing_to_decide_is_counted_apart(samples: Any) -> None:
    from dqcheck.model import Outcome

    checked = samples.measure(
        samples.checked(), "person.notes.pattern", Outcome.NOT_APPLICABLE, checked=0
    )
    assert "Checks: 6 passed, 0 failed, 1 had nothing to decide, of 7" in show(samples, checked)


def test_a_reference_that_nothing_is_known_of_is_named_and_bars_the_level(samples: Any) -> None:
    checked = samples.dangling()
    text = show(samples, checked)
    assert "Not checked\n  person.notes.not_checked.reference: the run has no export of" in text
    assert "the gate does not ask for it" in " ".join(text.split())
    assert "1 demand of the schema not checked" in text
    assert "Level: Readable" in text
    assert text.split("\n")[-2].startswith("exit 0: ")
    # Without a value there is nothing to look up.
    tallies = tuple(
        samples.tally(each.slot, 10, missing=10 if each.slot == "notes" else 0)
        for each in checked.validation.tallies
    )
    assert "Not checked" not in show(samples, samples.change(checked, tallies=tallies))


def test_outer_spaces_can_be_seen(samples: Any) -> None:
    import polars as pl

    checked = samples.failing()
    codes = pl.DataFrame(
        {"slot": ["hair_colour"], "value": ["Black "], "rows": [9], "keys": [9]},
        schema=checked.validation.codes.schema,
    )
    hair = "person.hair_colour.permissible_value"
    shapes = pl.DataFrame(
        [(hair, "hair_colour", " Aaaa", 9), (hair, "hair_colour", "(a code)", 2)],
        schema=checked.validation.shapes.schema,
        orient="row",
    )
    text = show(samples, samples.change(checked, codes=codes, shapes=shapes))
    assert '"Black " in 9 rows → nearest: "Black"' in text.replace("\n    ", " ")
    assert 'shapes: " Aaaa" ×9, (a code) ×2' in text


def test_columns_are_named_by_what_they_are(samples: Any) -> None:
    from dqcheck.model import Column

    checked = samples.checked()
    more = (Column(5, "", "c5"), Column(6, "Hair_colour", "c6"), Column(7, "haircolor", "c7"))
    unknown = tuple(zip(more, ((), ("hair_colour",), ("hair_colour",)), strict=True))
    text = show(samples, samples.change(checked, columns=(*checked.export.columns, *more),
                                        unknown=unknown), width=200)  # fmt: skip
    assert "column 5 (no header): nothing in it was checked" in text
    assert 'column 6 "Hair_colour" repeats the header of column 2: nothing in it' in text
    assert 'column 7 "haircolor" is no slot: nothing in it was checked; did you mean "hair' in text


def test_a_usage_error_has_no_level(samples: Any) -> None:
    text = show(samples, samples.broken_run(UsageError("no such file", hint="look again")))
    assert "Level" not in text
    assert "error: no such file" in text
    assert "hint: look again" in text
    assert "Level: Received" in show(samples, samples.broken_run(InputError("no workbook")))


def test_standard_input_is_called_so(samples: Any) -> None:
    run = replace(samples.export_run(samples.checked()), path="-")
    assert show(samples, run).startswith("━━ standard input ━")
    last = show(samples, run, samples.broken_run(InputError("x")), replace(run, path="b"))
    assert "━━ standard input ━" in last


def test_several_exports_each_have_their_verdict(samples: Any) -> None:
    text = show(samples, samples.checked(), samples.broken_run(InputError("no workbook")))
    assert text.count("exit 0: gate passed") == 1
    assert text.count("exit 3: gate not proven: no workbook") == 1
    assert text.count("exit 3: gate not proven: broken.csv: no workbook") == 1


def test_json_is_the_bundle(samples: Any) -> None:
    run = replace(samples.run(samples.failing()))
    bundle = make(run)
    content = render("json", bundle)
    assert json.loads(content) == bundle
    assert content == render("json", make(run), Surface(width=200, encoding="ascii"))
    assert content.endswith(b"}\n")
