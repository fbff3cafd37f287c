"""Benchmarks, run by hand: `python -m benchmarks --help`. Their figures are never a test."""
