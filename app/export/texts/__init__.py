"""Formats of whole texts with their annotations, one module a format: articles in, bytes out."""
