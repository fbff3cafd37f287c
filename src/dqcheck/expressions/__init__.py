"""Expressions: what a check demands, as plain JSON, and what it becomes in Polars.

An expression tree is JSON: a list `[operator, argument, …]`. It is what the LinkML compiler and
the rule language both produce, what compiled plans store, and the only thing that `evaluate`
turns into Polars expressions. Nothing is ever passed to Python's `eval`.

Slots are named by their slot name; inside `every`, `some` and `count_if` the name `"."` is the
element. `type` is a built-in LinkML type (`TYPES`), regular expressions have search semantics.

Reading a cell:

| tree | value |
| --- | --- |
| `["text", slot]` | String, null if missing; for a multivalued slot null |
| `["value", slot, type]` | the typed value; null if missing or not of the type |
| `["valid", slot, type]` | whether the cell is of the type; null if missing |
| `["present", slot]` | whether there is a value (a list: at least one element); never null |
| `["scalar", slot]` | false where a typed format gives a list or an object for one value |
| `["listed", slot]` | false where a typed format gives one value for a list; true in text |
| `["count", slot]` | number of elements, 0 if missing |
| `["distinct", slot]` | whether no element occurs twice; null if missing |
| `["every", slot, tree]` | whether all elements satisfy; null if missing |
| `["some", slot, tree]` | whether an element satisfies; null if missing |
| `["count_if", slot, tree]` | number of elements that satisfy, 0 if missing |

Logic is Kleene's: `["and", …]`, `["or", …]`, `["not", x]`, `["one", …]` (exactly one is true),
`["true", x]` (x, null counts as false), `["null", x]`, `["if", condition, then, else]`,
`["coalesce", …]`, `["implies", a, b]`.

Values: `["lit", type, text]` (text is the lexical form; `null` type and text for no value),
`["today"]` (a date, the run's `as_of`).
Comparing: `eq ne lt le gt ge`, each `[op, a, b]`, null if an operand is; `["in", a, [tree, …]]`;
`["between", a, low, high]`.
Arithmetic: `add sub mul div floordiv mod pow neg abs min max` (`min`, `max`
over arguments), `["round", x, digits]` (halves away from zero; digits is a plain whole number).
Text: `["matches", text, regex]` (Rust's dialect), `["matches_python", text, regex]` (Python's, for
look-around; over distinct values), `["length", text]` (characters), `lower`, `upper`, `trim`,
`["concat", …]`, `["starts", text, prefix]`, `["ends", text, suffix]`, `["contains", text, part]`,
`["substring", text, start, length]` (start 0-based; all trees), `["replace", text, regex, into]`
(regex and into are plain texts),
`["to_number", text]`, `["to_text", x]`.
Dates: `["date", x]` (of a datetime), `year`, `month`, `day`, `["days_between", a, b]` (b − a),
`["years_between", a, b]` (whole years), `["add_days", a, n]`.
Code lists: `["in_enum", text, enum, [code, …]]`: the codes stand in the tree.
Identifiers (`dqcheck.expressions.identifiers` has the kinds): `["identifier:<kind>", text]`,
`["dummy:<kind>", text]`; `["vrm_era", text]` (a text), `["vrm_issued_from", text]` (a date);
`["grid_easting", text]`, `["grid_northing", text]`, `["grid_metres", text]`.
"""
