"""Counts: how many articles or paragraphs have each value of a field, and how values go together."""
