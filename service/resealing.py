"""Stored secrets under a new key: every sealed column of every record, encrypted anew."""

from sqlalchemy import Text, select, type_coerce, update

from models.records import Base
from models.records.sealed import SealedText
from service.database import Database
from service.keyring import Keyring


def reseal(database: Database, keyring: Keyring) -> int:
    """Encrypt all stored secrets with the newest key; afterwards the older ones may go.

    Parameters
    ----------
    database
        Where they are.
    keyring
        With the newest key first, and all that they were encrypted with.

    Returns
    -------
    How many there are.

    Raises
    ------
    cryptography.fernet.InvalidToken
        If one was encrypted with a key that is not there.
    """
    count = 0
    with database.engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if not isinstance(column.type, SealedText):
                    continue
                stored = select(table.c.id, type_coerce(column, Text)).where(column.is_not(None)).with_for_update()
                rows = connection.execute(stored).all()
                for key, text in rows:
                    anew = {column.name: type_coerce(keyring.resealed(text), Text)}
                    connection.execute(update(table).where(table.c.id == key).values(anew))
                count += len(rows)
    return count
