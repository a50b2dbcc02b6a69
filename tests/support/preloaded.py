"""What forked processes need not load again: all that commands and servers use, also what they load late."""

import os
import sys
from importlib import import_module

from app.search.index.version import index_version

# Each process gets the variables of its own command; those of the first one must not stop all others.
for name in [name for name in os.environ if name.startswith("ARTICLES_")]:
    del os.environ[name]
for name in (
    "alembic.command",
    "alembic.config",
    "app.cli.commands",
    "app.cli.export",
    "app.cli.seeding",
    "app.cli.serving",
    "app.database.sqlite",
    "app.main",
    "pygments.lexers",
    "rich.console",
    "sqlalchemy.dialects.sqlite",
):
    import_module(name)
index_version()
# The application reads its settings when this module is loaded, which each server does for itself.
del sys.modules["app.main"]
