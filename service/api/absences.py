"""Absences of users and resources."""

from models.events import AbsenceDeleted, AbsenceSaved
from models.records import Absence
from service.crud import Resource
from service.routing import router_of

ABSENCES = Resource(Absence, "absences", "absence", AbsenceSaved, deleted=AbsenceDeleted)

router = router_of(ABSENCES)
