"""A benchmark works on a database of its own, whatever the environment says of another."""

import os


def forget_settings() -> None:
    """Take the ARTICLES_* variables away, for this process and for those that it starts."""
    for name in list(os.environ):
        if name.upper().startswith("ARTICLES_"):
            del os.environ[name]
