"""A benchmark works on a database of its own, and on modules that are compiled, whatever the environment says."""

import os
import sys


def forget_settings() -> None:
    """Take away, for this process and for those that it starts, what is told of a database or of compiled modules."""
    for name in list(os.environ):
        if name.upper().startswith("ARTICLES_") or name == "PYTHONDONTWRITEBYTECODE":
            del os.environ[name]
    sys.dont_write_bytecode = False
