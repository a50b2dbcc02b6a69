"""annotated-articles: point it at a folder of articles; get a searchable, annotated REST API."""
