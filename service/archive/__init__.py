"""Appointments that are long over, moved into files that can be read back, and what is kept of them."""
