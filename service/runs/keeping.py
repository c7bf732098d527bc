"""What comes out of a run is stored: the draft, what stood before, figures, and why something is left out."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from models.enums import ConflictStatus, ConflictType, RunState
from models.events import ConflictDetected
from models.plan import Plan
from models.records import Run, RunDraft, ScheduleConflict
from models.records.base import now
from models.records.runs import RunCounts, RunProgress
from service.conflicts import recheck_appointments
from service.conflicts.mirror import LEFT_OUT
from service.runs.comparing import RunChangeKind, kind_of, places_in
from service.runs.following import follow
from service.runs.reading import Task
from service.runs.telling import assignments_of, told_plan
from service.snapshot.ids import APPOINTMENT, key_of
from solver.check import Report, check
from solver.rules.breach import CONFLICT_TYPES, IMPACT

AT_ONCE = 50


def terms_of(task: Task) -> Report:
    """Find out what the plan costs that stands."""
    return check(task.problem, task.before)


def keep(session: Session, run: Run, task: Task, plan: Plan, stood: Report) -> None:
    """Store a plan as the draft of a run, which is over with that.

    Parameters
    ----------
    session
        Bound to the organization.
    run
        Locked.
    task, plan
        What was to be planned, and the plan.
    stood
        What the plan cost that stands.
    """
    document = told_plan(plan, task.problem)
    movable = {key_of(APPOINTMENT, key) for key in task.movable}
    standing = Plan(assignments=tuple(each for each in task.before.assignments if each.appointment in movable))
    before = {
        "assignments": assignments_of(standing),
        "terms": [term.model_dump(mode="json") for term in stood.terms],
        "cost": stood.cost,
    }
    session.execute(
        update(RunDraft)
        .where(RunDraft.run_id == run.id)
        .values(plan=document, before=before, read_as=task.read_as, checkpoint=None, seconds=plan.seconds)
        .execution_options(synchronize_session=False)
    )
    run.state = RunState.CANCELLED if run.cancel_requested else RunState.DONE
    run.finished_at = now()
    run.terms = plan.terms
    run.counts = counts_of(task, document, before)
    run.progress = RunProgress(
        seconds=plan.seconds,
        method=plan.solver.method,
        cost=plan.cost,
        bound=plan.bound,
        gap=plan.gap,
        assigned=len(plan.assignments),
        total=len(task.problem.appointments),
    )
    session.flush()
    note_left_out(session, run, task, document)
    broken = sorted({int(key) for violation in document["violations"] for key in violation["appointments"]})
    for first in range(0, len(broken), AT_ONCE):
        recheck_appointments(session, broken[first : first + AT_ONCE])


def counts_of(task: Task, plan: Mapping[str, Any], before: Mapping[str, Any]) -> RunCounts:
    """Count what a draft does."""
    old, new = places_in(before), places_in(plan)
    kinds = [kind_of(old.get(key), new.get(key)) for key in (*task.movable, *task.waiting)]
    return RunCounts(
        appointments=len(task.problem.appointments),
        movable=len(task.movable),
        waiting=len(task.waiting),
        placed=kinds.count(RunChangeKind.PLACED),
        left_out=kinds.count(RunChangeKind.LEFT_OUT),
        moved=kinds.count(RunChangeKind.MOVED),
        changed=kinds.count(RunChangeKind.CHANGED),
        dropped=kinds.count(RunChangeKind.DROPPED),
        violations=len(plan["violations"]),
    )


def note_left_out(session: Session, run: Run, task: Task, plan: Mapping[str, Any]) -> None:
    """Store a conflict for everything that has no place, with reasons and remedies; a known one is told anew.

    Parameters
    ----------
    session, run, task
        As for `keep`.
    plan
        The draft as it is told.
    """
    known = {**task.movable, **task.waiting}
    entries = {int(each["appointment"]): each for each in plan["unassigned"] if int(each["appointment"]) in known}
    identities = {f"{LEFT_OUT} {key}": key for key in entries}
    links = (ScheduleConflict.user_links, ScheduleConflict.resource_links, ScheduleConflict.appointment_links)
    rows: dict[str | None, ScheduleConflict] = {}
    for row in session.scalars(
        select(ScheduleConflict)
        .where(ScheduleConflict.rule == LEFT_OUT, ScheduleConflict.identity.is_not(None))
        .options(*(selectinload(each) for each in links))
    ):
        rows[row.identity] = row
    found: list[ScheduleConflict] = []
    for identity, key in identities.items():
        entry, booking = entries[key], known[key]
        conflict = rows.get(identity)
        fresh = conflict is None
        if conflict is None:
            conflict = ScheduleConflict(identity=identity, rule=LEFT_OUT, subject="", conflict_datetime=now())
            session.add(conflict)
        messages = [reason["message"] for reason in entry["reasons"]]
        why = " ".join(messages) or "No reason was found in the time."
        conflict.primary_appointment_id = key
        rule = entry["reasons"][0]["rule"] if entry["reasons"] else ""
        conflict.conflict_type = CONFLICT_TYPES.get(rule, ConflictType.TIME_CONFLICT)
        conflict.impact_level = IMPACT[booking.priority][0]
        conflict.conflict_description = f"Run {run.id} found no place for {booking.title or 'it'}. {why}"[:10_000]
        conflict.details = {"run": run.id, "reasons": entry["reasons"], "remedies": entry["remedies"]}
        if conflict.involved_appointment_ids != [key]:
            conflict.assign({"involved_appointment_ids": [key]})
        if fresh or conflict.status is ConflictStatus.RESOLVED:
            conflict.status, conflict.resolved_at = ConflictStatus.PENDING, None
            found.append(conflict)
    session.flush()
    follow(session, ConflictDetected, [conflict.id for conflict in found])
