"""JSON files: article documents, answers of news APIs, and what this service itself returns."""
