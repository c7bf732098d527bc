"""Booking: who and what an appointment takes, kept free of double bookings whoever writes at the same time.

Whoever makes or changes an appointment calls `book`, `rebook` or `free` in its transaction, and commits once:

* `book(session, appointment, override=None)` takes its time, or raises `SlotTaken` or `RuleViolated`.
* `rebook(session, appointment, override=None)` does the same after a change of time, crew, resources or status, and
  frees what is no longer busy.
* `hold(session, appointment, length)` keeps the time of a requested one for a while.
* `free(session, appointment)` gives everything back.
* `change(session, appointment, values, override=None)` writes values by API name, with all that follows: status,
  booking, event.
* `service.locks.lock_subjects` makes bookings of some subjects wait: for whoever writes what they are held to.
"""

from service.booking.book import book, free, hold, rebook
from service.booking.changing import change
from service.booking.refusals import Override, shown_violation

__all__ = ["Override", "book", "change", "free", "hold", "rebook", "shown_violation"]
