"""Similar articles, each with what it shares."""

from typing import Annotated, Any, ClassVar

import orjson
from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from app.api.deps import Corpus, CorpusDep
from app.api.docs.responses import ERRORS, NOT_FOUND
from app.api.params import Limit, NoParams
from app.api.query_string import get_query_string
from app.api.routing import QueryRoute
from app.rendering import JsonObject
from app.schemas import ArticleSummary, EntityReference, Schema, TagReference
from app.search.index.analysis import tokenize
from app.search.more_like_this import SimilarityProfile, build_profile, find_similar

router = APIRouter(
    prefix="/articles",
    tags=["articles"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class SharedFeatures(Schema):
    """What two articles share."""

    entities: list[EntityReference]
    """Whom and what both name."""
    tags: list[TagReference]
    """The subjects that both stand under."""
    words: list[str]
    """Telling words, as the first article writes them."""


class SimilarArticle(ArticleSummary):
    """An article that is like another one."""

    why: SharedFeatures
    """What it shares with the one that was asked about."""


class SimilarArticles(Schema):
    """The articles that are most like one, the most similar first."""

    items: list[SimilarArticle]
    """The articles, the most similar first."""


class SimilarParams(NoParams):
    """How many similar articles to show."""

    USES: ClassVar = ("similar",)

    limit: Limit = 10
    """How many to show, at most 100."""


@router.get("/{id}/similar", response_model=SimilarArticles, responses=NOT_FOUND)
def list_similar(
    id: Annotated[str, Path(description="The article's id.")],
    params: Annotated[SimilarParams, Query()],
    corpus: CorpusDep,
) -> Response:
    """The articles that share most entities, tags and telling words with one, and what they share."""
    article, texts = read(corpus, corpus.article(id))
    entities = [entity["id"] for entity in article["entities"]]
    tags = [tag["id"] for tag in article["tags"]]
    like = build_profile(corpus.snapshot, texts, article["language"], entities, tags)
    items = []
    for key in find_similar(corpus.snapshot, id, like, params.limit):
        other, its_texts = read(corpus, key)
        items.append({**other, "why": why(like, other, its_texts)})
    return Response(orjson.dumps({"items": items}), media_type="application/json")


def read(corpus: Corpus, key: int) -> tuple[dict[str, Any], list[str]]:
    """An article as lists show it, and the texts of its paragraphs."""
    rendered, paragraphs, _ = corpus.documents.whole([key])[0]
    return orjson.loads(rendered), [orjson.loads(it)["text"] for it in paragraphs]


def why(like: SimilarityProfile, other: dict[str, Any], texts: list[str]) -> JsonObject:
    """What another article shares with the one that is compared."""
    stems = {token.text for text in texts for token in tokenize(text, like.stemmer)}
    named, under = {*like.entities}, {*like.tags}
    return {
        "entities": [
            {"id": it["id"], "name": it["name"], "type": it["type"]} for it in other["entities"] if it["id"] in named
        ],
        "tags": [tag for tag in other["tags"] if tag["id"] in under],
        "words": [word for stem, word in like.words.items() if stem in stems],
    }
