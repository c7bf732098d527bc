"""Webhooks: events of the organization out to other systems, and their appointments in, signed both ways."""
