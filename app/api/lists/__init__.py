"""Lists: cut one page from a selection, count its values and facets, and encode cursors."""
