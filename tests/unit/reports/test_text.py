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
    assert "?" not in text.replace("did you mean hair_colour?", "").replace(
        "did you mean\n  hair_colour?", ""
    )


def test_it_shows_no_value_that_may_be_personal(samples: Any) -> None:
    text = show(samples, samples.failing(), width=200)
    assert "CANARY" not in text
    assert "99/99/AAAAAA ×3" in text
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
    assert "… and 10 more; --report json=PATH has all." in show(samples, checked)


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
