"""Instances that the solver is measured on: generated families and public sets."""
