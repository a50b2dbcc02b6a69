"""The launcher: run `articles` so that no other `app` on the machine is taken for this program.

The wheel has this package alone; `app`, `migrations` and `seeds` lie inside it, where they collide with nobody's.
A checkout has it here, two folders below `app`. Either way, the folder that holds `app` is the first one that is
searched for modules, in worker processes too.
"""

import os
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent
HOME = PACKAGE if (PACKAGE / "app").is_dir() else PACKAGE.parents[2]
"""The folder that holds `app`."""


def main() -> None:
    """Run the command `articles`."""
    sys.path.insert(0, str(HOME))
    # Processes that it starts search the current folder for no module.
    os.environ["PYTHONSAFEPATH"] = "1"
    from app.cli import commands  # noqa: PLC0415  (Not before the path is set.)

    commands.main()
