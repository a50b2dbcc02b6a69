"""ASGI middleware: cached responses and conditional requests (`caching`), then HEAD, OPTIONS and CORS (`http`)."""
