"""Failures: describe an unexpected exception, so that one broken file or article does not end the run."""

import traceback
from pathlib import Path

ROOT = Path(__file__).parents[3]


def describe_failure(error: Exception) -> str:
    """Describe an exception of the program in one sentence, with the last line of `app/` that it passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT / "app")]
    place = f" in {Path(own[-1].filename).relative_to(ROOT)}, line {own[-1].lineno}" if own else ""
    words = " ".join(str(error).split())[:200]
    return f"The program failed on this file ({type(error).__name__}: {words}{place}); please report it."
