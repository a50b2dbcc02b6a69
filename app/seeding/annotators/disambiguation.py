"""Whom each name of one article means, or between whom it leaves a doubt."""

from collections.abc import Iterable, Mapping

from app.seeding.annotators.name_forms import Form
from app.seeding.catalogue import EntityEntry

Meaning = tuple[EntityEntry, ...]
"""The one entity that is meant, several between which nothing decides, or none: no name here."""


def disambiguate(
    forms: Mapping[str, Form],
    settled: Mapping[str, EntityEntry | None],
    given: Iterable[tuple[str, EntityEntry]],
) -> dict[str, Meaning]:
    """Decide about every form found: by the author's word, else by what else is named without doubt.

    `settled` has the author's word for some forms; `given` the names, with their entities, that the
    document marks itself. All names are levelled.
    """
    told = [(text, entry) for text, entry in settled.items() if entry and text in forms] + list(given)
    only = [(text, form.named[0]) for text, form in forms.items() if len(form.named) == 1 and text not in settled]
    in_full = {entry.id for name, entry in told + only if " " in name}
    meanings: dict[str, Meaning] = {}
    for text, form in forms.items():
        if text in settled:
            entry = settled[text]
            meanings[text] = (entry,) if entry else ()
        else:
            meanings[text] = form.named + tuple(person for person in form.surnamed if person.id in in_full)
    # A name that is also the surname of somebody who is there in full is no certain name.
    sure = {entry.id for _, entry in told} | {entry.id for text, entry in only if len(meanings[text]) == 1}
    for text, possible in meanings.items():
        if len(possible) > 1:
            elsewhere = tuple(entry for entry in possible if entry.id in sure)
            meanings[text] = elsewhere if len(elsewhere) == 1 else possible
    return meanings
