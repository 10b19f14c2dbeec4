from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.documents.frontmatter import split
from aligner.errors import DocumentError
from aligner.model import FrontMatter, VoiceSettings


def front(block: str) -> FrontMatter:
    return split(f"---\n{block}\n---\nBody", "a.md")[0]


def test_every_key() -> None:
    matter, body, lines = split(
        "---\ntitle: Not spoken\nvoice: gmw/en-US\nlanguage: en-GB\nprofile: bbc\nmodel: eleven_flash_v2_5\nseed: 7\n"
        "stability: 0.5\nsimilarity_boost: 1\nstyle: 0\nuse_speaker_boost: false\nspeed: 1.1\n"
        "ssml: yes\nnormalize: On\n---\n\nBody\n",
        "a.md",
    )
    assert matter == FrontMatter(
        voice="gmw/en-US",
        language="en-GB",
        profile="bbc",
        model="eleven_flash_v2_5",
        seed=7,
        ssml=True,
        normalize="on",
        voice_settings=VoiceSettings(0.5, 1.0, 0.0, use_speaker_boost=False, speed=1.1),
    )
    assert body == "\nBody\n"
    assert lines == 15


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Body",
        "---",
        "---\n\nHe left.\n",
        "---\nHe left.\n---\nThen he came back.",
        "---\nvoice: x\nand no end",
        "\n---\nvoice: x\n---\n",
        "--- \nHe said: no.\nNobody heard it.\n---\n",
        "----\nvoice: x\n---\n",
        "---\n# only a comment\n---\n",
    ],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    assert split(text, "a.txt") == (FrontMatter(), text, 0)


@given(st.text())
def test_no_text_is_lost_or_crashes(text: str) -> None:
    try:
        _, body, lines = split(f"---\n{text}", "a.txt")
    except DocumentError as error:
        assert error.place.startswith("a.txt, line ")  # noqa: PT017 - most texts raise nothing
    else:
        assert f"---\n{text}".endswith(body)
        assert f"---\n{text}".count("\n") >= lines


@pytest.mark.parametrize("end", ["---", "...", "---  "])
def test_the_closing_line(end: str) -> None:
    assert split(f"---\nvoice: x\n{end}\nBody", "a.md") == (FrontMatter(voice="x"), "Body", 3)
    assert split(f"---\nvoice: x\n{end}", "a.md") == (FrontMatter(voice="x"), "", 3 - 1)


@pytest.mark.parametrize(("typed", "meant"), [("no", "no"), ("'de-AT'", "de-AT"), ("zh-Hans-CN", "zh-Hans-CN")])
def test_a_language_is_never_a_truth_value(typed: str, meant: str) -> None:
    assert front(f"language: {typed}").language == meant


def test_a_voice_keeps_its_zeros_and_a_comment_is_none_of_it() -> None:
    assert front("voice: 0123 # the old one\n# nothing\n").voice == "0123"


@pytest.mark.parametrize("empty", ["", " ", " ~", " null"])
def test_an_empty_value_names_nothing(empty: str) -> None:
    assert front(f"voice:{empty}\nlanguage: en") == FrontMatter(language="en")


@pytest.mark.parametrize(
    ("typed", "meant"), [("yes", True), ("True", True), ("on", True), ("off", False), ("NO", False)]
)
def test_a_switch(typed: str, meant: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert front(f"use_speaker_boost: {typed}").voice_settings.use_speaker_boost is meant


@pytest.mark.parametrize(
    ("block", "line", "words"),
    [
        ("voise: x", 2, "did you mean voice?"),
        ("language: en\nVoice: x", 3, "did you mean voice?"),
        ("similarity-boost: 0.5", 2, "did you mean similarity_boost?"),
        ("language: klingon speech", 2, "a language tag such as"),
        ("language: e", 2, "a language tag such as"),
        ("seed: -1", 2, "a whole number from 0 to 4294967295"),
        ("seed: 4294967296", 2, "a whole number"),
        ("seed: 1.5", 2, "a whole number"),
        ("seed: '²'", 2, "a whole number"),
        ("stability: 1.01", 2, "a number from 0 to 1; found '1.01'"),
        ("style: .nan", 2, "a number from 0 to 1"),
        ("style: nan", 2, "a number from 0 to 1"),
        ("speed: 0.5", 2, "a number from 0.7 to 1.2"),
        ("speed: fast", 2, "a number from 0.7 to 1.2"),
        ("use_speaker_boost: 2", 2, "true or false"),
        ("ssml: perhaps", 2, "true or false"),
        ("normalize: yes", 2, "auto, on or off"),
        ("voice: [a, b]", 2, "one value, not a list"),
        ("voice:\n  name: x", 2, "one value, not a list"),
        ('voice: ""', 2, "a name"),
        ("voice: a\nvoice: b", 3, "voice stands twice"),
        ('language: en\nvoice: "a', 4, "not valid YAML"),
        ("voice: &a *b", 2, "not valid YAML"),
        ("voice: " + "[" * 10_000, 2, "not valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(block: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        front(block)
    assert caught.value.place == f"a.md, line {line}"
    assert words in str(caught.value)


def test_keys_of_other_programs_are_left_alone() -> None:
    matter, text, _ = split("---\ndate: 2024-01-01\ntags: [a, b]\nauthor:\n  name: X\nvoice: de\n---\nHello.", "a.md")
    assert (matter, text) == (FrontMatter(voice="de"), "Hello.")
