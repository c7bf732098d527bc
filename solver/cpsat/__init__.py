"""The CP-SAT model of a chosen set of tasks, the rest fixed; `solver.model` is its door.

The modules that build constraints import ortools, which takes long: whoever is in front of them imports them late.
"""
