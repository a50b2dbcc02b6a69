"""Search: filters in, a selection of articles or paragraphs out, over tantivy indexes that follow the database.

A query goes from `query.filters` (the parameters) by `query.parser` (the grammar of `q`), `query.searched_terms` (stop
words), `query.text_query` and `query.builder` (tantivy queries) to a `Selection`, which makes pages (`paging`,
`page_cache`) and counts (`counts`). It selects from a `Snapshot`: the indexes (`index`) and the names (`names`) of one
revision.
`query.warnings`, `query.unknown_operators` and `query.empty_selections` say what a request may have meant otherwise.

To add a filter over whole values, write a field with its docstring in `query/filters.py`, in `FilterParams`:

    rights: Values = ()
    '''Only articles under one of these licences.'''

and a line in `index/schema.py`, in `KEYWORD_FIELDS`:

    "rights": lambda source: source.article.rights,

Nothing else: the index is rebuilt by itself (`index/version.py`), and the OpenAPI document, warnings of unknown values
with suggestions, facets and cursors follow. For a field of which an article can have several values, add `rights_any`:
the one without a suffix then requires all of them. `rights_not` excludes.

What a filter by entity or type considers of a mention (origin, confidence, role) is a field of `MentionTerm` in
`index/mention_terms.py`, and is read in `query/mention_conditions.py`.
"""
