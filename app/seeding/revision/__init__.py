"""A new revision: which files and articles differ from the database, and the rows that are written for them."""
