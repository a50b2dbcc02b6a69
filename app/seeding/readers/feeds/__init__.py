"""Readers of feeds: RSS, Atom and JSON Feed, one article an item."""
