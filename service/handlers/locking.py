"""Who writes what bookings are held to waits for bookings under way, and lets new ones wait."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.events import AbsenceSaved, RuleSaved
from models.records import Absence, ScheduleRule
from models.records.occupancy import SubjectKind, subject_key
from models.records.rules import RuleResource, RuleTeam, RuleUser
from service.locks import lock_subjects
from service.tenancy import caller_of


def lock_named_by_rule(session: Session, event: RuleSaved) -> None:
    """Lock the users, teams and resources that a rule names, or the organization if it is global."""
    rule = session.get_one(ScheduleRule, event.id)
    if rule.is_global:
        lock_subjects(session, [subject_key(SubjectKind.ORGANIZATION, caller_of(session).organization_id)])
        return
    named = [
        (SubjectKind.USER, select(RuleUser.user_id).where(RuleUser.rule_id == rule.id)),
        (SubjectKind.TEAM, select(RuleTeam.team_id).where(RuleTeam.rule_id == rule.id)),
        (SubjectKind.RESOURCE, select(RuleResource.resource_id).where(RuleResource.rule_id == rule.id)),
    ]
    lock_subjects(session, [subject_key(kind, key) for kind, keys in named for key in session.scalars(keys)])


def lock_absent(session: Session, event: AbsenceSaved) -> None:
    """Lock the user or the resource that is away."""
    absence = session.get_one(Absence, event.id)
    if absence.user_id is not None:
        lock_subjects(session, [subject_key(SubjectKind.USER, absence.user_id)])
    if absence.resource_id is not None:
        lock_subjects(session, [subject_key(SubjectKind.RESOURCE, absence.resource_id)])
