"""The last resort: what is said of a file on which the program itself fails."""

import traceback
from pathlib import Path

APP = Path(__file__).parents[3]


def describe_failure(error: Exception) -> str:
    """Return a sentence with which a failure can be reported: what it was, and where in this program it came up."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(APP / "app")]
    place = f" in {Path(own[-1].filename).relative_to(APP)}, line {own[-1].lineno}" if own else ""
    words = " ".join(str(error).split())[:200]
    return f"The program failed on this file ({type(error).__name__}: {words}{place}); please report it."
