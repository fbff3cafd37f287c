"""Rules of a standard that another one builds on."""

from __future__ import annotations

from pathlib import Path

import pytest

from dqcheck.checks.locate import packaged_documents
from dqcheck.checks.rules import load_rules, packaged_rules
from dqcheck.documents import load_yaml, validate
from dqcheck.documents.rules import RuleSet
from dqcheck.errors import ConfigurationError
from dqcheck.model import Check
from dqcheck.standards import open_standard


def _read(name: str) -> RuleSet:
    return validate(RuleSet, load_yaml(packaged_documents()[name]))


def _checks(name: str, class_name: str) -> dict[str, Check]:
    rules = packaged_rules(open_standard(name))[class_name]
    return {check.id: check for check in rules.checks}


def test_import_of_no_packaged_standard_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "person.yaml"
    path.write_text(
        'dqcheck_rules: "1"\nstandard: person\nimports: [identitty]\nrules: []\n', encoding="utf-8"
    )
    plan = open_standard("person")
    with pytest.raises(ConfigurationError) as caught:
        load_rules(plan, plan.classes["Person"], [path])
    assert "identitty" in str(caught.value)
    assert "person.yaml:3" in str(caught.value)
    assert 'did you mean "identity"' in str(caught.value)


def test_imported_rules_take_the_name_of_the_standard() -> None:
    person = _checks("person", "Person")
    identity = _checks("identity", "IdentifiedPerson")
    assert {check_id.partition(".")[0] for check_id in person} == {"person"}
    renamed = {f"person.{check_id.partition('.')[2]}" for check_id in identity}
    assert renamed <= set(person)


def test_own_rule_stands_in_for_the_imported_one() -> None:
    own = {rule.id for rule in _read("person").rules}
    imported = {rule.id for rule in _read("identity").named("person").rules}
    assert own & imported == {"person.date_of_birth.plausible_age"}
    slots = _checks("person", "Person")["person.date_of_birth.plausible_age"].slots
    assert "described_on" in slots
    slots = _checks("identity", "IdentifiedPerson")["identity.date_of_birth.plausible_age"].slots
    assert "described_on" not in slots


def test_no_check_of_1_0_is_lost_but_those_the_schema_took_over() -> None:
    old, new = _checks("person@1.0.0", "Person"), _checks("person", "Person")
    plan = open_standard("person").classes["Person"]
    assert set(old) - set(new) <= {check.id for check in plan.checks}
