"""Parameters of exports: the filters of the lists, their order, and where to begin and end."""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from app.api.deps import FieldSelection
from app.api.errors import invalid_params
from app.api.mention_selection import MentionFilterParams
from app.api.params import Sort, parse_int
from app.api.value_lists import Name
from app.export.tables import ARTICLE_COLUMNS, PARAGRAPH_COLUMNS, Column
from app.schemas import OffsetUnit
from app.search.filters import FilterParams, Types

Count = Annotated[int, Field(ge=1, le=1_000_000_000), BeforeValidator(parse_int)]


def names_of(columns: tuple[Column, ...], *others: str) -> FieldSelection:
    """Return what checks names of columns."""
    return FieldSelection((*(column.name for column in columns), *others), {})


class ExportParams(FilterParams):
    """What to export, and how much of it."""

    limit: Count | None = None
    """How many to write; without it, all."""


class OrderedExportParams(ExportParams):
    """What to export in an order that can be gone on with."""

    after: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    """Go on after the article with this id, or after the paragraph `id/position`: the last one that arrived whole."""


class DocumentExportParams(OrderedExportParams):
    """Which articles or paragraphs to export, and in which order."""

    sort: Sort | None = None
    """`-published` (the default), `published`, `title`, or `relevance` (the default with `q`)."""
    offset_unit: OffsetUnit = "codepoint"
    """What offsets count, in the formats that leave the choice."""

    @property
    def order(self) -> Sort:
        """The order that holds. Raises `Problem` for relevance to nothing."""
        if self.sort == "relevance" and self.q is None:
            raise invalid_params([{"parameter": "sort", "message": "`sort` can be 'relevance' only with `q`."}])
        return self.sort or ("-published" if self.q is None else "relevance")


class ArticleExportParams(DocumentExportParams):
    """Which articles to export."""

    fields: Annotated[tuple[str, ...], names_of(ARTICLE_COLUMNS, "paragraphs", "extra")] = ()
    """Write only these columns, or in JSON Lines these fields."""


class ParagraphExportParams(DocumentExportParams):
    """Which paragraphs to export."""

    WITHIN: ClassVar = "paragraph"

    fields: Annotated[tuple[str, ...], names_of(PARAGRAPH_COLUMNS)] = ()
    """Write only these columns, or in JSON Lines these fields."""


class MentionExportParams(MentionFilterParams, OrderedExportParams):
    """Which mentions to export."""

    sort: Literal["-published", "published", "title"] = "-published"
    """The order of their articles; within an article, as they stand in its text."""


class ValueExportParams(ExportParams):
    """Which values of the selection to export."""

    sort: Literal["-count", "name", "-association"] = "-count"
    """`-count`: the most frequent first; `name`: by name; `-association`: those first that belong to the
    selection most. Ties end in the id."""
    name: Name | None = None
    """Only what has this name or alias, whatever its case and accents."""
    name_prefix: Name | None = None
    """Only what has a name or alias of which a word begins so, whatever its case and accents."""


class EntityExportParams(ValueExportParams):
    """Which entities to export."""

    type: Types = ()
    """Only entities of one of these types."""


class TimelineExportParams(ExportParams):
    """Which articles to count, and how finely."""

    interval: Literal["year", "month", "day"] = "month"
    """How long the times are."""
