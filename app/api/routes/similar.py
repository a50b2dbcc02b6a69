"""`/articles/{id}/similar`: list similar articles, and what they have in common."""

from typing import Annotated, Any, ClassVar

import orjson
from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from app.api.deps import Corpus, CorpusDep, FieldSelection
from app.api.docs.responses import ERRORS, NOT_FOUND
from app.api.params import Limit, NoParams
from app.api.query_string import get_query_string
from app.api.routing import QueryRoute
from app.api.transforms import apply, select_fields
from app.rendering import JsonObject
from app.schemas import ArticleSummary, EntityReference, Schema, TagReference
from app.search.index.analysis import analyze
from app.search.more_like_this import SimilarityProfile, build_profile, find_similar

router = APIRouter(
    prefix="/articles",
    tags=["articles"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class SharedFeatures(Schema):
    """What two articles have in common."""

    entities: list[EntityReference]
    """Entities that both mention."""
    tags: list[TagReference]
    """Tags of both."""
    words: list[str]
    """Characteristic words of both, as written in the first article."""


class SimilarListItem(ArticleSummary):
    """An article that is similar to another one."""

    why: SharedFeatures
    """What it has in common with the requested article."""


class SimilarArticles(Schema):
    """The articles that are most similar to one article."""

    items: list[SimilarListItem]
    """Articles, the most similar first."""


SIMILAR_FIELDS = FieldSelection(tuple(name for name in SimilarListItem.model_fields if name != "extract"), {})
"""All fields of a similar article; an extract comes only with `q`."""


class SimilarParams(NoParams):
    """How many similar articles to list."""

    USES: ClassVar = ("similar",)

    limit: Limit = 10
    """Number of articles, at most 100."""
    fields: Annotated[tuple[str, ...], SIMILAR_FIELDS] = ()
    """Return only these fields of each article."""


@router.get("/{id}/similar", response_model=SimilarArticles, responses=NOT_FOUND)
def list_similar(
    id: Annotated[str, Path(description="Identifier of the article.")],
    params: Annotated[SimilarParams, Query()],
    corpus: CorpusDep,
) -> Response:
    """List the articles that have most entities, tags and characteristic words in common with an article."""
    article, texts = load_article(corpus, corpus.article_key(id))
    entities = [entity["id"] for entity in article["entities"]]
    tags = [tag["id"] for tag in article["tags"]]
    profile = build_profile(corpus.snapshot, texts, article["language"], entities, tags)
    items = []
    for key in find_similar(corpus.snapshot, id, profile, params.limit):
        similar, similar_texts = load_article(corpus, key)
        items.append({**similar, "why": shared_features(profile, similar, similar_texts)})
    changes = select_fields(params.fields)
    items = [apply(changes, item) for item in items]
    return Response(orjson.dumps({"items": items}), media_type="application/json")


def load_article(corpus: Corpus, key: int) -> tuple[dict[str, Any], list[str]]:
    """Return the summary of an article, and the texts of its paragraphs."""
    summary, paragraphs, _ = corpus.documents.read_articles([key])[0]
    return orjson.loads(summary), [orjson.loads(paragraph)["text"] for paragraph in paragraphs]


def shared_features(profile: SimilarityProfile, article: dict[str, Any], texts: list[str]) -> JsonObject:
    """Return what an article has in common with the one of the profile."""
    stems = {*analyze("\n".join(texts), profile.stemmer)}
    entities, tags = {*profile.entities}, {*profile.tags}
    return {
        "entities": [
            {"id": entity["id"], "name": entity["name"], "type": entity["type"]}
            for entity in article["entities"]
            if entity["id"] in entities
        ],
        "tags": [tag for tag in article["tags"] if tag["id"] in tags],
        "words": [word for stem, word in profile.words.items() if stem in stems],
    }
