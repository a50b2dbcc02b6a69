"""Errors of a database: sentences that name it, say what is wrong, and what to do about it."""

from typing import NamedTuple

from sqlalchemy import Engine


class DatabaseError(Exception):
    """The database can't do what was asked of it; the message is one sentence for the log or the terminal."""

    def __init__(self, message: str, summary: str = "The database can't be read at the moment") -> None:
        super().__init__(message)
        self.summary = f"{summary}; the log of the service says more."
        """The sentence for clients: without the file, the server and the reason."""


class DamagedDatabaseError(DatabaseError):
    """Something in the database can't be read any more, however often it is tried."""

    def __init__(self, message: str, summary: str, database: str | None) -> None:
        super().__init__(message, summary)
        self.database = database
        """Its file, or its name on the server."""


class Diagnosis(NamedTuple):
    """What an error of a driver means for the database."""

    description: str
    """The end of a sentence that begins with the database."""
    remedy: str
    """The reason, and what to do about it."""
    is_damage: bool = False


def build_error(engine: Engine, diagnosis: Diagnosis) -> DatabaseError:
    """Return the error that names this database and says what is wrong with it."""
    message = f"The database {display_name(engine)} {diagnosis.description}: {diagnosis.remedy}."
    summary = f"The database {diagnosis.description}"
    if diagnosis.is_damage:
        return DamagedDatabaseError(message, summary, engine.url.database)
    return DatabaseError(message, summary)


def display_name(engine: Engine) -> str:
    """Return the name of a database for messages: its file, or its name and its server, without a password."""
    name = engine.url.database or "in memory"
    return f"'{name}' at {engine.url.host}" if engine.url.host else name
