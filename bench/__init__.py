"""Benchmarks: what matters at volume, measured beside a reference in the same run."""
