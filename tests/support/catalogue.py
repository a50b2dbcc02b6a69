"""A folder of drawn articles, with the catalogue of the entities that they mention."""

import json

from tests.conftest import write_documents
from tests.support import oracle


def write_catalogued(folder, corpus):
    write_documents(folder, corpus)
    entities = [
        {"id": id, "name": id.title(), "type": "other", "wikidata": wikidata}
        for id, wikidata in oracle.ENTITIES.items()
    ]
    (folder / "entities.yaml").write_text(json.dumps({"builtin": False, "entities": entities}))
    return folder
