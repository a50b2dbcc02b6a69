"""Offsets of annotation tools, in any unit, mark the same words in the article."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.annotation_writers import (
    to_doccano,
    to_label_studio,
    write_brat,
    write_conllu,
    write_naf,
    write_web_annotation,
    write_xmi,
)
from tests.support.golden import read_folder

FEW = settings(max_examples=25)

WORDS = st.text(st.sampled_from("aé٣ש中😀𝒜-."), min_size=1, max_size=5).filter(lambda word: word.strip(".-"))


@st.composite
def annotated_texts(draw):
    """Return a text of paragraphs of words, and spans of whole words that do not cross paragraphs."""
    text, spans = "A title", []
    for words in draw(st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=3)):
        text += "\n\n"
        borders = []
        for word in words:
            borders.append((len(text), len(text) + len(word)))
            text += word + " "
        text = text[:-1]
        first = draw(st.integers(0, len(words) - 1))
        last = draw(st.integers(first, len(words) - 1))
        spans.append((borders[first][0], borders[last][1], draw(st.sampled_from(["PER", "X_1"])), None))
    return text, spans


def read_words(folder):
    """Return what is marked in the one article of a folder, with its label."""
    (article,), findings = read_folder(folder)

    assert findings == []
    return [
        ("".join(article.paragraphs[mention.paragraph].text[mention.start : mention.end].split()), mention.label)
        for mention in article.mentions
    ]


def mark_words(text, spans):
    """Return what spans mark, with their labels, in the order of the text."""
    return [("".join(text[start:end].split()), label) for start, end, label, _ in spans]


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "utf8"])
@pytest.mark.parametrize("write", [write_brat, write_web_annotation, write_naf])
def test_standoff_offsets_are_recognised_in_every_unit(write, unit, tmp_path_factory):
    @FEW
    @given(annotated_texts())
    def check(annotated):
        folder = tmp_path_factory.mktemp("standoff")
        write(folder, "a", *annotated, unit)

        assert read_words(folder) == mark_words(*annotated)

    check()


@pytest.mark.parametrize(("start", "end"), [(10, 14), (11, 15), (13, 17)])
def test_offsets_without_the_marked_words_are_recognised_by_words_that_they_do_not_cut(start, end, tmp_path):
    record = {"text": "A bridge\U0001f309 Kari cut the ribbon.", "label": [[start, end, "PER"]]}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))

    assert read_words(tmp_path) == [("Kari", "PER")]


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "utf8"])
def test_label_studio_offsets_are_recognised_in_every_unit(unit, tmp_path_factory):
    @FEW
    @given(annotated_texts())
    def check(annotated):
        folder = tmp_path_factory.mktemp("tasks")
        (folder / "a.json").write_text(json.dumps(to_label_studio("a", *annotated, unit)))

        assert read_words(folder) == mark_words(*annotated)

    check()


def test_doccano_offsets_are_code_points(tmp_path_factory):
    @FEW
    @given(annotated_texts())
    def check(annotated):
        folder = tmp_path_factory.mktemp("records")
        (folder / "a.json").write_text(json.dumps(to_doccano("a", *annotated)))

        assert read_words(folder) == mark_words(*annotated)

    check()


def test_tokens_of_conllu_keep_their_spans(tmp_path_factory):
    @FEW
    @given(annotated_texts())
    def check(annotated):
        folder = tmp_path_factory.mktemp("tokens")
        write_conllu(folder, "a", *annotated)

        assert read_words(folder) == mark_words(*annotated)

    check()


def test_offsets_in_xmi_are_utf_16(tmp_path_factory):
    @FEW
    @given(annotated_texts())
    def check(annotated):
        folder = tmp_path_factory.mktemp("xmi")
        write_xmi(folder, "a", *annotated)

        assert read_words(folder) == mark_words(*annotated)

    check()
