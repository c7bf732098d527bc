"""What all records have in common: ids, the organization they belong to, versions, filters with their indexes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import Index, MetaData, event
from sqlalchemy.ext.associationproxy import _AssociationList
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.orm.decl_api import TypeResolve

from models.errors import Fault, InvalidDocument
from models.records.fields import Access, Moment, field, reference
from models.records.sql_types import BIG, column_type

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class InvalidRecord(InvalidDocument):
    """A record whose fields do not fit together, with all that is wrong."""

    noun = "record"


class Base(DeclarativeBase):
    """The root of all tables; column types follow from the annotated types."""

    metadata = MetaData(naming_convention=NAMING)

    def __init__(self, **values: Any) -> None:
        for name, default in _defaults(type(self)):
            if name not in values:
                values[name] = default.arg(None) if default.is_callable else default.arg
        # Linking rows before the ids at their other end, which write them.
        for name, value in ({rows: [] for rows in _collections(type(self))} | values).items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no field {name}. Check the spelling.")
            setattr(self, name, value)


@cache
def _collections(record: type[Base]) -> list[str]:
    return [each.key for each in record.__mapper__.relationships if each.uselist]


@cache
def _defaults(record: type[Base]) -> list[tuple[str, Any]]:
    columns = ((attribute.key, attribute.columns[0]) for attribute in record.__mapper__.column_attrs)
    return [(name, column.default) for name, column in columns if column.default is not None]


@event.listens_for(Base.registry, "resolve_type_annotation")
def _resolve(asked: TypeResolve) -> Any:
    return column_type(asked.raw_type)


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


class Record(Base):
    """A row with an id of its own that is never given away again.

    `FILTERS` names the fields by which lists are filtered and ordered, each with an index; `SEARCHED` those in which
    `search` looks; `UNIQUE` the fields that together occur once in an organization.
    """

    __abstract__ = True

    FILTERS: ClassVar[tuple[str, ...]] = ()
    SEARCHED: ClassVar[tuple[str, ...]] = ()
    UNIQUE: ClassVar[tuple[tuple[str, ...], ...]] = ()

    id: Mapped[int] = mapped_column(BIG, primary_key=True, sort_order=-3, info={"access": Access.READ_ONLY})

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> Any:
        return (*cls.constraints(), {"sqlite_autoincrement": True})

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__table__" not in cls.__dict__:
            return
        table, columns = cls.__tablename__, cls.__table__.c
        owner = [columns.organization_id] if issubclass(cls, Owned) else []
        for names in cls.UNIQUE:
            Index(f"uq_{table}_{names[0]}", *owner, *(columns[name] for name in names), unique=True)
        for name in cls.FILTERS:
            if not columns[name].foreign_keys:
                Index(f"ix_{table}_{name}", *owner, columns[name])

    @classmethod
    def constraints(cls) -> tuple[Any, ...]:
        """Further constraints of the table."""
        return ()

    def assign(self, values: Mapping[str, Any]) -> None:
        """Set some fields at once; a record may let others follow."""
        for name, value in values.items():
            present = getattr(self, name)
            if isinstance(present, _AssociationList):
                _replace(present, value)
            else:
                setattr(self, name, value)

    def check(self) -> list[Fault]:
        """Compute what follows from other fields, and find what does not fit together; asked before every write."""
        return []


def _replace(present: "_AssociationList[int]", wanted: list[int]) -> None:
    """Change linked ids where they differ: a row that stays keeps what else it says."""
    for key in [key for key in present if key not in wanted]:
        present.remove(key)
    for key in wanted:
        if key not in present:
            present.append(key)


class Owned(Record):
    """A row of an organization; every query is bound to the organization of its session."""

    __abstract__ = True

    organization_id: Mapped[int] = reference("organizations", on_delete="CASCADE", access=Access.READ_ONLY)


class Versioned(Record):
    """A row that knows when it changed, and that refuses a write on top of another's."""

    __abstract__ = True

    created_at: Mapped[Moment] = field(now, access=Access.READ_ONLY, sort_order=98)
    updated_at: Mapped[Moment] = field(now, access=Access.READ_ONLY, sort_order=98)
    version: Mapped[int] = field(access=Access.READ_ONLY, sort_order=99)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}


class Entity(Owned, Versioned):
    """What the API lists, shows and changes: a versioned row of an organization."""

    __abstract__ = True


class Hidden(Owned):
    """A row that can be hidden: no query of a session sees it any more."""

    __abstract__ = True

    hidden_at: Mapped[Moment | None] = field(access=Access.HIDDEN)


def check_records(session: Session) -> None:
    """Ask every new and changed record of a session whether its fields fit together.

    Parameters
    ----------
    session
        About to write.

    Raises
    ------
    InvalidRecord
        With all faults of the first record that has some.
    """
    for record in (*session.new, *session.dirty):
        if isinstance(record, Record):
            ensure_fit(record)


def ensure_fit(record: Record) -> None:
    """Ask one record whether its fields fit together.

    Raises
    ------
    InvalidRecord
        With all its faults.
    """
    if faults := record.check():
        raise InvalidRecord(faults)
