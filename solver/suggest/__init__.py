"""Slot suggestions: the best starts for a request beside a plan as it stands, in milliseconds.

`SuggestIndex` keeps a plan in the arrays of the search kernel and follows bookings; `suggest` answers a single request.
"""

from solver.suggest.index import SuggestIndex, suggest

__all__ = ["SuggestIndex", "suggest"]
