"""The audit log, to be read."""

from models.records import AuditEntry
from service.crud import Resource
from service.routing import router_of

AUDIT = Resource(AuditEntry, "audit-log", "audit entry")

router = router_of(AUDIT, ("list", "read"))
