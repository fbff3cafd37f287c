"""YAML documents that people write: project file, mappings, rules.

`load_yaml` reads a document to nodes that know their places, all scalars as text; `validate` turns
nodes into a frozen pydantic model and its errors into faults with those places.
"""

from __future__ import annotations

__all__ = ["ListNode", "MapNode", "Node", "TextNode", "load_yaml", "read_yaml", "validate"]

from dqcheck.documents.validate import validate
from dqcheck.documents.yaml import ListNode, MapNode, Node, TextNode, load_yaml, read_yaml
