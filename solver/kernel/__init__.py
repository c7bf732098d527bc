"""The search kernel: the state of a plan in arrays, exact insertion and removal, ruin and recreate, compiled by numba."""
