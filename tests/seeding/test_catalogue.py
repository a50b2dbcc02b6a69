import pickle
from pathlib import Path

import pytest

import app.seeding.catalogue.reading
from app.models import EntityType, enumerate_values
from app.seeding.article import Identity
from app.seeding.catalogue import Catalogue, EntityEntry, TagEntry, read_catalogue

BUILT_IN_ENTITIES = """
- id: minsk
  name: Minsk
  type: place
  wikidata: Q2280
  aliases: [Мінск]
  formerly: [mensk]
- {name: Georgia, type: place}
"""
BUILT_IN_TAGS = "- {id: arms-control, name: Arms control, iptc: 20000053}"


class Seeds:
    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, content: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode("utf-8", "surrogateescape"))

    def read(self) -> Catalogue:
        catalogue, findings = read_catalogue([self.root])
        assert [str(finding) for finding in findings] == []
        return catalogue

    def faults(self) -> list[str]:
        findings = read_catalogue([self.root]).findings
        assert all(finding.severity == "fault" for finding in findings)
        return [str(finding).replace(f"{self.root}/", "") for finding in findings]


@pytest.fixture(name="seeds")
def make_seeds_with_a_small_built_in_catalogue(tmp_path, monkeypatch):
    built_in = Seeds(tmp_path / "built-in")
    built_in.write("entities.yaml", BUILT_IN_ENTITIES)
    built_in.write("tags.yaml", BUILT_IN_TAGS)
    monkeypatch.setattr(app.seeding.catalogue.reading, "BUILT_IN", built_in.root)
    (tmp_path / "seeds").mkdir()
    return Seeds(tmp_path / "seeds")


def test_built_in_catalogue_has_no_fault():
    catalogue, findings = read_catalogue([])

    assert [str(finding) for finding in findings] == []
    assert {entry.type for entry in catalogue.entities.values()} == set(enumerate_values(EntityType))


def test_entries_have_the_values_of_their_file(seeds):
    catalogue = seeds.read()

    assert catalogue.entities["minsk"] == EntityEntry("minsk", "Minsk", "place", None, "Q2280", ("Мінск",), ("mensk",))
    assert catalogue.tags["arms-control"] == TagEntry("arms-control", "Arms control", None, "20000053")


def test_id_is_derived_from_the_name(seeds):
    seeds.write("entities.yaml", "- {name: Côte d’Ivoire, type: place}\n- {name: Минск-2, type: event}")

    assert {"côte-d-ivoire", "минск-2"} <= seeds.read().entities.keys()


def test_derived_id_is_truncated(seeds):
    name = "a" * 186 + " b"
    seeds.write("entities.yaml", f"- {{name: {name}, type: place}}\n- {{name: {name}, type: organization}}")

    assert {"a" * 186, "a" * 186 + "-organization"} <= seeds.read().entities.keys()


def test_id_may_have_combining_marks(seeds):
    seeds.write("entities.yaml", "- {id: दिल्ली, name: Delhi, type: place}\n- {name: मुंबई, type: place}")

    assert {"दिल्ली", "मुंबई"} <= seeds.read().entities.keys()


def test_link_to_an_outer_folder_is_entered_once(seeds):
    seeds.write("a/entities.yaml", "- {name: Kyiv, type: place}")
    (seeds.root / "a" / "back").symlink_to(seeds.root, target_is_directory=True)

    assert "kyiv" in seeds.read().entities


def test_second_entity_of_a_name_has_its_type_in_its_id(seeds):
    seeds.write("entities.yaml", "- {name: Georgia, type: work}\n- {id: minsk, aliases: [Mensk]}")

    assert seeds.read().entities["georgia-work"].name == "Georgia"
    assert seeds.read().entities["georgia"].type == "place"


def test_inner_file_overrides_an_outer_one_key_by_key(seeds):
    seeds.write("entities.yaml", "- {id: minsk, description: Capital, aliases: [Mensk]}")
    seeds.write("news/entities.yaml", "- {id: minsk, description: Capital of Belarus}")

    minsk = seeds.read().entities["minsk"]
    assert (minsk.description, minsk.aliases, minsk.wikidata) == ("Capital of Belarus", ("Mensk",), "Q2280")


def test_later_root_overrides_an_earlier_one(tmp_path, seeds):
    seeds.write("entities.yaml", "- {id: minsk, name: First}")
    later = Seeds(tmp_path / "later")
    later.write("entities.yaml", "- {id: minsk, name: Second}")

    assert read_catalogue([seeds.root, later.root]).catalogue.entities["minsk"].name == "Second"
    assert read_catalogue([later.root, seeds.root]).catalogue.entities["minsk"].name == "First"


def test_root_that_is_a_file_adds_the_catalogue_of_its_folder_only(seeds):
    seeds.write("article.txt", "Title")
    seeds.write("entities.yaml", "- {id: beside, name: Beside, type: other}")
    seeds.write("news/entities.yaml", "- {id: below, name: Below, type: other}")
    entities = read_catalogue([seeds.root / "article.txt", seeds.root / "article.txt"]).catalogue.entities

    assert "beside" in entities
    assert "below" not in entities


def test_hidden_folders_are_not_read(seeds):
    seeds.write(".git/entities.yaml", "nonsense")

    assert seeds.faults() == []


def test_file_can_exclude_the_built_in_entries(seeds):
    seeds.write("entities.yaml", "builtin: false\nentities:\n- {name: Kyiv, type: place}")

    assert set(seeds.read().entities) == {"kyiv"}
    assert set(seeds.read().tags) == {"arms-control"}


@pytest.mark.parametrize("content", ["", "# nothing yet", "[]", "builtin: true", "entities:", "\ufeff[]"])
def test_file_may_be_empty(seeds, content):
    seeds.write("entities.yaml", content)

    assert set(seeds.read().entities) == {"minsk", "georgia"}


def test_names_are_nfc_with_single_spaces(seeds):
    seeds.write("entities.yaml", '- {id: minsk, name: "Cafe\u0301  of\\n Minsk", aliases: [A1, A1], formerly: }')

    assert seeds.read().entities["minsk"].names == ("Café of Minsk", "A1")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("- {id: minsk\n- x", "2: this is not YAML: did not find expected ',' or '}'"),
        ("- &a [*b]", "1: this is not YAML: found undefined alias"),
        ("[]\n---\n[]", "2: this is not YAML: but found another document"),
        ("- {id: m\udcff}", "1: expected a YAML file in UTF-8: 'utf-8' codec can't decode"),
        ("\n- {id: minsk, name: \x07}", "2: the control character U+0007 stands here; expected letters"),
        (
            '- {id: minsk, name: "\\a"}',
            "1: `name` holds a control character; expected letters that can be seen",
        ),
        ("Minsk", "1: expected a list of entities, each of them beginning with '- '"),
        ("tags: []", "1: the file has no key 'tags'; expected one of builtin, entities"),
        ("builtin: maybe", "1: `builtin` says whether the built-in ones are kept: true or false"),
        ("- Minsk", "1: expected an entity with keys and values, such as `name: Minsk`"),
        ("- {id: minsk,\n   wikidta: Q1}", "2: an entity has no key 'wikidta'; did you mean 'wikidata'?"),
        ("- {id: minsk, [a]: b}", "1: an entity has no key '?'; expected one of id, name, type,"),
        ("- {id: minsk, id: minsk}", "1: the key 'id' stands twice in an entity; expected it once"),
        ("- {id: kyiv}", "1: nothing is known of 'kyiv' yet; expected its name and its type"),
        ("- {name: Kyiv}", "1: nothing is known of 'kyiv' yet; expected its type"),
        ("- {type: place}", "1: nothing here makes an id; expected an `id`, or a `name` that gives one"),
        ("- {id: minsk, type: plcae}", "1: 'plcae' is no type of entity; did you mean 'place'?"),
        ("- {id: minsk, type: 7}", "1: YAML reads 7 as a number, not as a text; quote it: '7'"),
        ("- {id: a b}", "1: 'a b' is not fit for an id; expected letters and digits with single hyphens"),
        ("- {id: a--b}", "1: 'a--b' is not fit for an id"),
        ("- {id: a.b}", "1: 'a.b' is not fit for an id"),
        (f"- {{id: {'a' * 201}}}", f"1: '{'a' * 60}' is not fit for an id"),
        ("- {id: Q2280}", "1: 'Q2280' is a Wikidata id; give it as `wikidata`, and an id of your own"),
        ("- {id: minsk, wikidata: q2280}", "1: 'q2280' is no Wikidata id; expected Q and a number"),
        ("- {id: minsk, wikidata: [Q1]}", "1: `wikidata` holds a list or a mapping; expected a text"),
        ("- id: minsk\n  name: 2025-12-18", "2: YAML reads 2025-12-18 as a date, not as a text; quote it"),
        (
            "- id: minsk\n  aliases:\n  - No",
            "3: YAML reads No as true or false, not as a text; quote it: 'No'",
        ),
        ("- {id: minsk, aliases: [Null]}", "1: YAML reads Null as nothing, not as a text; quote it: 'Null'"),
        (
            "- {id: minsk, aliases: [~]}",
            "1: `aliases` has an empty name; expected at least one letter or digit",
        ),
        ("- {id: minsk, aliases: Mensk}", "1: `aliases` is a list; expected it in brackets or as lines"),
        ("- {id: minsk, name: '  '}", "1: `name` has an empty name; expected at least one letter or digit"),
        ("- {id: georgia, wikidata: Q2280}", "1: the Wikidata id Q2280 of 'georgia' belongs to 'minsk' too"),
        (
            "- {id: georgia, formerly: [minsk]}",
            "1: the former id 'minsk' of 'georgia' belongs to 'minsk' too",
        ),
        (
            "- {id: georgia, formerly: [mensk]}",
            "1: the former id 'mensk' of 'georgia' belongs to 'minsk' too",
        ),
    ],
)
def test_fault_has_its_line_and_what_was_expected(seeds, content, fault):
    seeds.write("entities.yaml", content)
    faults = seeds.faults()

    assert [one.startswith(f"entities.yaml:{fault}") for one in faults][:1] == [True], faults


def test_every_fault_is_reported_and_only_its_entry_is_left_out(seeds):
    seeds.write("entities.yaml", "- {id: a b, nme: A, aliases: [1, No]}\n- {name: Kyiv, type: place}\n- x")
    catalogue, findings = read_catalogue([seeds.root])

    assert [finding.line for finding in findings] == [1, 1, 1, 1, 3]
    assert set(catalogue.entities) == {"minsk", "georgia", "kyiv"}


def test_id_twice_in_a_file_is_a_fault(seeds):
    seeds.write("entities.yaml", "- {id: minsk, name: One}\n- {id: minsk, name: Two}")

    assert seeds.faults() == ["entities.yaml:2: 'minsk' stands here and in entities.yaml:1; expected each id once"]


def test_entry_without_id_extends_the_entity_of_its_name_and_type(seeds):
    seeds.write("entities.yaml", "- {name: Georgia, type: place, aliases: [Georgian]}")

    assert seeds.read().entities["georgia"].aliases == ("Georgian",)


def test_explicit_id_takes_precedence_over_a_derived_one(seeds):
    seeds.write("entities.yaml", "- {name: Kyiv, type: place}\n- {id: kyiv, name: Kyiv, type: work}")

    assert {"kyiv-place", "kyiv"} <= seeds.read().entities.keys()


@pytest.mark.parametrize("other", ["name: Paris", "id: paris"])
def test_two_entities_of_one_name_and_type_need_explicit_ids(seeds, other):
    seeds.write("entities.yaml", f"- {{name: Paris, type: place}}\n- {{{other}, type: place}}")

    assert [fault.partition(" and ")[0] for fault in seeds.faults()] == ["entities.yaml:2: 'paris' stands here"]


def test_id_in_two_sibling_files_is_a_fault(seeds):
    seeds.write("a/entities.yaml", "- {id: minsk, name: One}")
    seeds.write("b/entities.yaml", "- {id: minsk, name: Two}")

    assert seeds.faults() == ["b/entities.yaml:1: 'minsk' stands here and in a/entities.yaml:1; expected each id once"]


def test_two_tags_of_one_name_are_a_fault(seeds):
    seeds.write("tags.yaml", "- {id: control, name: ARMS  contrôl}")

    assert "".join(seeds.faults()) == (
        "tags.yaml:1: the name 'ARMS contrôl' of 'control' belongs to 'arms-control' too; expected it at one of them"
    )


def test_missing_root_is_not_a_fault_of_the_catalogue(seeds):
    catalogue, findings = read_catalogue([seeds.root / "nowhere" / "else"])

    assert findings == []
    assert "minsk" in catalogue.entities


@pytest.mark.parametrize("reference", ["minsk", "mensk", "Q2280"])
def test_find_entity_by_id_former_id_and_wikidata_id(seeds, reference):
    assert seeds.read().find_entity(reference).id == "minsk"


def test_find_entity_returns_none_for_an_unknown_reference(seeds):
    assert seeds.read().find_entity("Minsk") is None


@pytest.mark.parametrize("name", ["arms-control", "Arms control", "ARMS  CONTROL", "Árms Contról"])
def test_find_tag_by_id_and_by_folded_name(seeds, name):
    assert seeds.read().find_tag(name).id == "arms-control"


def test_identity_matches_by_wikidata_id_regardless_of_name_and_type(seeds):
    assert seeds.read().match_identity(Identity("Mensk", "organization", "Q2280")).id == "minsk"


def test_identity_matches_by_name_or_alias_and_type(seeds):
    catalogue = seeds.read()

    assert catalogue.match_identity(Identity("Мінск", "place")).id == "minsk"
    assert catalogue.match_identity(Identity("Мінск", "event")) is None
    assert catalogue.match_identity(Identity("Georgia", "place", "Q230")).id == "georgia"


def test_identity_with_another_wikidata_id_matches_nothing(seeds):
    assert seeds.read().match_identity(Identity("Minsk", "place", "Q1")) is None


def test_ambiguous_identity_matches_nothing(seeds):
    seeds.write("entities.yaml", "- {id: new-minsk, name: New Minsk, type: place, aliases: [Minsk]}")

    assert seeds.read().match_identity(Identity("Minsk", "place")) is None


def test_digest_depends_on_all_values_but_not_on_order(seeds):
    before = seeds.read()
    turned = Catalogue(dict(reversed(before.entities.items())), before.tags)
    seeds.write("entities.yaml", "- {id: minsk, aliases: [Мінск, Mensk]}")

    assert before.digest == turned.digest == pickle.loads(pickle.dumps(before)).digest
    assert before.digest != seeds.read().digest


def test_too_deep_nesting_is_a_fault(tmp_path):
    (tmp_path / "entities.yaml").write_text("[" * 100_000)

    findings = read_catalogue([tmp_path]).findings

    assert [finding.message for finding in findings] == [
        "the YAML is nested more than 100 deep; expected a list of entries"
    ]
