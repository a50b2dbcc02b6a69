"""The served revision: follow the database, keep a replica of one in PostgreSQL, seed at startup."""
