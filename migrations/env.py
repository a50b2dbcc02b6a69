"""How Alembic finds the database: the one of the settings, or the connection that it is handed."""

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


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    engine = open_database(Settings().database)
    try:
        with write_transaction(engine) as connection:
            run(connection)
    finally:
        engine.dispose()
