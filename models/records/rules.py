"""A business rule of an organization, stored as `models.rules.Rule` reads it."""

from typing import Annotated, Any

from pydantic import ValidationError
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.enums import RuleType
from models.errors import Fault
from models.faults import faults_of
from models.fields import Clock, Day, Flag, ReadBy
from models.records.base import Base, Entity
from models.records.fields import JsonObject, Name, Prose, field, linked, links
from models.rules import Recurrence, Rule, read_recurrence

RecurrenceRule = Annotated[str | Recurrence, ReadBy(read_recurrence, str | Recurrence)]


class RuleUser(Base):
    """A user that a rule names."""

    __tablename__ = "schedule_rule_users"

    rule_id: Mapped[int] = mapped_column(ForeignKey("schedule_rules.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)


class RuleTeam(Base):
    """A team that a rule names."""

    __tablename__ = "schedule_rule_teams"

    rule_id: Mapped[int] = mapped_column(ForeignKey("schedule_rules.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)


class RuleResource(Base):
    """A resource that a rule names."""

    __tablename__ = "schedule_rule_resources"

    rule_id: Mapped[int] = mapped_column(ForeignKey("schedule_rules.id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"), primary_key=True, index=True)


class ScheduleRule(Entity):
    """What governs a schedule: working hours, holidays, limits and the like."""

    __tablename__ = "schedule_rules"
    FILTERS = ("name", "rule_type", "is_active", "is_global", "start_date", "end_date")
    SEARCHED = ("name", "description")

    name: Mapped[Name]
    rule_type: Mapped[RuleType]
    description: Mapped[Prose] = field("")
    is_active: Mapped[Flag] = field(True)
    is_global: Mapped[Flag] = field(False)
    start_date: Mapped[Day | None] = field()
    end_date: Mapped[Day | None] = field()
    start_time: Mapped[Clock | None] = field()
    end_time: Mapped[Clock | None] = field()
    is_recurring: Mapped[Flag] = field(False)
    recurrence_rule: Mapped[RecurrenceRule | None] = field()
    parameters: Mapped[JsonObject | None] = field()

    user_links: Mapped[list[RuleUser]] = links("RuleUser.user_id")
    team_links: Mapped[list[RuleTeam]] = links("RuleTeam.team_id")
    resource_links: Mapped[list[RuleResource]] = links("RuleResource.resource_id")
    applies_to_user_ids = linked("user_links", "user_id", lambda key: RuleUser(user_id=key))
    applies_to_team_ids = linked("team_links", "team_id", lambda key: RuleTeam(team_id=key))
    applies_to_resource_ids = linked("resource_links", "resource_id", lambda key: RuleResource(resource_id=key))

    def as_rule(self) -> Rule:
        """Read it as the rule of a problem; its subjects must be loaded.

        Returns
        -------
        The rule, with ids as text.

        Raises
        ------
        ValidationError
            If its fields do not fit together.
        """
        return Rule.model_validate(self._document() | self._subjects())

    def check(self) -> list[Fault]:
        """Find what a rule of this type cannot say."""
        try:
            Rule.model_validate(self._document())
        except ValidationError as error:
            return faults_of(error, Rule)
        return []

    def _document(self) -> dict[str, Any]:
        names = (*(name for name in Rule.model_fields if not name.startswith("applies_to")),)
        return {name: getattr(self, name) for name in names} | {"id": str(self.id or 0)}

    def _subjects(self) -> dict[str, list[str]]:
        return {
            "applies_to_users": [str(key) for key in self.applies_to_user_ids],
            "applies_to_teams": [str(key) for key in self.applies_to_team_ids],
            "applies_to_resources": [str(key) for key in self.applies_to_resource_ids],
        }
