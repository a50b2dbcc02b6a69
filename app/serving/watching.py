"""Watching: notice that files of a folder have changed, so that they are seeded again."""

import asyncio
import logging
from pathlib import Path

from watchfiles import Change, awatch

log = logging.getLogger("articles")

QUIET_MS, PATIENCE_MS = 300, 5_000
"""Changes are reported once there was none for a while, or after so long in any case: files are copied one by one."""


class FolderWatcher:
    """Notices changes of files in a folder, or of the one file that it is."""

    def __init__(self, folder: Path, data: Path) -> None:
        """Watch a folder, except for the data folder, which seeding itself writes."""
        self.folder = folder.resolve()
        self.data = data.resolve()
        # The folder of a single file, since editors replace a file when they save it.
        self.watched = self.folder if self.folder.is_dir() else self.folder.parent
        self.changed = asyncio.Event()
        """Set whenever files have changed."""

    async def run(self) -> None:
        """Watch until this is cancelled. A failure is logged."""
        stopped = asyncio.Event()
        changes = awatch(
            self.watched, watch_filter=self.is_relevant, step=QUIET_MS, debounce=PATIENCE_MS, stop_event=stopped
        )
        try:
            async for _ in changes:
                self.changed.set()
        except Exception as error:  # noqa: BLE001  (The library raises errors of its own; what is seeded is still served.)
            message = "Changes in %s are not noticed any more: %s. Start the server again."
            log.error(message, self.folder, error)  # noqa: TRY400  (The sentence is enough.)
        finally:
            stopped.set()

    def is_relevant(self, _change: Change, path: str) -> bool:
        """Tell whether seeding again may change anything. A log in the folder would change with every run."""
        file = Path(path)
        return not (file.name.startswith(".") or file.suffix == ".log" or file.is_relative_to(self.data))
