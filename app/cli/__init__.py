"""The `articles` command."""
