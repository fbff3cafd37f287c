"""One class of a schema: its slots, and the checks, keys and references of its rows."""

from __future__ import annotations

__all__ = ["ClassCompiler"]

from copy import copy
from dataclasses import replace
from typing import Any

from dqcheck.model import Check, Criticality, Dimension, Key, NotChecked, Privacy, Reference
from dqcheck.model import Severity as Level
from dqcheck.standards.annotations import Notes, read_notes
from dqcheck.standards.checks import Words, add_check, make_check, name_check
from dqcheck.standards.classes import ClassExpressions, Members, SlotRange
from dqcheck.standards.conditions import BOOLEANS, Condition, Tree, listed, quote_words
from dqcheck.standards.constraints import CONSTRAINTS, label, slug
from dqcheck.standards.identifiers import slot_identifier_conditions
from dqcheck.standards.metamodel import UNCHECKED
from dqcheck.standards.plan import ClassPlan, SlotPlan
from dqcheck.standards.ranges import BARE_PATTERN, Range

Path = tuple[str, ...]
ANY_RANGE = Range("Any", "any")


class ClassCompiler:
    """Compiles one class, rows of its subclasses aside."""

    def __init__(
        self, expressions: ClassExpressions, standard: str, name: str, schema_notes: Notes
    ) -> None:
        """Look the class up."""
        self.expressions = expressions
        self.schema = expressions.schema
        self.view = expressions.schema.view
        self.standard = standard
        self.name = name
        self.definition = self.view.get_class(name)
        self.ancestors = tuple(str(one) for one in self.view.class_ancestors(name))
        self.notes = schema_notes | read_notes(
            self.schema,
            [(self.view.get_class(one), ("classes", one)) for one in reversed(self.ancestors)],
            expressions.faults,
        )
        self.induced = {str(one.name): one for one in self.view.class_induced_slots(name)}
        self.slot_notes = {slot: self.notes_of(slot) for slot in self.induced}
        self.ranges = {slot: self.range_of(slot) for slot in self.induced}
        self.slots = {slot: self.slot_plan(slot) for slot in self.induced}
        self.checks: list[Check] = []
        self.not_checked: list[NotChecked] = []

    # --- slots

    def notes_of(self, slot: str) -> Notes:
        """Return the annotations of a slot, those nearer to the class before others."""
        bearers: list[tuple[Any, Path]] = []
        if slot in self.view.all_slots(attributes=False):
            bearers.append((self.view.get_slot(slot, attributes=False), ("slots", slot)))
        for name in reversed(self.ancestors):
            definition = self.view.get_class(name)
            for where in ("attributes", "slot_usage"):
                if slot in getattr(definition, where):
                    element = getattr(definition, where)[slot]
                    bearers.append((element, ("classes", name, where, slot)))
        return read_notes(self.schema, bearers, self.expressions.faults)

    def range_of(self, slot: str) -> Range:
        """Return the range of a slot; a range by default gives way to ranges in expressions."""
        definition = self.induced[slot]
        place = self.schema.place(("@", self.name, slot, "range"), ("@", self.name, slot))
        if self.has_range(slot):
            return self.expressions.resolve(str(definition.range), definition, place)
        if any(one.range for name in BOOLEANS for one in listed(getattr(definition, name))):
            return ANY_RANGE
        by_schema = {str(one.id): one.default_range for one in self.view.schema_map.values()}
        default = by_schema.get(str(definition.from_schema), self.view.schema.default_range)
        # Text is the default range of LinkML itself, whether its types are imported or not.
        named = str(default) if default and str(default) != "string" else None
        return self.expressions.resolve(named, definition, place)

    def has_range(self, slot: str) -> bool:
        """Return whether the range of a slot is written somewhere."""
        if slot in self.view.all_slots(attributes=False) and any(
            self.view.get_slot(name, attributes=False).range
            for name in self.view.slot_ancestors(slot)
        ):
            return True
        definitions = [self.view.get_class(name) for name in self.ancestors]
        return any(
            slot in where and where[slot].range
            for one in definitions
            for where in (one.attributes, one.slot_usage)
        )

    def slot_plan(self, slot: str) -> SlotPlan:
        """Return what a run must know of a slot."""
        definition, found = self.induced[slot], self.ranges[slot]
        notes = self.notes | self.slot_notes[slot]
        own = self.slot_notes[slot]
        identifies = bool(definition.identifier or definition.key)
        enum = self.enum_of(slot, found)
        present = str(definition.value_presence or "") == "PRESENT"
        unit = definition.unit
        return SlotPlan(
            name=slot,
            column=str(definition.alias or slot),
            title=definition.title or "",
            description=definition.description or "",
            aliases=tuple(str(alias) for alias in definition.aliases),
            range=found.name,
            type=found.type,
            enum=enum,
            multivalued=bool(definition.multivalued),
            delimiter=notes.get("list_delimiter", "|"),
            required=bool(definition.required or identifies or present),
            recommended=bool(definition.recommended),
            identifier=identifies,
            criticality=Criticality(notes.get("criticality", "other")),
            privacy=Privacy(notes.get("privacy", Privacy.CODE if enum else Privacy.DIRECT)),
            owner=notes.get("owner", ""),
            unit=str(unit.ucum_code or unit.symbol or "") if unit is not None else "",
            why=own.get("why", ""),
            fix=own.get("fix", ""),
            examples=tuple(str(one.value) for one in definition.examples if one.value is not None),
            null_values=tuple(one for one in notes.get("null_values", "").split("|") if one),
        )

    def enum_of(self, slot: str, found: Range) -> str | None:
        """Return the code list of a slot, if it has one."""
        if found.kind == "enum":
            return found.name
        return f"{self.name}.{slot}.codes" if self.induced[slot].enum_range is not None else None

    def slot_checks(self, slot: str) -> None:
        """Add the checks of one slot."""
        definition, found = self.induced[slot], self.ranges[slot]
        plan, path = self.slots[slot], ("@", self.name, slot)
        many = plan.multivalued
        expressions = self.expressions
        expressions.open.clear()
        words = self.words(plan)
        conditions = self.range_conditions(slot, many)
        bare = copy(definition)
        bare.range, bare.required = None, definition.required or plan.identifier
        conditions += expressions.conditions_of(bare, slot, found, many=many, path=path)
        conditions += expressions.definition_conditions(definition, found, many=many, path=path)
        prefixes = [self.view.get_class(one).id_prefixes for one in self.ancestors]
        if definition.identifier and any(prefixes):
            nearest = next(filter(None, prefixes))
            conditions.append(expressions.prefixes(nearest, slot, found, many=many))
        if plan.recommended:
            conditions.append(Condition("recommended", ["present", slot]))
        if definition.deprecated:
            text = str(definition.deprecated)
            conditions.append(Condition("deprecated", ["not", ["present", slot]], text))
        conditions += slot_identifier_conditions(self.slot_notes[slot], slot, conditions, many=many)
        shown = self.slot_notes[slot].get("pattern_title", "")
        if not shown and plan.examples:
            shown = f"{BARE_PATTERN}as in {quote_words(plan.examples[:2])}"
        for one in conditions:
            bare_pattern = one.kind == "pattern" and one.detail.startswith(BARE_PATTERN)
            condition = replace(one, detail=shown) if bare_pattern and shown else one
            check = make_check(self.standard, slot, condition, words, slot=slot)
            add_check(self.checks, check)
        self.leave_unchecked(definition, "slot", slot)
        if many:
            self.leave_list_form(slot)
        self.drain(slot)

    def range_conditions(self, slot: str, many: bool) -> list[Condition]:
        """Return what the range demands, and that a cell holds one value or a list."""
        definition, found = self.induced[slot], self.ranges[slot]
        if found.kind == "object":
            what = label(found.name).lower()
            reason = f"nested records ({what}) are not checked inside"
            self.expressions.leave("inlined", reason, mandatory=False)
        if not many:
            conditions = self.expressions.conditions(found, definition, slot)
            if not conditions:
                # A type check refuses lists by itself; a slot of any type needs telling.
                single = ["or", ["scalar", slot], ["not", ["listed", slot]]]
                conditions.append(Condition("single_value", single))
            return conditions
        if found.kind == "object":
            return [self.expressions.nested(found, slot, many=True)]
        conditions = [Condition("list", ["listed", slot])]
        for one in self.expressions.conditions(found, definition, "."):
            conditions.append(replace(one, tree=["every", slot, one.tree]))
        return conditions

    def words(self, slot: SlotPlan) -> Words:
        """Return the words for the checks of a slot."""
        notes = self.slot_notes[slot.name]
        definition = self.induced[slot.name]
        return Words(
            label=label(slot.name, slot.title),
            why=slot.why,
            fix=slot.fix,
            authority=notes.get("authority", str(definition.source or "")),
            severity=Level(notes["severity"]) if "severity" in notes else None,
            dimension=Dimension(notes["dimension"]) if "dimension" in notes else None,
        )

    # --- rows

    def members(self, subclasses: dict[str, Tree] | None = None) -> Members:
        """Return the class as class expressions see it."""
        return Members(
            self.name,
            {
                slot: SlotRange(self.ranges[slot], plan.multivalued, label(slot, plan.title))
                for slot, plan in self.slots.items()
            },
            self.ancestors,
            subclasses or {},
        )

    def row_checks(self, members: Members) -> None:
        """Add the checks of boolean expressions and rules, those of ancestors included."""
        expressions = self.expressions
        for owner in self.ancestors:
            definition = self.view.get_class(owner)
            path: Path = ("classes", owner)
            expressions.open.clear()
            text = expressions.describe(definition, members, path)
            for name, one in definition.slot_conditions.items():
                here = (*path, "slot_conditions")
                tree = expressions.condition_tree(str(name), one, members, here, closed=False)
                condition = Condition("class", tree, text)
                self.add_row_check(owner, condition, Words(label(owner)), "slot_conditions")
            for operator, tree in expressions.class_booleans(
                definition, members, path, closed=False
            ):
                condition = Condition("class", tree, text)
                self.add_row_check(owner, condition, Words(label(owner)), operator)
            for number, rule in enumerate(definition.rules, 1):
                if not rule.deactivated:
                    self.rule_check(owner, number, rule, members)
            self.leave_unchecked(definition, "class", None)
            self.drain(None)
        self.leave_own()

    def rule_check(self, owner: str, number: int, rule: Any, members: Members) -> None:
        """Add the check of one rule."""
        path = ("classes", owner, "rules", str(number - 1))
        tree = self.expressions.rule_tree(rule, members, path)
        if tree is None:
            return
        notes = read_notes(self.schema, [(rule, path)], self.expressions.faults)
        words = Words(
            label=label(owner),
            why=notes.get("why", rule.description if rule.title and rule.description else ""),
            fix=notes.get("fix", ""),
            authority=notes.get("authority", str(rule.source or "")),
            severity=Level(notes["severity"]) if "severity" in notes else None,
            dimension=Dimension(notes["dimension"]) if "dimension" in notes else None,
        )
        condition = Condition("rule", tree, self.expressions.describe_rule(rule, members))
        spoken = rule.postconditions or rule.elseconditions
        hung = next(iter(spoken.slot_conditions or ()), None) if spoken is not None else None
        kind = slug(str(rule.title or "")) or f"rule_{number}"
        self.add_row_check(owner, condition, words, kind, slot=hung and str(hung))

    def add_row_check(
        self, owner: str, condition: Condition, words: Words, kind: str, slot: str | None = None
    ) -> None:
        """Add a check of whole rows."""
        check = make_check(self.standard, owner, condition, words, slot=slot, kind=kind)
        if check.slots:
            add_check(self.checks, check)

    # --- tables

    def keys(self) -> tuple[Key, ...]:
        """Return what must be unique."""
        found = []
        for slot, definition in self.induced.items():
            if definition.identifier or definition.key:
                found.append(self.key(slot, "unique", (slot,), primary=True, distinct=True))
        for owner in self.ancestors:
            for name, key in self.view.get_class(owner).unique_keys.items():
                slots = tuple(str(one) for one in key.unique_key_slots if one in self.slots)
                kind = slug(str(name)) or "unique_key"
                distinct = bool(key.consider_nulls_inequal)
                one = self.key(owner, kind, slots, primary=False, distinct=distinct)
                path = ("classes", owner, "unique_keys", str(name))
                notes = read_notes(self.schema, [(key, path)], self.expressions.faults)
                severity = Level(notes.get("severity", one.severity))
                found.append(replace(one, severity=severity, title=str(key.title or one.title)))
        # A class may have a key beside its identifier: the identifier is the business key.
        primaries = [key for key in found if key.primary]
        primaries.sort(key=lambda key: not self.induced[key.slots[0]].identifier)
        others = [
            Key(key.id, key.slots, False, key.nulls_distinct, key.severity, key.title)
            for key in primaries[1:]
        ]
        return (*primaries[:1], *others, *(key for key in found if not key.primary))

    def key(
        self, owner: str, kind: str, slots: tuple[str, ...], *, primary: bool, distinct: bool
    ) -> Key:
        """Return one key."""
        constraint = CONSTRAINTS["unique" if primary else "unique_key"]
        named = [label(slot, self.slots[slot].title) for slot in slots]
        text = constraint.title.format(slot=" and ".join(named))
        return Key(
            id=name_check(self.standard, owner, kind),
            slots=slots,
            primary=primary,
            nulls_distinct=distinct,
            severity=constraint.severity,
            title=text,
        )

    def references(self) -> tuple[Reference, ...]:
        """Return what must exist elsewhere."""
        constraint = CONSTRAINTS["reference"]
        return tuple(
            Reference(
                id=name_check(self.standard, slot, "reference"),
                slot=slot,
                target_class=found.name,
                target_slot=found.target,
                severity=constraint.severity,
                title=constraint.title.format(
                    slot=label(slot, self.slots[slot].title),
                    detail=f"a {label(found.name).lower()}",
                ),
            )
            for slot, found in self.ranges.items()
            if found.kind == "reference"
        )

    # --- what is left out

    def leave_unchecked(self, element: Any, kind: str, slot: str | None) -> None:
        """Note the metaslots of `element` that say something which is not compiled."""
        for feature, reason in UNCHECKED[kind].items():
            if getattr(element, feature, None):
                self.note(feature, slot, reason)
        if kind == "class" and element.extra_slots and element.extra_slots.range_expression:
            self.note("extra_slots", None, "the values of other columns are not checked")

    def leave_own(self) -> None:
        """Note what the class says of itself that is not checked."""
        notes = read_notes(
            self.schema, [(self.definition, ("classes", self.name))], self.expressions.faults
        )
        if "not_checked" in notes:
            self.note("class", None, notes["not_checked"])
        if "partly_checked" in notes:
            self.note("class", None, notes["partly_checked"], mandatory=False)

    def leave_list_form(self, slot: str) -> None:
        """Note what is asked of the text of a list and not honoured."""
        notes = self.notes | self.slot_notes[slot]
        if notes.get("list_wrapper") in ("curly", "paren"):
            self.note("list_wrapper", slot, "only square brackets around a list are read")
        if notes.get("list_strip_whitespace") == "false":
            self.note("list_strip_whitespace", slot, "space around the values is left aside")

    def drain(self, slot: str | None) -> None:
        """Take over what the expressions left out."""
        for feature, reason, mandatory in self.expressions.open:
            self.note(feature, slot, reason, mandatory=mandatory)
        self.expressions.open.clear()

    def note(self, feature: str, slot: str | None, reason: str, *, mandatory: bool = True) -> None:
        """Note that something is not checked, once."""
        item = NotChecked(feature, self.name, slot, reason, mandatory)
        if item not in self.not_checked:
            self.not_checked.append(item)

    def compile(self, subclasses: dict[str, Tree] | None = None) -> ClassPlan:
        """Return the plan of the class."""
        self.expressions.language = self.slots
        for slot in self.slots:
            self.slot_checks(slot)
        self.row_checks(self.members(subclasses))
        extra = self.definition.extra_slots
        opens = extra is not None and (extra.allowed or extra.range_expression is not None)
        return ClassPlan(
            name=self.name,
            title=self.definition.title or "",
            description=self.definition.description or "",
            abstract=bool(self.definition.abstract or self.definition.mixin),
            tree_root=bool(self.definition.tree_root),
            closed=not opens,
            ancestors=self.ancestors,
            slots=tuple(self.slots.values()),
            checks=tuple(self.checks),
            keys=self.keys(),
            references=self.references(),
            not_checked=tuple(self.not_checked),
        )
