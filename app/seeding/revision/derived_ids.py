"""Derived ids: number the articles of files with many articles whose headlines, and so whose ids, are equal."""

from dataclasses import replace
from itertools import count
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from app.models import Article
from app.seeding.article import NewArticle
from app.seeding.limits import LONGEST_TITLE
from app.seeding.revision.live_articles import LiveArticle, LiveArticles
from app.seeding.slugs import MAX_ID_LENGTH, slug


class DerivedIds:
    """Gives each article whose id was made from its title an id of its own, the same in every run.

    The articles of a file keep the ids that they have in the corpus, in the order of the file. A new one gets the
    first that is free: `same`, `same-2`, `same-3`.
    """

    def __init__(self, live: LiveArticles) -> None:
        self.live = live
        self.file = ""
        """The file that is being read."""
        self.known: dict[str, list[str]] = {}
        """Ids that its articles have in the corpus, by the id that their title gives, the next one last."""
        self.first_numbers: dict[str, int] = {}
        """The least number that may be free, by the id that a title gives."""
        self.chosen: dict[str, set[str]] = {}
        """The ids that were chosen in this run, by the one that the title gives."""

    def choose(self, article: NewArticle) -> NewArticle:
        """Return the article with the id that it is to have, if its own was made from its title."""
        if not article.has_derived_id:
            return article
        if article.file != self.file:
            self.file = article.file
            self.known = self.load_known(article.file)
        known = self.known.get(article.id)
        id = known.pop() if known else self.find_free(article.id, article.file)
        self.chosen.setdefault(article.id, set()).add(id)
        return replace(article, id=id)

    def load_known(self, file: str) -> dict[str, list[str]]:
        """Return the ids of a file's articles in the corpus, by the id that their title gives."""
        known: dict[str, list[str]] = {}
        if file in self.live.files.with_articles:
            rows = select(col(Article.id), col(Article.title)).where(col(Article.file) == file)
            for id, title in self.live.connection.execute(rows.where(col(Article.until).is_(None))):
                known.setdefault(slug(title[:LONGEST_TITLE]), []).append(id)
        for ids in known.values():
            ids.sort(key=lambda id: (len(id), id), reverse=True)
        return known

    def find_free(self, base: str, file: str) -> str:
        """Return the first of `base`, `base-2` and so on that no article has."""
        for number in count(self.first_numbers.get(base, 1)):
            suffix = "" if number == 1 else f"-{number}"
            id = base[: MAX_ID_LENGTH - len(suffix)].rstrip("-") + suffix
            if id not in self.chosen.get(base, ()) and self.is_free(id, file):
                self.first_numbers[base] = number + 1
                return id
        raise AssertionError

    def is_free(self, id: str, file: str) -> bool:
        """Tell whether no article has this id, or only one that this run removes."""
        if id in self.live.added:
            return False
        holder = next(self.live.select(col(Article.id), [id]), None)
        return holder is None or self.is_gone(holder, file)

    def is_gone(self, holder: LiveArticle, file: str) -> bool:
        """Tell whether an article in the corpus stands no longer in its file."""
        files = self.live.files
        if holder.file == file:
            return False
        return holder.file in files.missing or holder.file in files.read or not Path(holder.file).exists()
