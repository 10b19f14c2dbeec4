"""A second opinion on captions: strict, pro and the rest, measured from what a viewer gets.

Nothing of the builder is used, so that a mistake there cannot hide here: limits, word lists and arithmetic are this
module's own. Times are whole milliseconds, as SRT and the timing JSON have them.
"""

# ruff: noqa: RUF001 - the quotes and full stops of many languages are the point
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Netflix, verbatim: characters a line, characters a second; Chinese and Japanese lines in full-width columns.
LIMITS = {"zh": (16, 11), "ja": (13, 7), "ko": (16, 14), "ar": (42, 23), "hi": (42, 25), "th": (35, 20)}
OTHERS = (42, 20)
FRAME = 1000 / 24

LEANING = {
    "en": """
        a an the my your his her its our their of in on at to for from with by into onto upon about between through
        during without within under over and or but nor because although that which who whose if when while as than is
        are was were be been am has have had do does did will would shall should can could may might must not mr mrs
        dr i he she we they every each no
    """,
    "de": """
        der die das den dem des ein eine einen einem einer eines mein meine meinen meinem seine seinen seinem seiner
        ihre ihren ihrem ihrer unser unsere in im an am auf aus bei beim mit nach von vom vor zu zum zur für durch
        gegen ohne um über unter zwischen und oder aber denn daß dass weil wenn ob ist sind war waren hat haben hatte
        hatten wird werden wurde kann konnte muß muss soll nicht kein keine keinen herr frau dr ich er wir
    """,
    "fr": """
        le la les un une des du de au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur
        leurs à en dans sur sous avec pour par sans chez entre vers et ou mais ni que qui dont si quand comme est sont
        était a ont avait sera ne pas je tu il elle nous vous ils elles on m mme
    """,
    "es": """
        el la los las un una unos unas de del al a en con por para sin sobre entre hasta desde y e o u pero ni que si
        cuando como mi mis tu tus su sus nuestro nuestra este esta estos estas ese esa es son era está ha han había no
        yo él ella señor sr sra dr
    """,
    "zh": "在 从 把 被 对 向 和 与 而 或 因为 如果 虽然 的话 这 那 每 是 不 没有",
    "ja": "この その あの どの そして また",
}
PARTICLES = {
    "zh": frozenset("的了着过吗呢吧啊们"),
    "ja": frozenset("はがをにへとでもの"),
}
NO_START = frozenset("。、，．！？：；」』）】》〉…ーっゃゅょッャュョ々,.!?:;)]}”’")
NO_END = frozenset("「『（【《〈“‘([{")
END_OF_PHRASE = re.compile(r"""[.,;:!?…。，、！？：；—–-][\"'”’»«“‘)\]」』）》】]*$|[)\]」』）》】”»]$""")


@dataclass(frozen=True, slots=True)
class Heard:
    """A word as it is heard; milliseconds."""

    text: str
    start: int
    end: int
    stop: int
    """One past its last code point in the text."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A cue as it is shown; milliseconds, and the half open range of its words."""

    start: int
    end: int
    lines: tuple[str, ...]
    words: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares in per cent."""

    cues: int
    strict: float
    pro: float
    mid_phrase: float
    sentence_ends: float
    """Sentence ends that are cue ends."""
    bad: float
    """Of all breaks: cue ends inside sentences' paragraphs and line ends."""
    mixed: float

    def __str__(self) -> str:
        values = (f"{field.name} {getattr(self, field.name):.1f}" for field in fields(self)[1:])
        return f"{self.cues} cues: {', '.join(values)}"


def score(words: Sequence[Heard], cues: Sequence[Shown], sentence_ends: Iterable[int], language: str) -> Score:
    """Judge the cues of one text; ``sentence_ends`` are indices of the words that end a sentence."""
    ends = set(sentence_ends)
    strict = [not any(faults(cue, after, language)) for cue, after in zip(cues, [*cues[1:], None], strict=True)]
    breaks = [bad_breaks(cue, words, ends, language) for cue in cues]
    pro = [good and in_sync(cue, words) and not any(bad) for good, cue, bad in zip(strict, cues, breaks, strict=True)]
    flat = [bad for of_cue in breaks for bad in of_cue]
    closing = {cue.words[1] - 1 for cue in cues}
    return Score(
        cues=len(cues),
        strict=_share(strict),
        pro=_share(pro),
        mid_phrase=_share(not END_OF_PHRASE.search(words[last].text) for last in sorted(closing)),
        sentence_ends=_share(end in closing for end in sorted(ends)),
        bad=_share(flat),
        mixed=_share(_mixes(cue, ends) for cue in cues),
    )


def faults(cue: Shown, after: Shown | None, language: str) -> list[str]:
    """Which strict limits a cue breaks."""
    width, speed = LIMITS.get(language[:2], OTHERS)
    length = cue.end - cue.start
    gap = after.start - cue.end if after else 10_000
    characters = sum(letters(line) for line in cue.lines)
    checks = {
        "width": any(wide(line, language) > width for line in cue.lines),
        "lines": len(cue.lines) > 2,
        "short": length < 833,
        "long": length > 7000,
        "fast": length <= 0 or characters * 1000 > speed * length,
        "overlap": gap < 0,
        "gap": gap < 83 or 84 < gap < 500,
    }
    return [name for name, broken in checks.items() if broken]


def in_sync(cue: Shown, words: Sequence[Heard]) -> bool:
    """Whether it comes within 3 frames of its sound, and goes at most 3 frames early and 0.5 s late without need."""
    sound = words[cue.words[0]].start, max(word.end for word in words[slice(*cue.words)])
    late = cue.end - sound[1]
    needed = cue.end - cue.start <= 834
    return abs(cue.start - sound[0]) <= 3 * FRAME and late >= -3 * FRAME and (late <= 500 or needed)


def bad_breaks(cue: Shown, words: Sequence[Heard], ends: set[int], language: str) -> list[bool]:
    """For each break of a cue (between its lines, and at its end), whether it cuts what belongs together."""
    places = [cue.words[1] - 1]
    if len(cue.lines) > 1:
        upper = re.sub(r"\s", "", cue.lines[0])
        place, text = cue.words[0], ""
        while len(text) < len(upper):
            text += re.sub(r"\s", "", words[place].text)
            place += 1
        places.append(place - 1)
    return [_bad(words, place, language) for place in places if place not in ends and place + 1 < len(words)]


def _bad(words: Sequence[Heard], place: int, language: str) -> bool:
    before, after = words[place].text, words[place + 1].text
    if after[0] in NO_START or before[-1] in NO_END:
        return True
    if after.strip(".,!?。，、！？") in PARTICLES.get(language[:2], ()):
        return True
    if END_OF_PHRASE.search(before) and not re.search(r"\b(?:Mr|Mrs|Dr|St|Nr|No|Prof|Hr|Fr|M)\.$", before):
        return False
    word, following = (re.sub(r"[^\w]", "", side).lower() for side in (before, after))
    leaning = LEANING.get(language[:2], "").split()
    return word in leaning or (word.isdigit() and following.isalpha() and following not in leaning)


def letters(text: str) -> int:
    """User-perceived characters, near enough: marks and joiners are none."""
    return sum(unicodedata.category(c)[0] != "M" and c not in "\u200d\ufe0f" for c in text)


def wide(line: str, language: str) -> float:
    """A line's width: characters, or full-width columns in Chinese and Japanese."""
    if language[:2] not in {"zh", "ja"}:
        return letters(line)
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in line)


def overlaps(cues: Sequence[Shown]) -> bool:
    """Whether any cue is empty or begins before the one before it has gone."""
    return any(a.end > b.start for a, b in pairwise(cues)) or any(cue.end <= cue.start for cue in cues)


def _mixes(cue: Shown, ends: set[int]) -> bool:
    inner = any(place in ends for place in range(cue.words[0], cue.words[1] - 1))
    return inner and cue.words[1] - 1 not in ends


def _share(values: Iterable[bool]) -> float:
    flags = list(values)
    return 100 * sum(flags) / len(flags) if flags else 0.0
