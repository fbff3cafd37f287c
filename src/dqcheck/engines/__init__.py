"""Engines: evaluate lazy frames over files, in this process."""

from dqcheck.engines.local import collect, collect_all

__all__ = ["collect", "collect_all"]
