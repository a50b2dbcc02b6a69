"""Formats of tables, one module a format: rows in, bytes out."""
