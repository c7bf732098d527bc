"""Figures of periods: what was booked and done, how much of the available time that took, and what it brought.

* A period is whole local days of the organization, from midnight to midnight by its own clock: a day of a clock change
  has 23 or 25 hours. An appointment counts in the period in which it starts; its minutes count where they lie, so those
  of one across midnight are cut there.
* Scheduled time is that of appointments which are scheduled, confirmed, rescheduled, in progress or completed: the
  service without its buffers. What is requested, cancelled or was a no-show takes no time.
* Available time is what calendars leave open (`models.calendars`), as they are when the figures are made. Who has no
  calendar at all is always open, and counts for the organization only if booked: an account is not yet staff.
* The hours of the organization are those of people: two on an appointment of an hour are two hours; one that nobody is
  assigned to counts as for one. A team counts each of its appointments once, and may have `max_concurrent` at a time. A
  resource that is used in part is scheduled in part.
* Rates are percentages: `utilization_rate` is scheduled / available, the others are of all appointments of the period.
* Revenue is `actual_cost` of what is completed and billable, currency by currency; nothing is ever converted.

`figures_of` computes, `store` keeps, `refresh` does both for what is current.
"""

from service.analytics.figures import Figures, figures_of
from service.analytics.fresh import refresh
from service.analytics.keeping import store
from service.analytics.periods import Period, period_of

__all__ = ["Figures", "Period", "figures_of", "period_of", "refresh", "store"]
