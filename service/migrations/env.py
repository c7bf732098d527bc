"""Run by Alembic: connects what is declared in `models.records` with a database."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import JSON

from models.records import Base
from models.records.sql_types import ExactDecimal, JsonOf, UtcDateTime


def _rendered(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Write plain types into a revision: it must not change when the records do."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, ExactDecimal):
        return "DECIMAL"
    if isinstance(item, JsonOf | JSON):
        return "DOCUMENT"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=_rendered,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
