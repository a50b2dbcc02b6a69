"""Alembic environment: migrate the database of the settings, or use the connection in `config.attributes`."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import app.models  # noqa: F401  (the tables register themselves)
from app.database.engine import open_database, write_transaction
from app.settings import Settings


def run(connection: Connection) -> None:
    """Run the migrations on this connection, in its transaction."""
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


existing_connection: Connection | None = context.config.attributes.get("connection")
if existing_connection is not None:
    run(existing_connection)
else:
    engine = open_database(Settings().database)
    try:
        with write_transaction(engine) as connection:
            run(connection)
    finally:
        engine.dispose()
