"""Checks that a schema can't say: the rules of `rules/` and of the project."""
