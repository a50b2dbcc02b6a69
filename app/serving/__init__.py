"""The served revision: follow the database, keep a replica, seed at startup."""
