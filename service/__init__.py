"""Everything through which people and programs reach the solver."""
