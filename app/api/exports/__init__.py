"""Exports: the answers to whole questions, streamed in the format that the suffix of a URL names."""
