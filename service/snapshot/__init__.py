"""The database as a problem: of a whole organization, or of the little that is enough to judge an appointment.

`problem_of` reads everything over a horizon, `neighbourhood_of` the surroundings of some appointments, and
`violations_of` says which hard rules a booking would break. Ids are spelled by `ids`; the other way, from a problem to
records, is the same table read from right to left: `people`, `rules`, `work`, `places`.
"""

from service.snapshot.bookings import Booking, booking_of
from service.snapshot.judging import present_violations, violations_of
from service.snapshot.neighbourhood import Judged, neighbourhood_of
from service.snapshot.whole import Snapshot, problem_of, unsettled

__all__ = [
    "Booking",
    "Judged",
    "Snapshot",
    "booking_of",
    "neighbourhood_of",
    "present_violations",
    "problem_of",
    "unsettled",
    "violations_of",
]
