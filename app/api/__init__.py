"""The HTTP API: endpoints, their parameters and their responses.

To add an endpoint, write a module in `app/api/routes` and append it to the modules in `app/main.py`:

    router = APIRouter(
        prefix="/stats",
        tags=["corpus"],
        route_class=QueryRoute,
        dependencies=[Depends(get_query_string)],
        responses=ERRORS,
    )


    class Stats(Schema):
        '''Sizes of the corpus.'''

        articles: int
        '''Number of articles.'''


    @router.get("", response_model=Stats)
    def read_stats(corpus: CorpusDep) -> Response:
        '''Return the sizes of the corpus.'''
        return Response(orjson.dumps({"articles": corpus.snapshot.size("articles")}), media_type="application/json")

Query parameters are a model: `params: Annotated[StatsParams, Query()]`. `QueryRoute` gives the responses ETags and puts
them into the cache. If every request is slow, name a feature of `cost.SLOW_FROM` in the model's `USES`. For the
documentation, add a URL to `docs/examples.py` and run `python -m tests.api.test_openapi`, which records its response.
"""
