"""Disambiguation: decide which entity each name of one article means."""

from collections.abc import Iterable, Mapping

from app.seeding.annotators.name_forms import NameForm
from app.seeding.catalogue import EntityEntry

Candidates = tuple[EntityEntry, ...]
"""One entity: it is meant; several: nothing decides between them; none: the form is not a name here."""


def disambiguate(
    forms: Mapping[str, NameForm],
    overrides: Mapping[str, EntityEntry | None],
    certain_names: Iterable[tuple[str, EntityEntry]],
) -> dict[str, Candidates]:
    """Return the candidates of every form, by its text.

    The author's `overrides` come first (None: not a name here), then whatever else the article names without doubt:
    `certain_names` are names that the document marks itself, and surnames after a title, with their entities. All have
    normalized punctuation.
    """
    decided = [(text, entry) for text, entry in overrides.items() if entry and text in forms] + list(certain_names)
    unique = [
        (text, form.by_name[0]) for text, form in forms.items() if len(form.by_name) == 1 and text not in overrides
    ]
    ids_in_full = {entry.id for name, entry in decided + unique if " " in name}
    candidates: dict[str, Candidates] = {}
    for text, form in forms.items():
        if text in overrides:
            entry = overrides[text]
            candidates[text] = (entry,) if entry else ()
        else:
            candidates[text] = form.by_name + tuple(person for person in form.by_surname if person.id in ids_in_full)
    # A unique name is still in doubt if it is also the surname of a person whom the article names in full.
    certain_ids = {entry.id for _, entry in decided}
    certain_ids |= {entry.id for text, entry in unique if len(candidates[text]) == 1}
    for text, entries in candidates.items():
        if len(entries) > 1:
            certain = tuple(entry for entry in entries if entry.id in certain_ids)
            candidates[text] = certain if len(certain) == 1 else entries
    return candidates
