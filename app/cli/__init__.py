"""The `articles` command."""

SERVER = "http://127.0.0.1:8000"
"""The address of a server that was started without options."""
