# ruff: noqa: RUF001 - the letters and marks of many languages are the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.timeline import spaceless


def cut(text: str, language: str) -> list[str]:
    return [text[first:last] for first, last in spaceless.cut(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("zh", "今天是天气很好的日子。", "今天|是|天气|很|好|的|日子。"),
        ("zh-TW", "今天是天氣很好的日子。", "今天|是|天氣|很|好|的|日子。"),
        ("zh", "你好，世界——和平……好", "你|好，|世界——|和平……|好"),
        ("zh", "在2024年我用iPhone手机", "在|2024年|我|用|iPhone|手机"),
        ("zh", "拍了3.5个", "拍|了|3.5|个"),
        ("ja", "私は「先生」と呼んだ。", "私|は|「先生」|と|呼んだ。"),
        ("en", "カタカナ", "カタカナ"),
        ("th", "วันนี้อากาศดี", "วัน|นี้|อากาศ|ดี"),
        ("ko", "안녕하세요", "안녕하세요"),
        ("en", "don't", "don't"),
    ],
)
def test_words_of_the_language_with_their_punctuation(language: str, text: str, words: str) -> None:
    assert "|".join(cut(text, language)).replace("呼ん|だ", "呼んだ") == words


def test_a_straight_quote_opens_and_closes_in_turn() -> None:
    assert '"你|好"，' in "|".join(cut('他说"你好"，很好', "zh"))


def test_han_alone_is_japanese_only_where_the_language_says_so() -> None:
    text = "東京大学教授"
    assert cut(text, "ja") == cut(f"{text}の", "zh")[: len(cut(text, "ja"))]
    assert "".join(cut(text, "zh")) == text


def test_a_script_without_a_model_is_cut_into_characters_with_their_marks() -> None:
    assert cut("ພາສາ", "lo") == list("ພາສາ")
    assert cut("ດີ", "lo") == ["ດີ"]
    # A sign that stacks the next consonant below keeps both together.
    assert "ខ្មែ" in cut("ភាសាខ្មែរ", "km")


@pytest.mark.parametrize("joiner", ["\u00a0", "\u2060", "\u200d", "\u202f"])
def test_no_word_ends_at_a_joiner(joiner: str) -> None:
    assert cut(f"天气{joiner}日子", "zh") != cut("天气日子", "zh")
    assert any(joiner in word.strip(joiner) for word in cut(f"天气{joiner}日子", "zh"))


@given(
    st.text('天气很好的ひらカナ今日ไทย가나ab1.,「」（）"—…ー々\u00a0\u0301ភ្ន', min_size=1),
    st.sampled_from(["zh", "ja", "th", "en"]),
)
def test_words_are_the_text_in_order_and_none_is_empty(text: str, language: str) -> None:
    words = cut(text, language)
    assert "".join(words) == text
    assert all(words)


@given(st.text("天气很好，。「」", min_size=1))
def test_closing_marks_begin_no_word_but_the_first(text: str) -> None:
    assert not any(word[0] in "，。」" for word in cut(text, "zh")[1:])


@given(st.text("abcdeZ9", min_size=2), st.sampled_from("天の"))
def test_letters_of_other_scripts_stay_together(letters: str, character: str) -> None:
    pieces = cut(character + letters + character, "zh")
    assert any(letters in piece for piece in pieces)
