"""The launcher: run `articles` so that no other `app` on the machine is taken for this program.

The wheel has this package alone; `app`, `migrations` and `seeds` lie inside it, where they collide with nobody's.
A checkout has it here, two folders below `app`. Either way, the folder that holds `app` is the first one that is
searched for modules, in worker processes too.
"""

import os
import signal
import sys


def main() -> None:
    """Run the command `articles`; Ctrl-C ends it without a traceback, also while modules are loaded or let go."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.path.insert(0, find_home())
    # Processes that it starts search the current folder for no module.
    os.environ["PYTHONSAFEPATH"] = "1"
    from app.cli import commands  # noqa: PLC0415  (Not before the path is set.)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        commands.main()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def find_home() -> str:
    """Return the folder that holds `app`."""
    from pathlib import Path  # noqa: PLC0415  (It takes longer to load than all of this.)

    package = Path(__file__).parent
    return str(package if (package / "app").is_dir() else package.parents[2])
