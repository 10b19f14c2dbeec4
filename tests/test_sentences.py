# ruff: noqa: RUF001 - the letters and marks of many languages are the point
from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aligner import sentences

LANGUAGES = ("en", "de", "fr", "zh", "ja", "ru", "th", "xx", "", "de-AT", "zh_Hans")

PIECES = st.sampled_from([
    "Dr. ", "3.14", "e.g. ", "z. B. ", "Nr. 5", "...", "……", "“Go!” ", "»Ja?« ", "« Oui ! » ", "'tis ", "(Why?) ",
    "[1]",
    "。", "！？」", "「好。」", "U.S. ", "\n", "\n\n", " ", "\u00a0", "\t",
    "word ", "Word ", "😀", "e\u0301", ".", "?", "!", '"', "’",
])  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


def split(text: str, language: str) -> list[str]:
    ends = sentences.ends(text, language)
    return [text[a:b].strip() for a, b in zip((0, *ends), ends, strict=False)]


@given(TEXTS, st.sampled_from(LANGUAGES))
@example("“" * 50 + "a.", "en")
@example("«\u00a0Non\u00a0!\u00a0» ", "fr")
def test_ends_ascend_and_follow_a_character_that_is_not_white_space(text: str, language: str) -> None:
    ends = sentences.ends(text, language)
    assert list(ends) == sorted(set(ends))
    assert all(0 < end <= len(text) and not text[end - 1].isspace() for end in ends)


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_every_line_with_something_in_it_ends_a_sentence(text: str, language: str) -> None:
    ends = set(sentences.ends(text, language))
    place = 0
    for line in text.split("\n"):
        if line.strip():
            assert place + len(line.rstrip()) in ends
        place += len(line) + 1


@given(TEXTS, TEXTS, st.sampled_from(LANGUAGES))
def test_paragraphs_do_not_know_of_each_other(first: str, second: str, language: str) -> None:
    joined = sentences.ends(f"{first}\n{second}", language)
    shifted = tuple(len(first) + 1 + end for end in sentences.ends(second, language))
    assert joined == sentences.ends(first, language) + shifted


# Each "|" is a sentence end; nothing else is.
CASES = [
    ("en", "Dr. Smith met Mr. and Mrs. Jones.| Ms. Okafor left at 5 p.m. yesterday."),
    ("en", "It cost 3.14 dollars, e.g. in the U.S. market, i.e. here.| That was cheap."),
    ("en", "J. R. R. Tolkien wrote it.| See example.org for more.| Take No. 5 now."),
    ("en", "Well... maybe not.| Well...| Maybe.| Wait… what now?| Wait…| Come."),
    ("en", "“Go!” she said.| “Really?”| He left.| (Why?) he asked.| “No.”| She stayed."),
    ("en", "‘Go!’ she said.| The dogs’ home.| Don't go."),
    ("en", "“I came.| I saw.| I won,” he said.| He said “Stop.”| Then he left."),
    ("en", "He was “unbalanced.| Then he left.| It goes on."),
    ("en", "Vol. 3 is out.| See Eq. 4 and Sec. 5, approx. 20 pages.| It is 5.| Then 6."),
    ("en", "1. First item.| 2. Second item."),
    ("en", "This is so.[1]| Next one (see Fig. 3) is 50%.| AT&T.| I <3 you!| He left (or did he?) London."),
    ("en", "It works.| iPhone users know.| Use .NET now.| Done!!!| What?!| Yes."),
    ("en", "Hé 😀 “Go!” she said.| 𝒜 next one.| End"),
    ("en", "all in small letters.| it is so.| nobody cares"),
    ("de", '"Was?" fragte er.| Am 3. Oktober kam er, z. B. mit Nr. 5, d. h. spät.'),
    ("de", "»Ja?« sagte er.| Er ging.| »Nein!«| Dann kam sie.| „Komm!“, rief sie.| „Gut.“| Ende."),
    ("de-AT", "Der 3. Mann kam im 19. Jahrhundert.| Er war 3.| Dann ging er um 14.30 Uhr."),
    ("de", "Das ist z.B. Hans, inkl. Steuer, geb. Schmidt.| Am 24. Dezember ist frei."),
    ("fr", "M. Dupont est là.| Il dit : « Non ! »| Puis il partit.| « Quoi ? » demanda-t-il."),
    ("fr", "«\u00a0Non\u00a0!\u00a0»| J.-C. Dupont partit."),
    ("es", "¿Qué?| ¡Hola!| El Sr. López y la Dra. Díaz, p. ej. Ana.| Adiós."),
    ("it", "Il Sig. Rossi, pag. 5.| La Dott.ssa Verdi."),
    ("ru", "А. С. Пушкин, ул. Ленина, рис. 5.| Он ушёл.| «Да?» — спросил он."),
    ("nl", "Mevr. Bos en Dhr. Jansen.| Ze gaan."),
    ("pl", "Prof. Nowak, tj. Jan.| Potem."),
    ("zh", "他来了。|3个人走了！|“你好吗？”|他问。|我说：「好。」|然后走了。。"),
    ("zh-Hans", "价格是3.14元。|“真的吗？”|“真的。”|……然后呢……好吧。|他说“好。|走吧！”|完"),
    ("ja", "彼は来た。|3人だ。|「行くぞ！」|と言った。|終わり？|はい。"),
    ("ko", "그는 갔다.| 3.14입니다.| 정말?| 네."),
    ("hi", "यह है।| वह था।"),
    ("ar", "كيف حالك؟| أنا بخير."),
    ("xx", "Dr. Smith left.| Then 3.14."),
    ("", "Hello.| World."),
    ("en", "A heading|\nA line.| Another|\n\n  Indented"),
]


@pytest.mark.parametrize(("language", "marked"), CASES)
def test_sentences(language: str, marked: str) -> None:
    if marked[-1] != "|":
        marked += "|"
    assert split(marked.replace("|", ""), language) == [piece.strip() for piece in marked.split("|")[:-1]]


@pytest.mark.parametrize("unit", ["“a. ", '"a. ', "«a. ", "「a。", "(", '"', "。", "...", "1. ", "\u00a0» . ", ". ("])
def test_a_long_run_of_anything_is_cut_in_one_pass(unit: str) -> None:
    # The quotes alone took sentencex minutes at this length: a quadratic step would hang here.
    text = unit * 50_000
    assert sentences.ends(text, "en")[-1] == len(text.rstrip())


def test_a_paragraph_of_many_pages_ends_where_its_sentences_do() -> None:
    marked = (
        "The quick brown fox met Dr. Smith at 3.14 p.m. today.| “Go!” she said.| It ran. |".replace(". |", ".| ")
        * 1_000
    )
    assert len(split(marked.replace("|", ""), "en")) == marked.count("|")


def test_nothing_to_end() -> None:
    assert sentences.ends("", "en") == ()
    assert sentences.ends(" \n\t\n ", "en") == ()


def told(text: str, language: str, steps: list[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """The ends of a text that comes in pieces of these sizes; and after each, how much is settled and known."""
    finder, place, settled = sentences.Ends(language), 0, []
    for step in [*steps, len(text)]:
        piece = text[place : place + step]
        place += len(piece)
        finder.read(piece, last=place == len(text))
        before = list(finder.found)
        finder.look()
        assert finder.found[: len(before)] == before
        settled.append((finder.settled, len(finder.found)))
    return finder.found, settled


@given(TEXTS, st.sampled_from(LANGUAGES), st.lists(st.integers(1, 60)))
def test_ends_of_a_growing_text_are_those_of_the_whole(text: str, language: str, steps: list[int]) -> None:
    found, settled = told(text, language, steps)
    assert tuple(found) == sentences.ends(text, language)
    for place, count in settled:
        assert count == sum(end <= place for end in found)


LONG = "She saw it (all of it). “Dr. Brown,” he said, “is in the U.S. now.” It cost 3.14 dollars… Was it so? "


@pytest.mark.parametrize(
    "piece", [LONG, LONG.lower(), "因为他说（好的）。「不！」3.14元。", f"{LONG}\n", "a :( b. C " + LONG]
)
def test_ends_of_a_long_growing_text_are_told_soon(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    found, settled = told(text, "zh" if "他" in piece else "en", [100] * (len(text) // 100))
    assert tuple(found) == sentences.ends(text, "zh" if "他" in piece else "en")
    behind = [100 * (index + 1) - place for index, (place, _) in enumerate(settled)]
    assert max(behind[5:]) < 500
    assert sorted(behind)[len(behind) // 2] < 150


def test_an_end_waits_for_what_may_change_it() -> None:
    finder = sentences.Ends("en")
    finder.read("He saw Dr. Brown. ")
    finder.look()
    assert finder.found == []
    finder.read("Then he went home, and nothing was heard of him again. ")
    finder.look()
    assert finder.found == [17]
    assert finder.settled >= 17
