"""Micro-benchmarks of single operations: `python -m pytest benchmarks/micro --benchmark-enable`.

On a shared machine `--benchmark-timer=time.process_time` leaves out what others take away; `--benchmark-autosave` and
`--benchmark-compare` hold two versions against each other. Without `--benchmark-enable` all run once, unmeasured.
"""
