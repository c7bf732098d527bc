"""Columns and tables as the first revisions make them; frozen, as revisions are."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DECIMAL = sa.Numeric(18, 6).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")
Column = sa.Column[Any]


def text(name: str, length: int | None = None, *, null: bool = False, unique: bool = False) -> Column:
    """Text of at most so many characters, or of any length."""
    return sa.Column(name, sa.Text() if length is None else sa.String(length), nullable=null, unique=unique)


def choice(name: str, *, null: bool = False) -> Column:
    """One of a few words."""
    return sa.Column(name, sa.String(40), nullable=null)


def flag(name: str) -> Column:
    """Yes or no."""
    return sa.Column(name, sa.Boolean(), nullable=False)


def number(name: str, *, null: bool = False) -> Column:
    """A whole number."""
    return sa.Column(name, sa.Integer(), nullable=null)


def big(name: str, *, null: bool = False) -> Column:
    """A whole number of 64 bits."""
    return sa.Column(name, BIG, nullable=null)


def real(name: str, *, null: bool = False) -> Column:
    """A real number."""
    return sa.Column(name, sa.Float(), nullable=null)


def decimal(name: str, *, null: bool = False) -> Column:
    """An exact decimal."""
    return sa.Column(name, DECIMAL, nullable=null)


def document(name: str, *, null: bool = False) -> Column:
    """JSON."""
    return sa.Column(name, DOCUMENT, nullable=null)


def binary(name: str, *, null: bool = False) -> Column:
    """Bytes."""
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def moment(name: str, *, null: bool = False) -> Column:
    """An instant."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def day(name: str, *, null: bool = False) -> Column:
    """A calendar date."""
    return sa.Column(name, sa.Date(), nullable=null)


def clock(name: str, *, null: bool = False) -> Column:
    """A wall time."""
    return sa.Column(name, sa.Time(), nullable=null)


def reference(name: str, table: str, on_delete: str = "RESTRICT", *, null: bool = False, key: bool = False) -> Column:
    """The id of a row elsewhere."""
    target = sa.ForeignKey(f"{table}.id", ondelete=None if on_delete == "NONE" else on_delete)
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), target, nullable=null, primary_key=key)


def create(table: str, *parts: Any, versioned: bool = True, owned: bool = True) -> None:
    """Create a table with an id; one that is owned belongs to an organization.

    Parameters
    ----------
    table
        Its name.
    parts
        Columns and constraints.
    versioned
        Whether it says when it was made and changed, and how often.
    owned
        Whether it belongs to an organization.
    """
    columns = [sa.Column("id", BIG, primary_key=True), *parts]
    if owned:
        columns.append(reference("organization_id", "organizations", "CASCADE"))
    if versioned:
        columns += [moment("created_at"), moment("updated_at"), number("version")]
    op.create_table(table, *columns, sqlite_autoincrement=True)
    if owned:
        index(table, "organization_id", owned=False)


def index(table: str, *names: str, owned: bool = True, unique: bool = False, name: str = "") -> None:
    """Create an index, within the organization unless said otherwise.

    Parameters
    ----------
    table, names
        What is indexed.
    owned
        Whether the organization comes first.
    unique
        Whether the values occur once.
    name
        Of the index, if it is not that of the first column.
    """
    made = f"{'uq' if unique else 'ix'}_{table}_{name or names[0]}"
    op.create_index(made, table, [*(["organization_id"] if owned else []), *names], unique=unique)


def indexes(table: str, *names: str, owned: bool = True) -> None:
    """Create an index on each of some columns."""
    for name in names:
        index(table, name, owned=owned)
