r"""Export: write articles, or rows of a table, as a stream of bytes, one module a format.

A writer takes an iterator and yields bytes as it goes, so that an export of any size takes little memory. It knows
nothing of HTTP, databases or filters.

To add a format of whole articles, write it in a new file `texts/leads.py`:

    from collections.abc import Iterable, Iterator

    from app.export.document import Report
    from app.rendering import JsonObject


    def write_leads(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
        '''Yield the lead of each article.'''
        for article in articles:
            report.articles += 1
            yield f"{article['lead']}\n".encode()

and a line in `formats.py`, in `TEXT_FORMATS`:

    "leads": TextFormat("text/plain; charset=utf-8", "leads", write_leads),

A format of tables goes into `rows/` and `TABLE_FORMATS`. One for the web goes into `web/`, and a feed, whose writer
takes also what the feed says about itself, into `FEED_FORMATS`. The endpoints, their documentation, the command
`export` and the tests follow.
"""
