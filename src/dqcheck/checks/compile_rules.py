"""From documents of rules to checks of rows, checks of tables and references."""

from __future__ import annotations

__all__ = [
    "RuleUse",
    "add_documents",
    "compile_document",
    "imported_rules",
    "read_document",
    "read_uses",
]

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dqcheck.checks.compile_cells import check_cells
from dqcheck.checks.compile_products import Product, Source, compile_rule
from dqcheck.checks.compiled_rules import CompiledRules
from dqcheck.checks.locate import packaged_documents
from dqcheck.documents import MapNode, load_yaml, validate
from dqcheck.documents.rules import Rule, RuleSet
from dqcheck.documents.validate import node_at
from dqcheck.errors import (
    ConfigurationError,
    DqcheckError,
    Place,
    UsageError,
    raise_together,
    suggest,
)
from dqcheck.expressions.parse import Node, parse
from dqcheck.model import Check, CrossCheck, NotChecked, Reference, TableCheck
from dqcheck.standards.locate import locate_standard
from dqcheck.standards.plan import ClassPlan, Plan


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule of a document, compiled.

    Attributes:
        rule: As written.
        rules: The document it stands in.
        source: Its node, and how the document is called.
        products: What it became, by class.
    """

    rule: Rule
    rules: RuleSet
    source: Source
    products: dict[str, Product]


def read_document(path: Path, name: str | None = None) -> tuple[RuleSet, MapNode]:
    """Return the document at `path` and its node.

    Raises:
        ConfigurationError: With all faults of its form.
    """
    node = load_yaml(path, name=name)
    rules = validate(RuleSet, node)
    assert isinstance(node, MapNode)  # noqa: S101 - what pydantic accepted is a mapping
    return rules, node


def compile_document(
    plan: Plan, rules: RuleSet, node: MapNode, *, label: str, taken: Iterable[str] = ()
) -> tuple[RuleUse, ...]:
    """Return the rules of a document, compiled for all classes they apply to.

    Args:
        plan: The compiled schema of the document's standard.
        rules: The document.
        node: Its node.
        label: What `Check.source` calls it.
        taken: The ids of rules that are there already.

    Raises:
        ConfigurationError: With all faults: ids given twice, unknown classes, slots and codes,
            expressions that can't work, rows with unknown slots.
    """
    faults: list[DqcheckError] = []
    known = set(taken)
    uses: list[RuleUse] = []
    for index, rule in enumerate(rules.rules):
        rule_node = node_at(node, ("rules", index))
        assert isinstance(rule_node, MapNode)  # noqa: S101 - what pydantic accepted is a mapping
        source = Source(rule_node, label)
        faults.extend(_identity_faults(rule, rules, source, known))
        try:
            products = _compile(plan, rule, source)
        except DqcheckError as fault:
            faults.append(fault)
        else:
            uses.append(RuleUse(rule, rules, source, products))
        known.add(rule.id)
    raise_together(faults)
    return tuple(uses)


def add_documents(
    plan: Plan,
    base: Mapping[str, CompiledRules],
    paths: Sequence[Path],
    *,
    packaged: bool = False,
) -> dict[str, CompiledRules]:
    """Return `base`, by class, with the rules of the documents for the standard of `plan` added.

    Raises:
        ConfigurationError: With all faults of the first document that has any.
    """
    rules = dict(base)
    for path in paths:
        label = f"rules/{path.name}" if packaged else str(path)
        taken = {check_id for part in rules.values() for check_id in part.ids}
        uses = read_uses(plan, path, label, taken)
        replaced = frozenset(use.rule.replaces for use in uses if use.rule.replaces)
        rules = {name: part.without(replaced) for name, part in rules.items()}
        for use in uses:
            _join(rules, use)
    return rules


def read_uses(plan: Plan, path: Path, label: str, taken: Iterable[str] = ()) -> tuple[RuleUse, ...]:
    """Return the rules of a document, those it imports first; none if it is for another standard.

    Args:
        plan: The compiled schema.
        path: The document.
        label: What to call it in messages.
        taken: Ids of the rules there are already.

    Raises:
        ConfigurationError: With all faults of the document.
    """
    document, node = read_document(path, label)
    if document.standard != plan.name:
        return ()
    known = set(taken)
    own = compile_document(plan, document, node, label=label, taken=known)
    imported = (use for use in _imported(plan, document, node) if use.rule.id not in known)
    return (*imported, *own)


def imported_rules(plan: Plan) -> dict[str, CompiledRules]:
    """Return the rules of the packaged standards that a schema imports, by class.

    They bear the name of the schema, as the checks of what it imports do.

    Raises:
        ConfigurationError: If a rule does not fit the schema.
    """
    documents = packaged_documents()
    rules: dict[str, CompiledRules] = {}
    known: set[str] = set()
    for name in plan.imports:
        path = documents.get(locate_standard(name).file.stem)
        if path is None:
            continue
        for use in _as_own(plan, path, plan.name):
            if use.rule.id not in known:
                known.add(use.rule.id)
                _join(rules, use)
    return rules


def _join(rules: dict[str, CompiledRules], use: RuleUse) -> None:
    for name, product in use.products.items():
        rules[name] = rules.get(name, CompiledRules()).joined(_as_rules(use, name, product))


def _imported(plan: Plan, document: RuleSet, node: MapNode) -> Iterable[RuleUse]:
    """Return the rules of the standards that `document` builds on, the nearest of each id."""
    known = {rule.id for rule in document.rules}
    for index, name in enumerate(document.imports):
        path = _find_import(name, node_at(node, ("imports", index)).place)
        for use in _as_own(plan, path, document.standard):
            if use.rule.id not in known:
                known.add(use.rule.id)
                yield use


def _as_own(plan: Plan, path: Path, standard: str) -> tuple[RuleUse, ...]:
    """Return the rules of a packaged document as those of `standard`, then what it imports."""
    label = f"rules/{path.name}"
    document, node = read_document(path, label)
    named = document.named(standard)
    own = compile_document(plan, named, node, label=label)
    return (*own, *_imported(plan, named, node))


def _find_import(name: str, place: Place) -> Path:
    packaged = packaged_documents()
    try:
        return packaged[locate_standard(name).file.stem]
    except (UsageError, KeyError):
        raise _unknown(f'there are no packaged rules "{name}"', name, packaged, place) from None


def _as_rules(use: RuleUse, class_name: str, product: Product) -> CompiledRules:
    if use.rule.deactivated:
        feature = f"rule {use.rule.id}"
        slot = product.check.slot if isinstance(product, CrossCheck) else product.slot
        reason = f"deactivated: {use.rule.reason}"
        return CompiledRules(not_checked=(NotChecked(feature, class_name, slot, reason),))
    match product:
        case Check():
            return CompiledRules(checks=(product,))
        case TableCheck():
            return CompiledRules(tables=(product,))
        case Reference():
            return CompiledRules(references=(product,))
        case CrossCheck():
            return CompiledRules(cross_checks=(product,))


def _identity_faults(
    rule: Rule, rules: RuleSet, source: Source, known: set[str]
) -> Iterable[ConfigurationError]:
    if not rule.id.startswith(f"{rules.standard}."):
        yield ConfigurationError(
            f'the id must begin with "{rules.standard}."', place=source.at("id"), found=rule.id
        )
    if rule.id in known and rule.replaces != rule.id:
        yield ConfigurationError(
            f'there is a rule "{rule.id}" already',
            place=source.at("id"),
            hint='give it an id of its own, or "replaces" with the id and a "reason"',
        )
    if rule.replaces and rule.replaces not in known:
        yield ConfigurationError(
            f'there is no rule "{rule.replaces}" to replace',
            place=source.at("replaces"),
            hint=suggest(rule.replaces, known),
        )


def _compile(plan: Plan, rule: Rule, source: Source) -> dict[str, Product]:
    nodes = _parse(rule, source)
    classes = _classes(plan, rule, source, _slots_read(rule, nodes))
    products = {item.name: compile_rule(plan, item, rule, nodes, source) for item in classes}
    check_cells(plan, classes[0], rule, source)
    return products


def _parse(rule: Rule, source: Source) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    faults: list[DqcheckError] = []
    for key in ("expect", "when"):
        text = getattr(rule, key)
        if text is None:
            continue
        try:
            nodes[key] = parse(text, locate=source.locator(key), records=rule.refers_to)
        except DqcheckError as fault:
            faults.append(fault)
    raise_together(faults)
    return nodes


def _slots_read(rule: Rule, nodes: Mapping[str, Node]) -> frozenset[str]:
    named = {part.slot for part in (rule.fresh, rule.newest) if part is not None}
    named |= {record.by for record in rule.refers_to.values()}
    read = named.union(*(_names(node) for node in nodes.values()))
    return frozenset(name for name in read if name.partition(".")[0] not in rule.refers_to)


def _names(node: Node) -> set[str]:
    own = {node.text} if node.kind in ("name", "braced") and node.text != "item" else set()
    return own.union(*(_names(part) for part in node.parts))


def _classes(plan: Plan, rule: Rule, source: Source, read: frozenset[str]) -> Sequence[ClassPlan]:
    concrete = [item for item in plan.classes.values() if not item.abstract]
    named = rule.classes or ((rule.target,) if rule.target in plan.classes else ())
    for index, name in enumerate(named):
        if name not in plan.classes:
            raise _unknown(f'no class "{name}" in {plan.name}', name, plan.classes,
                           source.at("classes", index))  # fmt: skip
    if named:
        chosen = [item for item in concrete if set(item.ancestors or (item.name,)) & set(named)]
    else:
        having = [item for item in concrete if item.slot(rule.target)]
        chosen = [item for item in having if all(item.slot(name) for name in read)] or having[:1]
    if not chosen:
        names = {slot.name for item in concrete for slot in item.slots} | set(plan.classes)
        raise _unknown(
            f'"{rule.target}", the middle of the id, is no slot or class of {plan.name}',
            rule.target, names, source.at("id"),
        )  # fmt: skip
    for item in chosen:
        if rule.target not in plan.classes and item.slot(rule.target) is None:
            raise _unknown(
                f'"{rule.target}", the middle of the id, is no slot of {item.name}',
                rule.target, [slot.name for slot in item.slots], source.at("id"),
            )  # fmt: skip
    return chosen


def _unknown(message: str, name: str, choices: Iterable[str], place: Place) -> ConfigurationError:
    return ConfigurationError(message, place=place, hint=suggest(name, choices))
