"""Spans: the mentions and dates that documents bring along, moved to the stored paragraphs."""
