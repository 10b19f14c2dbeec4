# ruff: noqa: RUF001 - typographic punctuation is the point
from __future__ import annotations

import numpy as np
import pytest
from fakes.spoken import speak

from aligner.captions import breaks, script, sentences
from aligner.captions.profiles import Weights

WEIGHTS = Weights()


def weigh(text: str, language: str, pauses: dict[int, float] | None = None) -> breaks.Breaks:
    words = speak(text)
    spans = breaks.Spans(np.array([word.span[0] for word in words]), np.array([word.span[1] for word in words]))
    paragraph = sentences.last_of_paragraphs(text, spans.begins)
    whole = script.whole(text, language)
    ends = sentences.last_words(whole.ends(-1), spans.stops) | paragraph
    pause = np.array([(pauses or {}).get(index, 0) for index in range(len(words))], np.float32)
    sides = breaks.look(whole, breaks.Vocabulary([word.text for word in words]), spans, ends)
    return breaks.weigh(sides, paragraph, pause, WEIGHTS)


def cost(text: str, language: str = "en") -> float:
    """What the break at ``|`` costs as a cue's end."""
    before, _, after = text.partition("|")
    glued = language in {"zh", "ja"}
    whole = before + after if glued else f"{before.rstrip()} {after.lstrip()}"
    return float(weigh(whole, language).cue[len(speak(before)) - 1])


BAD = [
    ("en", "he saw the | house"),
    ("en", "he saw a | beautiful house"),
    ("en", "then he | went"),
    ("en", "they have | gone"),
    ("en", "did not | see"),
    ("en", "the end of | the story"),
    ("en", "he wants to | go"),
    ("en", "salt and | pepper"),
    ("en", "he said that | nobody came"),
    ("en", "it was Mr. | Smith"),
    ("en", "the great Sherlock | Holmes"),
    ("en", "it was John | F. Kennedy"),
    ("en", "about 25 | miles away"),
    ("en", "it is 20 | °C"),
    ("en", "see page | 12 again"),
    ("en", "my | house"),
    ("en", "that he’s | gone"),
    ("de", "er sah das | Haus"),
    ("de", "er hat | gesehen"),
    ("de", "mit seinem | Hut"),
    ("de", "wo Herr | Müller wohnt"),
    ("de", "weil er es gesehen | hatte, ging er"),
    ("de", "am 3. | Mai"),
    ("de", "dort stand Karl | Müller"),
    ("fr", "devant la | maison"),
    ("fr", "il ne | vient"),
    ("fr", "il dit qu’il | viendra"),
    ("fr", "il dit « | oui »"),
    ("fr", "il dit « oui | »"),
    ("es", "en la | casa"),
    ("it", "nella | casa"),
    ("pt", "na | casa"),
    ("nl", "in het | huis"),
    ("pl", "w | domu"),
    ("ru", "в | доме"),
    ("sv", "i ett | hus"),
    ("zh", "我看见了一个人|的房子"),
    ("zh", "他住在北|京大学"),
    ("ja", "私|は学生です。"),
    ("ja", "「|はい」といった"),
]


@pytest.mark.parametrize(("language", "text"), BAD)
def test_bad_breaks(language: str, text: str) -> None:
    assert cost(text, language) >= WEIGHTS.bad


GOOD = [
    ("en", "he saw the house | and went in"),
    ("en", "he saw the house | in the wood"),
    ("en", "he went, | she stayed"),
    ("en", "it was over; | nobody spoke"),
    ("en", "in the year 1999 | the war began"),
    ("en", "the old house | which he saw"),
    ("en", "“Yes,” | he said"),
    ("de", "er sah das Haus | und ging"),
    ("de", "er sah das Haus, | das dort stand"),
    ("fr", "il regarde la maison | dans la forêt"),
    ("zh", "他看见了房子，|就走了"),
    ("ja", "私は学生ですが、|あなたは"),
]


@pytest.mark.parametrize(("language", "text"), GOOD)
def test_good_breaks(language: str, text: str) -> None:
    assert cost(text, language) < WEIGHTS.weak


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a beautiful | house"),
        ("en", "an old | man"),
        ("en", "so very | tired"),
        ("en", "“Well,” said | he, and left"),
        ("en", "that showed | me nothing"),
        ("de", "eine schöne | Frau"),
        ("en", "Yesterday | Peter came"),
        ("en", "he left and, | when it was late, came back"),
    ],
)
def test_weak_breaks(language: str, text: str) -> None:
    assert WEIGHTS.weak <= cost(text, language)


def test_the_order_of_good_breaks() -> None:
    texts = (
        "They went home. | Nobody spoke again",
        "They went home; | nobody spoke again",
        "They went home, | nobody spoke again",
        "They went home | and nobody spoke",
        "They went home | because nobody spoke",
        "They went home | without speaking",
        "They went home | the same evening",
        "They went home | yesterday evening",
        "They saw old | houses",
        "They saw the | houses",
    )
    costs = [cost(text) for text in texts]
    assert costs == sorted(costs)
    assert len(set(costs)) == len(costs)
    assert costs[0] == 0


def test_a_pause_makes_a_break_better() -> None:
    text = "They went home yesterday evening"
    plain, paused = weigh(text, "en"), weigh(text, "en", {2: 0.4})
    assert paused.cue[2] == pytest.approx(plain.cue[2] / 2)
    assert paused.cue[1] == plain.cue[1]


def test_a_paragraphs_end_is_no_place_for_a_line_break() -> None:
    found = weigh("Chapter one\nThe end", "en")
    assert found.cue[1] == 0
    assert np.isinf(found.line[1])
    assert found.sentence.tolist() == [False, True, False, True]


def test_a_language_without_words_breaks_by_punctuation() -> None:
    text = "aaa bbb, ccc ddd! eee"
    assert weigh(text, "tlh").cue.argsort()[:2].tolist() in ([4, 1], [4, 3], [3, 4])


def test_spaces_end_phrases_in_scripts_without_spaces() -> None:
    found = weigh("使用 Python 编程", "zh")
    assert [word.text for word, bad in zip(speak("使用 Python 编程"), found.bad, strict=True) if bad] == ["使", "编"]


def test_one_word_has_no_inner_break() -> None:
    assert weigh("Yes", "en").cue.tolist() == [0]
    assert weigh("好", "zh").sentence.tolist() == [True]
