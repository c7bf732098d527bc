"""Connections to outside systems: what each type can do, when it is synchronized, and how it is doing."""
