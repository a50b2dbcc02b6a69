"""The questions: words and filters -> selection."""
