"""Seeding: read files of articles, annotate them, and store them as a new revision."""
