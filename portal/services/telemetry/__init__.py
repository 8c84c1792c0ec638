"""What an operator sees of the portal from outside: docs/telemetry.md.

`metrics` counts and measures; `embedded/metrics_server.py` shows what all workers counted.
"""
