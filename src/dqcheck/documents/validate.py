"""From nodes to pydantic models, and from pydantic's errors to faults with places."""

from __future__ import annotations

__all__ = ["node_at", "validate"]

from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dqcheck.documents.yaml import ListNode, MapNode, Node, TextNode
from dqcheck.errors import ConfigurationError, Place, raise_together, suggest

Model = TypeVar("Model", bound=BaseModel)
_Loc = Sequence[str | int]


def validate(model: type[Model], node: Node) -> Model:
    """Return `node` as a `model`.

    All scalars reach pydantic as text; a `str` keeps it, numbers and booleans are read from it.

    Raises:
        ConfigurationError: With all faults, each with its place; unknown keys with the nearest
            known ones.
    """
    try:
        return model.model_validate(_plain(node))
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
    raise_together(_fault(model, node, detail) for detail in details)
    msg = "pydantic refused the document without an error"
    raise AssertionError(msg)


def node_at(node: Node, loc: _Loc) -> Node:
    """Return the node at the path `loc`, as far down as the document goes."""
    for part in loc:
        if isinstance(node, MapNode) and isinstance(part, str) and part in node.entries:
            node = node.entries[part]
        elif isinstance(node, ListNode) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
    return node


def _plain(node: Node) -> Any:
    match node:
        case TextNode():
            return node.text
        case ListNode():
            return [_plain(item) for item in node.items]
        case MapNode():
            return {key: _plain(item) for key, item in node.entries.items()}


def _fault(model: type[BaseModel], root: Node, detail: ErrorDetails) -> ConfigurationError:
    loc = detail["loc"]
    last = str(loc[-1]) if loc else ""
    parent = node_at(root, loc[:-1])
    here = node_at(root, loc)
    match detail["type"]:
        case "extra_forbidden":
            known = _keys_at(model, loc[:-1])
            hint = suggest(last, known) or f"known are {', '.join(sorted(known))}"
            return ConfigurationError(f'unknown key "{last}"', place=_key(parent, last), hint=hint)
        case "missing":
            return ConfigurationError(f'the key "{last}" is missing', place=parent.place)
        case "value_error" | "assertion_error":
            # Raised by a validator of ours: its words are the message, before ": " the key.
            message = str(detail["ctx"]["error"])
            key, colon, rest = message.partition(": ")
            if colon and isinstance(here, MapNode) and key in here.keys:
                return ConfigurationError(rest, place=here.keys[key])
            return ConfigurationError(message, place=here.place)
        case "enum" | "literal_error":
            expected = str(detail["ctx"]["expected"]).replace("'", '"')
            given = here.text if isinstance(here, TextNode) else ""
            choices = [part.strip('" ') for part in expected.replace(" or ", ",").split(",")]
            return ConfigurationError(
                f'"{last}" must be {expected}',
                place=here.place,
                found=_found(here),
                hint=suggest(given, choices),
            )
        case _:
            return ConfigurationError(
                f'"{_name(loc)}": {_words(detail)}', place=here.place, found=_found(here)
            )


def _key(parent: Node, key: str) -> Place:
    return parent.keys.get(key, parent.place) if isinstance(parent, MapNode) else parent.place


def _name(loc: _Loc) -> str:
    return str(next((part for part in reversed(loc) if isinstance(part, str)), "document"))


def _found(node: Node) -> str:
    match node:
        case TextNode():
            return f'"{node.text}"' if node.text else "nothing"
        case ListNode():
            return "a list"
        case MapNode():
            return "keys and values"


def _words(detail: ErrorDetails) -> str:
    """Return pydantic's message in the words of a document."""
    plain = {
        "string_type": "a text is needed",
        "int_parsing": "a whole number is needed",
        "float_parsing": "a number is needed",
        "bool_parsing": "true or false is needed",
        "tuple_type": "a list is needed",
        "list_type": "a list is needed",
        "dict_type": "keys and values are needed",
        "model_type": "keys and values are needed",
        "date_from_datetime_parsing": "a date is needed, as 2026-01-31",
        "date_parsing": "a date is needed, as 2026-01-31",
    }
    return plain.get(detail["type"], detail["msg"][:1].lower() + detail["msg"][1:])


def _keys_at(model: type[BaseModel], loc: _Loc) -> set[str]:
    """Return the keys that the models at `loc` know."""
    models = {model}
    for part in loc:
        if isinstance(part, str):
            annotations = [
                field.annotation
                for each in models
                for name, field in each.model_fields.items()
                if part in (name, field.alias)
            ]
            models = {found for item in annotations for found in _models_in(item)} or models
    return {field.alias or name for each in models for name, field in each.model_fields.items()}


def _models_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {found for part in get_args(annotation) for found in _models_in(part)}
