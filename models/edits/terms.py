"""Other weights, fewer rules, more or less work."""

from math import floor
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from models.edits.draft import Draft, changed, label
from models.edits.edit import Edit, minutes_of, refuse_edit
from models.edits.work import remove_appointment
from models.faults import nearest
from models.fields import Id, Text, Weight
from models.problem import PriorityWeights, Weights


class SetWeight(Edit):
    """A term of the cost counts more or less."""

    option: ClassVar[str] = "--set-weight"
    metavar: ClassVar[str] = "TERM=WEIGHT"
    does: ClassVar[str] = "A term counts more or less: travel=5, unassigned.low=20000."

    kind: Literal["set_weight"] = "set_weight"
    term: Text
    weight: Weight

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `TERM=WEIGHT`."""
        term, _, weight = text.partition("=")
        if not weight:
            refuse_edit(text, "a term and its weight", "Such as travel=5.")
        number = minutes_of(weight, "travel=5")
        if number < 0:
            refuse_edit(number, "a weight of 0 or more")
        return cls(term=term.strip().replace(" ", "_"), weight=number)

    def apply(self, draft: Draft) -> str:
        """Set the weight."""
        terms = [name for name in Weights.model_fields if name != "unassigned"]
        priorities = [f"unassigned.{name}" for name in PriorityWeights.model_fields]
        if self.term in terms:
            draft.weights = changed(draft.weights, **{self.term: self.weight})
        elif self.term in priorities:
            own = changed(draft.weights.unassigned, **{self.term.removeprefix("unassigned."): self.weight})
            draft.weights = changed(draft.weights, unassigned=own)
        else:
            known = [*terms, *priorities]
            refuse_edit(self.term, "a term of the cost", nearest(self.term, known) or f"There are: {', '.join(known)}.")
        return f"{self.term.replace('_', ' ')} weighs {self.weight:,}"


class RemoveRule(Edit):
    """A rule does not hold."""

    option: ClassVar[str] = "--remove-rule"
    metavar: ClassVar[str] = "RULE"
    does: ClassVar[str] = "A rule of the problem is switched off."

    kind: Literal["remove_rule"] = "remove_rule"
    rule: Id

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `RULE`."""
        draft.demand("rule", text)
        return cls(rule=text)

    def apply(self, draft: Draft) -> str:
        """Switch the rule off."""
        draft.demand("rule", self.rule)
        rule = draft.rules[self.rule]
        draft.rules[rule.id] = changed(rule, is_active=False)
        return f"the rule {label(rule)} does not hold"


class ScaleDemand(Edit):
    """There is more or less work of the same kind."""

    option: ClassVar[str] = "--scale-demand"
    metavar: ClassVar[str] = "PERCENT"
    does: ClassVar[str] = "More or less work of the same kind: 110 adds a copy of every tenth appointment, 90 drops it."

    kind: Literal["scale_demand"] = "scale_demand"
    percent: Annotated[int, Field(strict=True, ge=0, le=1000)]

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `PERCENT`."""
        number = minutes_of(text.removesuffix("%"), "110")
        if not 0 <= number <= 1000:
            refuse_edit(number, "a percentage from 0 to 1000")
        return cls(percent=number)

    def apply(self, draft: Draft) -> str:
        """Copy or drop appointments evenly over the list; copies have no links, no place, and ids of their own."""
        items = [appointment for appointment in draft.appointments.values() if not draft.stands_still(appointment)]
        share = self.percent - 100
        due = [floor((i + 1) * abs(share) / 100) - floor(i * abs(share) / 100) for i in range(len(items))]
        for appointment, times in zip(items, due, strict=True):
            if share < 0 and times:
                remove_appointment(draft, appointment.id)
            for _ in range(times if share > 0 else 0):
                new = draft.free_id(f"{appointment.id} again", "appointment")
                draft.appointments[new] = changed(appointment, id=new, after=(), current=None, pinned=False)
        return f"{sum(due)} appointments {'more' if share > 0 else 'fewer'}"
