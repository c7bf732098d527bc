"""Recurring appointments and templates: what repeats when, how a series is changed, what it costs."""
