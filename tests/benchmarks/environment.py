"""The environment of benchmarks: a database of their own, and compiled modules."""

import os
import sys


def forget_settings() -> None:
    """Remove settings of a database and the ban on compiled modules, for this process and those that it starts."""
    for name in list(os.environ):
        if name.upper().startswith("ARTICLES_") or name == "PYTHONDONTWRITEBYTECODE":
            del os.environ[name]
    sys.dont_write_bytecode = False
