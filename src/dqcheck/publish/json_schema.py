"""A standard as JSON Schema 2019-09, by LinkML's generator."""

from __future__ import annotations

__all__ = ["write"]

import json
from pathlib import Path

from dqcheck.errors import UsageError
from dqcheck.publish.losses import state_losses
from dqcheck.standards import choose_class
from dqcheck.standards.generate import generate_json_schema
from dqcheck.standards.plan import Plan
from dqcheck.store.files import write_file

_CARRIED = frozenset(
    {"required", "type", "list", "single_value", "pattern", "minimum_value", "maximum_value",
     "permissible_value"}
)  # fmt: skip


def write(plan: Plan, out: Path) -> tuple[str, ...]:
    """Write `plan` to the file `out`: the class of its rows as the root, all classes in `$defs`.

    Returns:
        What JSON Schema can't say, a sentence each; they stand under `$comment` too.

    Raises:
        UsageError: If it can't be written.
    """
    losses = [
        "dates and times are named by format, which many validators pass over; where they do not, "
        "a date and time needs a time zone",
        "an empty text counts as a value: leave a slot out, or send null, where there is none",
        *state_losses(plan, _CARRIED),
    ]
    try:
        root = choose_class(plan, None).name
    except UsageError:
        root = None
        losses.insert(0, "the document itself describes nothing: refer to a class in $defs")
    data = json.loads(generate_json_schema(plan, root))
    data["$comment"] = "; ".join(losses)
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    write_file(out, text.encode())
    return tuple(losses)
