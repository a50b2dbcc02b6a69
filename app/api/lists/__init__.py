"""Lists: select articles and mentions, cut one page, count values and facets, and encode cursors."""
