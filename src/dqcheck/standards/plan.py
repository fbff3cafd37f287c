"""The compiled plan of a schema: plain data, written and read as JSON of our own.

A plan holds all that a run needs, so that a run imports no LinkML. Its format is versioned by
`FORMAT`; a plan of another format is compiled again, never guessed at.
"""

from __future__ import annotations

__all__ = [
    "FORMAT",
    "ClassPlan",
    "EnumPlan",
    "Plan",
    "SlotPlan",
    "Value",
    "check_from_json",
    "dump",
    "from_json",
    "load",
    "reference_from_json",
    "to_json",
]

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from dqcheck.model import (
    Check,
    Criticality,
    Dimension,
    Key,
    NotChecked,
    Privacy,
    Reference,
    Severity,
    Tolerance,
)

FORMAT = "dqcheck-plan/1"


@dataclass(frozen=True, slots=True)
class Value:
    """A permissible value of an enum.

    Attributes:
        code: What an export must send.
        title: In plain words.
        description: What it means.
        meaning: CURIE or IRI of the concept.
        aliases: What people type instead; never valid without a mapping.
        confirmed: How sure the code is: empty where two sources have it, else single-source,
            editorial (ours) or unconfirmed.
        narrower: What people type that means less than the code (Navy for Blue): a mapping may
            suggest it, and says what is lost.
        is_a: The broader code.
        status: active, retired or unconfirmed.
        role: valid, other (a real value outside the list) or default (an unknown code), after
            the Valid, Other and Default of the NHS VODIM measure.
        replaced_by: The active code to send instead of a retired one; may be empty.
        retired_on: The first day it is retired, in ISO 8601; empty if it is not known.
    """

    code: str
    title: str = ""
    description: str = ""
    meaning: str = ""
    aliases: tuple[str, ...] = ()
    is_a: str = ""
    status: str = "active"
    role: str = "valid"
    replaced_by: str = ""
    retired_on: str = ""
    narrower: tuple[str, ...] = ()
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class EnumPlan:
    """A code list.

    Attributes:
        name: The enum's name in the schema.
        title: In plain words.
        description: What it lists.
        source: Where its codes were read.
        values: Its codes, in the schema's order.
        owner: Who looks after the codes.
        licence: Under which terms the codes may be used.
    """

    name: str
    title: str
    description: str
    source: str
    values: tuple[Value, ...]
    owner: str = ""
    licence: str = ""

    @property
    def words(self) -> frozenset[str]:
        """Return the codes, titles and aliases."""
        return frozenset(
            word
            for value in self.values
            for word in (value.code, value.title, *value.aliases)
            if word
        )


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """A slot of a class, as induced.

    Attributes:
        name: The slot's name in the schema.
        column: The name data uses for it: the slot's alias if it has one, else its name.
        title: In plain words.
        description: What it means.
        aliases: Headers people use instead; matched with a finding.
        range: The range as the schema names it.
        type: The built-in LinkML type the values must have; None where there is no single one.
        enum: The code list, or None.
        multivalued: Whether a cell holds a list.
        delimiter: What separates the values of a multivalued cell in text formats.
        required: Whether each row must have it.
        recommended: Whether each row should have it.
        identifier: Whether it is the identifier or key of the class.
        criticality: How much it weighs.
        privacy: Its privacy class.
        owner: Who looks after it.
        unit: UCUM code of the unit, or empty.
        why: Why it matters.
        fix: How to put a fault right.
        examples: Values from the schema's `examples`.
        null_values: Tokens that mean missing, besides the empty cell.
    """

    name: str
    column: str
    title: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    range: str = "string"
    type: str | None = "string"
    enum: str | None = None
    multivalued: bool = False
    delimiter: str = "|"
    required: bool = False
    recommended: bool = False
    identifier: bool = False
    criticality: Criticality = Criticality.OTHER
    privacy: Privacy = Privacy.DIRECT
    owner: str = ""
    unit: str = ""
    why: str = ""
    fix: str = ""
    examples: tuple[str, ...] = ()
    null_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class: its slots, and all that must hold of its rows.

    Attributes:
        name: The class's name in the schema.
        title: In plain words.
        description: What a row is.
        abstract: Abstract classes and mixins can't have rows.
        tree_root: Whether it is the schema's tree root.
        imported: Whether it is another schema's, which this one builds on.
        closed: Whether a column that is no slot is a violation (LinkML's default) or, where
            `extra_slots` allows more, a warning.
        ancestors: The class itself first, then its parents and mixins.
        slots: In the schema's order.
        checks: Checks of rows.
        keys: What must be unique.
        references: What must exist elsewhere.
        not_checked: What the compiler leaves out.
    """

    name: str
    title: str = ""
    description: str = ""
    abstract: bool = False
    tree_root: bool = False
    imported: bool = False
    closed: bool = True
    ancestors: tuple[str, ...] = ()
    slots: tuple[SlotPlan, ...] = ()
    checks: tuple[Check, ...] = ()
    keys: tuple[Key, ...] = ()
    references: tuple[Reference, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()

    def slot(self, name: str) -> SlotPlan | None:
        """Return the slot called `name`, or None."""
        return next((slot for slot in self.slots if slot.name == name), None)


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled schema.

    Attributes:
        name: The standard's name: the first part of all check ids.
        version: The schema's version, or empty.
        title: In plain words.
        description: What it covers.
        schema_id: The schema's IRI.
        license: SPDX expression or IRI.
        owner: Who looks after it.
        source: `packaged` or the path of the schema file as the user named it.
        imports: The packaged standards it builds on, as it names them: `person@1.0.0`.
        classes: By name.
        enums: By name.
    """

    name: str
    version: str
    title: str = ""
    description: str = ""
    schema_id: str = ""
    license: str = ""
    owner: str = ""
    source: str = ""
    imports: tuple[str, ...] = ()
    classes: dict[str, ClassPlan] = field(default_factory=dict)
    enums: dict[str, EnumPlan] = field(default_factory=dict)

    @property
    def own_classes(self) -> tuple[ClassPlan, ...]:
        """Return the classes that can have rows and are this schema's own, in its order."""
        classes = self.classes.values()
        return tuple(one for one in classes if not (one.abstract or one.imported))


def dump(plan: Plan) -> str:
    """Return `plan` as JSON text; the same plan gives the same text."""
    return json.dumps({"format": FORMAT, **to_json(plan)}, ensure_ascii=False, indent=1) + "\n"


def to_json(plan: Plan) -> dict[str, Any]:
    """Return `plan` as plain data; codes without what is the same for most of them."""
    data = asdict(plan)
    usual = asdict(Value(code=""))
    for enum in data["enums"].values():
        enum["values"] = [
            {name: part for name, part in value.items() if part != usual[name]}
            for value in enum["values"]
        ]
    return data


def load(text: str) -> Plan | None:
    """Return the plan written in `text`, or None if it has another format."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
        return None
    return from_json(data)


def from_json(data: dict[str, Any]) -> Plan:
    """Return the plan that `dataclasses.asdict` wrote as `data`."""
    data["classes"] = {name: _class(part) for name, part in data["classes"].items()}
    data["enums"] = {
        name: EnumPlan(
            **{**part, "values": tuple(Value(**_tuples(value)) for value in part["values"])}
        )
        for name, part in data["enums"].items()
    }
    return Plan(**{**data, "imports": tuple(data["imports"])})


def _tuples(part: dict[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) and key != "expression" else value
        for key, value in part.items()
    }


def _class(part: dict[str, Any]) -> ClassPlan:
    return ClassPlan(
        **{
            **part,
            "ancestors": tuple(part["ancestors"]),
            "slots": tuple(_slot(slot) for slot in part["slots"]),
            "checks": tuple(check_from_json(check) for check in part["checks"]),
            "keys": tuple(
                Key(**{**_tuples(key), "severity": Severity(key["severity"])})
                for key in part["keys"]
            ),
            "references": tuple(reference_from_json(item) for item in part["references"]),
            "not_checked": tuple(NotChecked(**item) for item in part["not_checked"]),
        }
    )


def _slot(part: dict[str, Any]) -> SlotPlan:
    return SlotPlan(
        **{
            **_tuples(part),
            "criticality": Criticality(part["criticality"]),
            "privacy": Privacy(part["privacy"]),
        }
    )


def check_from_json(part: dict[str, Any]) -> Check:
    """Return the check that `dataclasses.asdict` wrote as `part`."""
    return Check(
        **{
            **part,
            "slots": tuple(part["slots"]),
            "dimension": Dimension(part["dimension"]),
            "severity": Severity(part["severity"]),
            "tolerance": Tolerance(**part["tolerance"]),
            "purposes": tuple(part["purposes"]),
        }
    )


def reference_from_json(part: dict[str, Any]) -> Reference:
    """Return the reference that `dataclasses.asdict` wrote as `part`."""
    return Reference(
        **{
            **part,
            "severity": Severity(part["severity"]),
            "tolerance": Tolerance(**part["tolerance"]),
            "purposes": tuple(part["purposes"]),
        }
    )
