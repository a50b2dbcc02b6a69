"""Parameters of exports: the filters of the lists, their order, and where to begin and end."""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from app.api.deps import FieldSelection
from app.api.lists.mention_selection import MentionFilterParams
from app.api.lists.value_lists import Name
from app.api.params import Sort, resolve_sort
from app.api.routes.timeline import DateField, Interval
from app.export.tables import ARTICLE_COLUMNS, ENTITY_COLUMNS, PARAGRAPH_COLUMNS, TAG_COLUMNS, Column
from app.schemas import OffsetUnit
from app.search.query.filters import FilterParams, Types, Values, parse_int

Count = Annotated[int, Field(ge=1, le=1_000_000_000), BeforeValidator(parse_int)]


def names_of(columns: tuple[Column, ...], *others: str) -> FieldSelection:
    """Return the annotation for `fields` that accepts the names of these columns."""
    return FieldSelection((*(column.name for column in columns), *others), {})


class ExportParams(FilterParams):
    """What to export, and how much of it."""

    limit: Count | None = None
    """Most items to write. Default: all, and in a feed 50."""


class OrderedExportParams(ExportParams):
    """What to export in an order in which an interrupted export can be continued."""

    after: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    """Continue after this article (its id); on `/paragraphs` and `/mentions`, after this paragraph (`id/position`).
    Take the last one that arrived whole."""


class DocumentExportParams(OrderedExportParams):
    """Which articles or paragraphs to export, and in which order."""

    sort: Sort | None = None
    """Order: `-published` (newest first, the default), `published`, `-updated` (last updated first), `updated`,
    `title`, `-word_count` (longest article first), `word_count`, or `relevance` (the default with `q`, but not in a
    feed)."""
    offset_unit: OffsetUnit = "codepoint"
    """Unit of offsets, in the formats that leave the choice."""

    @property
    def order(self) -> Sort:
        """Return the sort order. Raises `Problem` for relevance without `q`."""
        return resolve_sort(self.sort, self.q)


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
    """Order of their articles; within an article, the order of its text."""


class ValueExportParams(ExportParams):
    """Which values of the selection to export, and in which order."""

    sort: Literal["-count", "name", "-association"] = "-count"
    """Order: `-count` (most frequent first), `name`, or `-association` (most characteristic first)."""
    name: Name | None = None
    """Require this name or alias, ignoring case and accents."""
    name_prefix: Name | None = None
    """Require a name or alias with a word that begins like this, ignoring case and accents."""


class EntityExportParams(ValueExportParams):
    """Which entities to export."""

    entity_id: Values = ()
    """Export these entities (ids or Wikidata ids); `entity` selects by mentions, `id` selects articles."""
    type: Types = ()
    """Require one of these types."""
    fields: Annotated[tuple[str, ...], names_of(ENTITY_COLUMNS)] = ()
    """Write only these columns."""


class TagExportParams(ValueExportParams):
    """Which tags to export."""

    tag_id: Values = ()
    """Export these tags (ids); `tag` selects articles that have them, `id` selects articles."""
    fields: Annotated[tuple[str, ...], names_of(TAG_COLUMNS)] = ()
    """Write only these columns."""


class TimelineExportParams(ExportParams):
    """Which articles to count, and by which interval."""

    interval: Interval = "month"
    """Length of the periods."""
    by: DateField = "published"
    """`published`: count articles by their date of publication. `about`: count them by the dates in their texts."""
