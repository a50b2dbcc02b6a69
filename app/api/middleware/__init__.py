"""ASGI middleware: conditional requests, cached responses and what HTTP promises of every address."""
