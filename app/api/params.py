"""Query parameters that several endpoints share, as models."""

import warnings
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.warnings import UnsupportedFieldAttributeWarning

from app.api.errors import invalid_param
from app.api.highlighting import Highlight
from app.api.lists.facets import Facet
from app.api.transforms import Markup
from app.models import Role
from app.schemas import OffsetUnit
from app.search.highlighter import Highlighter
from app.search.query.filters import LONGEST_VALUE, FilterParams, parse_int
from app.search.query.parser import Match, QueryError

Sort = Literal["-published", "published", "-updated", "updated", "title", "word_count", "-word_count", "relevance"]

# FastAPI ignores this warning about its own field for a query model when it makes the field; with `defer_build`,
# Pydantic warns later, at the first request that FastAPI validates.
warnings.filterwarnings("ignore", "The 'alias' attribute with value 'params'", UnsupportedFieldAttributeWarning)

PREREQUISITES: Final = {"match": "q", "q_in": "q", "highlight": "q", "facet_size": "facet", "facet_prefix": "facet"}
"""Parameters that change nothing without another one, by name: a value other than the default is refused without it."""

Limit = Annotated[int, Field(ge=1, le=100), BeforeValidator(parse_int)]


class NoParams(BaseModel):
    """No parameters."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class ListParams(FilterParams):
    """Filters, and one page of what they select."""

    limit: Limit = 20
    """Items per page, at most 100."""
    cursor: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    """Page to return: taken from `next` or `previous` of a response to the same query."""
    facet: tuple[Facet, ...] = ()
    """Count the selection by the values of these fields."""
    facet_size: Limit = 10
    """Values per facet, at most 100."""
    facet_prefix: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_VALUE)] | None = None
    """Count only values with a word that begins like this, ignoring case and accents: reaches those beyond the most
    frequent ones."""


def resolve_sort(sort: Sort | None, q: str | None) -> Sort:
    """Return the sort order of articles or paragraphs. Raises `Problem` for relevance without `q`."""
    if sort == "relevance" and q is None:
        raise invalid_param("sort", "`sort` can be 'relevance' only with `q`.")
    return sort or ("-published" if q is None else "relevance")


class DocumentListParams(ListParams):
    """Which articles or paragraphs to list, in which order, and how to show them."""

    sort: Sort | None = None
    """Order: `-published` (newest first, the default), `published`, `-updated` (last updated first), `updated`,
    `title`, `-word_count` (longest article first), `word_count`, or `relevance` (the default with `q`; equally relevant
    items newest first). Items without the date come last; the id breaks ties."""
    highlight: Highlight | None = None
    """Show where `q` matches: as `offsets` in the same coordinates as the mentions, or as `markup`, HTML with `<mark>`.
    Articles also get an `extract` around the best match."""
    offset_unit: OffsetUnit = "codepoint"
    """Unit of offsets."""

    @property
    def needs_texts(self) -> bool:
        """Return whether all paragraphs of the articles are read."""
        return False

    @property
    def order(self) -> Sort:
        """Return the sort order. Raises `Problem` for relevance without `q`."""
        return resolve_sort(self.sort, self.q)

    @property
    def highlighter(self) -> Highlighter | None:
        """Return the highlighter of `q`; None without `highlight`, which needs `q`."""
        return None if self.highlight is None or self.q is None else Highlighter.of(self.q, self.match, self.q_in)


class ReadParams(NoParams):
    """How to show one article or paragraph."""

    q: Annotated[str, StringConstraints(min_length=1)] | None = None
    """Words to highlight, in the same syntax as in lists."""
    match: Match = "all"
    """`any`: AND, OR and NOT are words."""
    q_in: tuple[Role, ...] = ()
    """Search `q` only in paragraphs of these roles. Default: all roles but `credit`."""
    highlight: Highlight = "offsets"
    """Show where `q` matches: as `offsets` in the same coordinates as the mentions, or as `markup`."""
    markup: Markup | None = None
    """Return the text of paragraphs also as HTML, with mentions marked."""
    offset_unit: OffsetUnit = "codepoint"
    """Unit of offsets."""

    @property
    def highlighter(self) -> Highlighter | None:
        """Return the highlighter of `q`; None without `q`. Raises `Problem` for a `q` that can't be parsed."""
        try:
            return None if self.q is None else Highlighter.of(self.q, self.match, self.q_in)
        except QueryError as error:
            raise invalid_param("q", f"`q` {error}.") from None
