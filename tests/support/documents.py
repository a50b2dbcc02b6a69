"""Article documents and catalogue entries, as tests write them into a folder of seeds."""

import json


def document(id, text="A text.", **more):
    return {"id": id, "title": f"Title of {id}", "text": text, "mentions": [], **more}


def mentioning(id, *entities):
    """A document whose text is the names of these entities, each of them mentioned: ids, or descriptions."""
    names = [entity if isinstance(entity, str) else entity["name"] for entity in entities]
    mentions = []
    for name, entity in zip(names, entities, strict=True):
        start = " ".join(names).index(name)
        mentions.append({"start": start, "end": start + len(name), "type": "place", "entity": entity})
    return document(id, " ".join(names)) | {"mentions": mentions}


def place(name, **more):
    return {"name": name, "type": "place", **more}


def write_entities(folder, *entries):
    """Write an entities.yaml without the built-in entities."""
    (folder / "entities.yaml").write_text(json.dumps({"builtin": False, "entities": list(entries)}))
