"""Chinese characters as pinyin."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server.text.normalization import romanize

_characters = st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.sampled_from("你好世界〇 a,。🙂𠀀")


def test_each_character_has_its_reading() -> None:
    assert romanize("你好, world 世界") == ((0, 1, "nǐ"), (1, 2, "hǎo"), (10, 11, "shì"), (11, 12, "jiè"))


def test_a_phrase_decides_how_its_characters_are_read() -> None:
    assert romanize("重庆") == ((0, 1, "chóng"), (1, 2, "qìng"))
    assert romanize("重要") == ((0, 1, "zhòng"), (1, 2, "yào"))


def test_other_scripts_have_none() -> None:
    assert romanize("Hello, ひらがな 한국 123") == ()
    assert romanize("") == ()


@given(st.text(_characters, max_size=300))
@settings(max_examples=50, deadline=None)
def test_stretches_ascend_and_are_one_character_each(text: str) -> None:
    place = 0
    for start, stop, said in romanize(text):
        assert place <= start == stop - 1
        assert said
        assert not any("\u4e00" <= character <= "\u9fff" for character in said)
        place = stop


def test_long_runs_are_read_to_the_end() -> None:
    assert len(romanize("好" * 1000)) == 1000
