"""The tantivy index: its schema and analyzers, its documents, and how it follows the database."""
