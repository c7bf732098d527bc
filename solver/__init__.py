"""Turns a problem into a plan: lowering, search, bounds, checks and reasons."""
