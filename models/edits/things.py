"""More or fewer resources."""

from typing import ClassVar, Literal, Self

from models.edits.draft import Draft, changed, label, valid, without
from models.edits.edit import Edit, like, refuse_edit
from models.edits.work import document_of
from models.fields import Id
from models.people import Period, Resource


class AddResource(Edit):
    """One more resource: a copy of another, or one of its own."""

    option: ClassVar[str] = "--add-resource"
    metavar: ClassVar[str] = "like:RESOURCE[=NEW]"
    does: ClassVar[str] = "One more resource like one there is, without its closures; or a FILE with a resource."

    kind: Literal["add_resource"] = "add_resource"
    like: Id | None = None
    id: Id | None = None
    resource: Resource | None = None

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `like:RESOURCE`, `like:RESOURCE=NEW`, or a resource."""
        copied = like(text, draft, "resource")
        if copied is not None:
            return valid(cls, {"like": copied.key, "id": copied.rest or None})
        return cls(resource=valid(Resource, document_of(text, "a resource, like:RESOURCE")))

    def apply(self, draft: Draft) -> str:
        """Add the resource; what asks for the pattern by its name still does."""
        if self.resource is not None:
            if self.resource.id in draft.resources:
                refuse_edit(self.resource.id, "an id that no resource has yet", "Choose another id.")
            draft.resources[self.resource.id] = self.resource
            return f"{label(self.resource)} is there too"
        if self.like is None:
            refuse_edit("nothing", "a resource to copy, or a resource", "Give like or resource.")
        pattern = draft.resource(self.like)
        new = draft.free_id(self.id or pattern.id, "resource")
        name = f"{pattern.name or pattern.id}, second" if self.id is None else new
        draft.resources[new] = changed(pattern, id=new, name=name, unavailable=())
        return f"{new} is there too, like {label(pattern)}"


class RemoveResource(Edit):
    """A resource is given up."""

    option: ClassVar[str] = "--remove-resource"
    metavar: ClassVar[str] = "RESOURCE"
    does: ClassVar[str] = "A resource is not there at all; only pinned work keeps it."

    kind: Literal["remove_resource"] = "remove_resource"
    resource: Id

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `RESOURCE`."""
        draft.demand("resource", text)
        return cls(resource=text)

    def apply(self, draft: Draft) -> str:
        """Take the resource out; where it is asked for by name or pinned, it stays in the file, but closed."""
        resource = draft.resource(self.resource)
        if self._is_named(draft):
            closed = Period(start=draft.horizon.start, end=draft.horizon.end)
            draft.resources[resource.id] = changed(resource, unavailable=(*resource.unavailable, closed))
            return f"{label(resource)} is not there, but for pinned work"
        del draft.resources[resource.id]
        for rule in list(draft.rules.values()):
            if resource.id in rule.applies_to_resources:
                kept = without(rule.applies_to_resources, resource.id)
                draft.rules[rule.id] = changed(rule, applies_to_resources=kept)
        for appointment in list(draft.appointments.values()):
            current = appointment.current
            if current is not None and any(use.resource == resource.id for use in current.resources):
                kept_uses = tuple(use for use in current.resources if use.resource != resource.id)
                left = changed(current, resources=kept_uses)
                draft.appointments[appointment.id] = changed(appointment, current=left)
        return f"{label(resource)} is not there"

    def _is_named(self, draft: Draft) -> bool:
        for appointment in draft.appointments.values():
            current = appointment.current
            held = current is not None and any(use.resource == self.resource for use in current.resources)
            if (held and draft.stands_still(appointment)) or any(
                demand.resource == self.resource for demand in appointment.resources
            ):
                return True
        return False
