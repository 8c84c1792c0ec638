"""Benchmarks: they print percentiles and ratios; nothing asserts an absolute time."""
