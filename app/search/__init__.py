"""Search: filters in, a selection of articles or paragraphs out, over tantivy indexes that follow the database.

A query goes from `filters` (the parameters) by `query_parser` (the grammar of `q`), `searched_terms` (stop words),
`text_query` and `query_builder` (tantivy queries) to a `Selection`, which makes pages (`paging`) and counts
(`term_counter`). It selects from a `Snapshot`: the indexes (`index`) and the names (`directory`, `name_index`) of one
revision. `query_warnings`, `unknown_operators` and `empty_selections` say what a request may have meant otherwise.

To add a filter over whole values, write a field with its docstring in `filters.py`, in `FilterParams`:

    rights: Values = ()
    '''Only articles under one of these licences.'''

and a line in `index/schema.py`, in `KEYWORD_FIELDS`:

    "rights": lambda source: source.article.rights,

Nothing else: the index is rebuilt by itself (`index/version.py`), and the OpenAPI document, warnings of unknown values
with suggestions, facets and cursors follow. For a field of which an article can have several values, add `rights_any`:
the one without a suffix then requires all of them. `rights_not` excludes.
"""
