"""Query: the filter parameters and the grammar of `q`, turned into tantivy queries, and what they may have meant."""
