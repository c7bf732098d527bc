"""Runs of the solver on many instances, and their comparison."""
