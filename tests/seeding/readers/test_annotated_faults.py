"""What does not fit in annotated files is reported with its words, and costs its article only."""

import json

import pytest

from app.seeding.scanner import scan
from tests.support.golden import read_folder

TEXT = "Talks resume\n\nAnn Lee came to Minsk.\n\nNobody else came.\n"


@pytest.fixture
def faults(tmp_path):
    """Write files, and return the messages of their faults."""

    def write_and_read(**files):
        for name, content in files.items():
            (tmp_path / name.replace("_", ".")).write_text(content)
        return [finding.message for finding in read_folder(tmp_path)[1] if finding.severity == "fault"]

    return write_and_read


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        (
            "T1\tPer 14 21\tBo Li",
            (
                "The annotation Per 'Bo Li' from 14 to 21 marks 'Ann Lee' in the text, but is 'Bo Li' in the file; "
                "expected the same."
            ),
        ),
        (
            "T1\tPer 14 99\tAnn",
            "The annotation Per 'Ann' from 14 to 99 is outside its text, which has a length of 56 (codepoint).",
        ),
        ("T1\tPer 14 14\t", "The annotation Per from 14 to 14 is empty; expected an end after its start."),
        (
            "T1\tPer 30 44\tMinsk. Nobody",
            (
                "The annotation Per 'Minsk. Nobody' from 30 to 44 marks 'Minsk. Nobody', which is not within one "
                "paragraph; expected it within one."
            ),
        ),
        (
            "T1 Per 14 21 Ann",
            (
                "Line 1 of the annotations is 'T1 Per 14 21 Ann'; expected an id, a label and offsets, such as "
                "`T1<tab>Person 0 3<tab>Ann`."
            ),
        ),
    ],
)
def test_brat_annotation_that_fits_nowhere_is_a_fault_with_its_words(faults, annotation, message):
    assert faults(a_txt=TEXT, a_ann=annotation) == [message]


def test_brat_annotation_with_gaps_covers_them_and_is_reported(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.ann").write_text("T1\tPer 14 17;30 35\tAnn Minsk\n")
    (article,), (finding,) = read_folder(tmp_path)
    (mention,) = article.mentions

    assert (mention.start, mention.end) == (0, 21)
    assert finding.severity == "warning"
    assert "'Ann Minsk' has gaps" in finding.message


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        ({"exact": "Bo Li"}, "quotes 'Bo Li', which is not in the text"),
        ({"exact": "came"}, "quotes 'came', which is in the text more than once; expected a prefix"),
        ({"type": "CssSelector"}, "has neither a position nor a quote"),
    ],
)
def test_web_annotation_that_fits_nowhere_is_a_fault(faults, quote, message):
    (fault,) = faults(a_txt=TEXT, a_jsonld=json.dumps({"id": "#7", "target": {"selector": quote}}))

    assert fault.startswith(f"The annotation #7 {message}")


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (
            {"text": "Ann is", "spans": [{"start": 0, "end": 3, "label": "A"}, {"start": 1}]},
            "A span is {'start': 1}; expected `start`, `end` and `label`.",
        ),
        (
            {"text": "Ann is", "label": [[0, 3, "A"], [0, "x", "A"]]},
            "A span is [0, 'x', 'A']; expected its start, its end and its label.",
        ),
        (
            {"tokens": ["Ann", "is"], "ner_tags": [1, 0]},
            "`ner_tags` holds '1'; expected names of tags, such as B-PER, I-PER and O.",
        ),
        (
            {"data": {"n": 1}, "annotations": []},
            "The `data` of the task holds no text; expected `text`.",
        ),
    ],
)
def test_bad_record_of_a_tool_is_a_fault_and_costs_only_itself(faults, tmp_path, record, message):
    good = {"text": "Bo is", "label": [[0, 2, "PER"]]}

    assert faults(a_jsonl=f"{json.dumps(record)}\n{json.dumps(good)}\n") == [message]
    assert [article.title for article in read_folder(tmp_path)[0]] == ["Bo is"]


def test_conll_without_tags_names_the_line(faults):
    assert faults(a_conll="Ann NNP x\nis VB y\n") == [
        "No column holds tags such as B-PER and O in 'Ann NNP x'; expected one."
    ]


def test_changed_annotations_change_the_fingerprint_of_their_text(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.ann").write_text("T1\tPer 14 21\tAnn Lee\n")
    (before,) = scan([tmp_path]).files
    (tmp_path / "a.ann").write_text("T1\tPer 14 17\tAnn\n")
    (after,) = scan([tmp_path]).files

    assert before.fingerprint != after.fingerprint


def test_types_of_a_folder_say_what_its_labels_mean(tmp_path):
    (tmp_path / "defaults.yaml").write_text("types:\n  Victim: person\n  ORG: group\n")
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.ann").write_text("T1\tVictim 14 21\tAnn Lee\nT2\tORG 30 35\tMinsk\n")
    (article,), _ = read_folder(tmp_path)

    assert [(mention.type, mention.label) for mention in article.mentions] == [("person", "Victim"), ("group", "ORG")]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("types: [a]", "`types` is not a mapping of words to words; expected lines such as `Victim: person`."),
        ("types: {Victim: human}", "`types` maps 'Victim' to 'human'; expected one of person, organization, place"),
        ("columns: {Lead: lede}", "`columns` maps 'Lead' to 'lede'; expected one of id, title"),
    ],
)
def test_wrong_option_of_a_folder_is_a_fault(faults, option, message):
    (fault,) = faults(defaults_yaml=option, a_txt=TEXT)

    assert fault.startswith(message)


def test_text_whose_lines_end_in_capital_o_is_no_conll(tmp_path):
    (tmp_path / "a.txt").write_text("Notes on carbon\n\nThe word is CO\nAnd vitamin O\nIs O\nIt went on O\nHello.\n")
    (article,), _ = read_folder(tmp_path)

    assert article.title == "Notes on carbon"


def test_conll_document_without_entities_has_none(tmp_path):
    (tmp_path / "a.conll").write_text("Rain NN B-NP O\nfalls VB B-VP O\n")
    (article,), findings = read_folder(tmp_path)

    assert (article.title, article.mentions, article.annotate, findings) == ("Rain falls", (), False, [])
