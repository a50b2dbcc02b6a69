"""Names: the entities and tags of one revision, found by id, name or prefix, and suggestions for unknown ones."""
