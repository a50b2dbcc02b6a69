"""Formats for the web, one module a format: articles as metadata of pages, news items and entries of feeds."""
