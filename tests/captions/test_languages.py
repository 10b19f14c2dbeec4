from __future__ import annotations

from importlib.resources import files

import pytest

from aligner.captions import languages
from aligner.captions.languages import Mark

SHIPPED = sorted(
    file.name.removesuffix(".toml") for file in (files("aligner.captions") / "languages").iterdir() if file.is_file()
)
SPACED = ["de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru"]


@pytest.mark.parametrize(
    ("tag", "key"),
    [
        ("en", "en"),
        ("de-AT", "de"),
        ("de_AT", "de"),
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("cmn", "zh"),
        ("cmn-Hans-CN", "zh"),
        ("zh-Hant", "zh-hant"),
        ("zh-Hant-TW", "zh-hant"),
        ("zh-TW", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("PT-br", "pt"),
        ("xx", "xx"),
    ],
)
def test_base(tag: str, key: str) -> None:
    assert languages.base(tag) == key


@pytest.mark.parametrize("code", SHIPPED)
def test_every_file_loads_and_names_its_source(code: str) -> None:
    assert languages.load(code).code == code
    text = (files("aligner.captions") / "languages" / f"{code}.toml").read_text("utf-8")
    assert text.startswith("# ")
    assert "Source:" in text or code == "th"


@pytest.mark.parametrize("code", SPACED)
@pytest.mark.parametrize("mark", [Mark.DETERMINER, Mark.PREPOSITION, Mark.CONJUNCTION, Mark.SUBORDINATOR, Mark.TITLE])
def test_the_great_languages_know_each_class(code: str, mark: Mark) -> None:
    assert sum(1 for marks in languages.load(code).words.values() if marks & mark) >= 5


@pytest.mark.parametrize("code", SHIPPED)
def test_words_are_written_as_they_are_looked_up(code: str) -> None:
    assert all(word == word.lower().replace("’", "'") for word in languages.load(code).words)  # noqa: RUF001 - an apostrophe


def test_a_word_may_be_of_several_classes() -> None:
    no = languages.load("en").words["no"]
    assert no & Mark.NEGATION
    assert no & Mark.LABEL


def test_a_language_without_a_file_knows_nothing() -> None:
    assert languages.load("tlh").words == {}
    assert languages.load("tlh").phrases == ""
