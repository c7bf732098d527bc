"""Lower bounds of the cost that hold at any size."""

from solver.bounds.separate import is_impossible, separate_bound

__all__ = ["is_impossible", "separate_bound"]
