"""Absences of users and resources."""

from models.events import AbsenceDeleted, AbsenceSaved
from models.records import Absence
from service.availability import periods
from service.crud import Resource
from service.routing import router_of

ABSENCES = Resource(
    Absence,
    "absences",
    "absence",
    AbsenceSaved,
    deleted=AbsenceDeleted,
    create=periods.create_absence,
    update=periods.update_absence,
    delete=periods.delete_absence,
)

router = router_of(ABSENCES)
