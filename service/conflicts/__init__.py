"""Conflicts kept live: stored rows mirror what the hard rules say of the plan as it stands.

`recheck_appointments` looks at some appointments and whatever they clash with, `recheck` at subjects or at all that
lies ahead; `service.handlers.clashing` calls them at every change that can cause or end a conflict. `note_broken`
stores what a booking broke knowingly. `resolving` is what people do with conflicts.
"""

from service.conflicts.mirror import note_broken, recheck_appointments
from service.conflicts.scope import Scope, recheck

__all__ = ["Scope", "note_broken", "recheck", "recheck_appointments"]
