"""The HTTP API: endpoints, their parameters and their responses.

To add an endpoint, write it in a new file `routes/stats.py`:

    import orjson
    from fastapi import APIRouter, Depends
    from starlette.responses import Response

    from app.api.deps import CorpusDep
    from app.api.docs.responses import ERRORS
    from app.api.query_string import get_query_string
    from app.api.routing import QueryRoute
    from app.schemas import Schema

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

and add the module to `ROUTES` in `app/main.py`:

    stats,

Query parameters are a model: `params: Annotated[StatsParams, Query()]`. `QueryRoute` gives the responses ETags and puts
them into the cache. If every request is slow, name a feature of `cost.SLOW_FROM` in the model's `USES`. To
document an example, add its URL to `EXAMPLE_URLS` and run `python -m tests.api.test_openapi`, which records the
response.
"""
