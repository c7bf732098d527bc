"""A plan as what stands today."""

from models.appointments import Current, ResourceUse
from models.edits.draft import Draft
from models.plan import Assignment, Plan


def stand_as(draft: Draft, plan: Plan) -> None:
    """Let every appointment stand today where a plan puts it; what is pinned or has begun stays where it stands.

    Parameters
    ----------
    draft
        The problem; it is changed.
    plan
        What it says of appointments that the problem does not know is ignored.
    """
    places = {assignment.appointment: assignment for assignment in plan.assignments}
    for key, appointment in draft.appointments.items():
        if draft.stands_still(appointment):
            continue
        current = _current(places[key]) if key in places else None
        if current != appointment.current:
            draft.appointments[key] = appointment.model_copy(update={"current": current})


def _current(assignment: Assignment) -> Current:
    return Current(
        start=assignment.start,
        team=assignment.team,
        users=tuple(dict.fromkeys(assignment.users)),
        resources=tuple(ResourceUse(resource=take.resource, units=take.units) for take in assignment.resources),
    )
