"""A folder of drawn articles, with the catalogue of those that they name."""

import json

from tests import naive
from tests.conftest import write_documents


def write_catalogued(folder, corpus):
    write_documents(folder, corpus)
    entities = [{"id": id, "name": id.title(), "type": "other", "wikidata": it} for id, it in naive.ENTITIES.items()]
    (folder / "entities.yaml").write_text(json.dumps({"builtin": False, "entities": entities}))
    return folder
