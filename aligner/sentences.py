"""Where sentences end, for the stages that cut a text: segments, cues, the embedded voices' generations.

The rules of the languages are `sentencex`'s; here stand only the mends for what it was measured to get wrong, and the
guards that keep it linear. No stage may keep sentence rules of its own.
"""

# ruff: noqa: RUF001 - the quotes and full stops of many languages are the point
from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

import sentencex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aligner.model import Span

_CLOSERS = "\"'`”’»›)]}」』）】》〉〕］｝〗〙｣"
_CLOSERS_OR_GERMAN = _CLOSERS + "«‹“‘"

_WORD = re.compile(r"[^\W_]")
_PARAGRAPH = re.compile(r"[^\n]+")

# sentencex looks for the partner of every quote: quadratic (100,000 quotes take seconds), and it finds no end inside a
# quotation of several sentences. So it never sees them; an apostrophe inside a word stays.
_QUOTES = re.compile(r"[\"`“”„‟‘‚‛«»‹›「」『』《》〈〉【】（）｢｣]|(?<![^\W_])['’]|(?<=[.!?…,])['’]")

# sentencex knows "..." but not "…".
_ELLIPSIS = re.compile(rf"…(?=[{re.escape(_CLOSERS)}]*\s)")

# From a bracket on sentencex waits for the next that closes, however far, and finds no end on the way. One that is not
# closed near by is none: a face ":(", a comparison "<".
_NEAR = 300
_LONE = re.compile(rf"<|[({{\[](?![^)\]}}>]{{0,{_NEAR}}}[)\]}}>])")
_OPENER = re.compile(r"[({\[]")

# Each of these ends a sentence whatever follows: sentencex looks for a space or a letter after it and misses "。3".
_STOP = re.compile(r"[.!?…]")
_IDEOGRAPHIC = re.compile(rf"[。！？｡][。！？｡!?{re.escape(_CLOSERS)}]*")

# sentencex is quadratic where many full stops have no space after them: it is given a few pages at a time, parted
# between two words of one sentence.
_WINDOW = 8_000
_HEAD = 500
"""Characters that tell whether a window has capitals."""
_AHEAD = 40
"""Characters behind an end that may bear on it."""
_SEAM = re.compile(r"(?<=[^\W\d_])\s+(?=[^\W\d_]{2})")

# In „German“ and »Danish« the closing quote is the opening one elsewhere: after "." it closes, after "。" it opens.
_CLOSING = re.compile(rf"[{re.escape(_CLOSERS)}]*")
_CLOSING_GERMAN = re.compile(rf"[{re.escape(_CLOSERS_OR_GERMAN)}]*")
_SPACED_CLOSING = re.compile(r"(?:[\u00a0\u202f]»|[\u00a0\u202f]›)+")
_FRENCH_CLOSING = re.compile(r"(?:[ \u00a0\u202f]»|[ \u00a0\u202f]›)+")
_FIRST_IDEOGRAPH = 0x2E80
_NEXT = re.compile(r"\s*[^\w\s]*\s*(\w{0,2})")
_LAST_TOKEN = re.compile(r"(?:^|[\s(\[/\u00a0])[^\w\s]*([\w.-]*)\.\W*$")
_ENUMERATOR = re.compile(r"\W*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)]\W*")
_LONGEST_ENUMERATOR = 12


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ORDINAL = re.compile(r"(?:^|\W)(\w+)\s+\d{1,3}\.$")
# After these words "3." is "the third", before a noun as well; without one of them "3." may end a sentence.
_ORDINAL_LEADERS = {
    "de": _set(
        "am im der die das dem den des vom zum zur beim ab bis seit und oder bzw ein eine einem einen einer eines "
        "jeder jede jedes jeden jedem ihr ihre ihren ihrem sein seine seinen seinem unser unsere kein keine dieser "
        "diese dieses"
    ),
    "da": _set("den det de til fra og i"),
    "nb": _set("den det de til fra og i"),
}
_MONTHS = {
    "de": _set(
        "januar jänner februar märz april mai juni juli august september oktober november dezember jahrhundert klasse "
        "auflage kapitel stock"
    ),
}

# Abbreviations that sentencex 1.0.32 takes for a sentence's end. Before a number, in any language:
_BEFORE_NUMBER = _set(
    "approx art bd ca ch chap circa col ed eq est etg fig figs kap lfg max min mon tue wed thu fri n no nos nr "
    "núm núms nº num p pag pág págs pp par par rev ref rif r ris sec sect s str tab tel vol vols v ver zit "
    "рис с ст стр гл табл п т № др ул д кв"
)
# And before a name or another capital:
_BEFORE_CAPITAL = {
    "en": _set(
        "ald amb approx atty br cf dir e.g ed eds est ft hrs i.e messrs mlle mme ms mx profs resp treas viz vol"
    ),
    "de": _set(
        "abs allg approx bes bspw ehem einschl entspr etw exkl frl geb gem ggf hrsg inkl inh insb max mind min rd sen "
        "jun tel ungef urspr verh vorm wg z.b d.h u.a u.u i.d.r o.ä v.a zzgl zus dipl ing med phil jur rer nat "
        "abg gebr hl hrn kpt ltn oblt präs"
    ),
    "fr": _set("m mm mme mlle mmes me mgr dr st ste pr p.ex cf env j.-c vol chap cap cdt col gal lt"),
    "es": _set("p.ej ej uds av avda c.p gral lic ing cnel pdte"),
    "it": _set("pag n es art dott.ssa avv ing arch on mons fig cap"),
    "pt": _set("exa exma exmo pág av eng prof profa sr sra dr dra p.ex"),
    "nl": _set("mevr dhr d.w.z o.a m.n bijv ir ing drs mr mw st t.a.v i.v.m"),
    "pl": _set("tj np prof ul al św im inż mgr dr hab gen ks p.n.e"),
    "ru": _set("им рис проф акад гр тов ул пр пл св т.е т.к т.н г-н г-жа доц о"),
}


def ends(text: str, language: str) -> tuple[int, ...]:
    """Where the sentences of a text end.

    Args:
        text: Any text; every newline ends a paragraph and so a sentence.
        language: BCP 47; only its first part matters (``de-AT`` is ``de``), an unknown one has the rules of English.

    Returns:
        Strictly ascending offsets in code points, each right after the last character of a sentence that is not white
        space, closing quotes and brackets included. The last one is where the text (without trailing white space) ends.
    """
    base = _base(language)
    found: list[int] = []
    for match in _PARAGRAPH.finditer(text):
        if paragraph := match.group().rstrip():
            found.extend(match.start() + end for end in _paragraph(paragraph, base))
    return tuple(found)


class Ends:
    """The sentence ends of a text that is still being written, each told once later text cannot change it.

    Whatever the pieces it comes in, at the end they are those that `ends` finds in the whole.
    """

    def __init__(self, language: str) -> None:
        self._language = _base(language)
        self._text = ""
        self._start = 0
        self._begun = False
        self._whole = False
        self.found: list[int] = []
        """Ascending; whoever has used some may take them away."""
        self.settled = 0
        """The ends up to here are found, and no others will be."""

    def read(self, text: str, *, last: bool = False) -> None:
        """Take in what follows; ``last`` where nothing will follow that."""
        self._text += text
        self._whole = last

    def look(self) -> None:
        """Find what can be found now; costs as much as the paragraph, or a few pages of it, is long."""
        stop = len(self._text) if self._whole else self._text.rfind("\n") + 1
        if stop:
            for match in _PARAGRAPH.finditer(self._text, 0, stop):
                if paragraph := match.group().rstrip():
                    self._tell(_paragraph(paragraph, self._language, begun=self._begun), match.start())
                self._begun = False
            self._forget(stop, begun=False)
        self._close()
        limit = self._tell_sure()
        self.settled = max(self.settled, self._start + limit)

    def _close(self) -> None:
        """Leave behind the parts of the last paragraph in which nothing can change."""
        stops = [match.end() for match in _IDEOGRAPHIC.finditer(self._text)]
        while stops and not self._text[stops[-1] :].strip():
            stops.pop()
        if stops:
            self._tell(_words_between(self._text, _all(self._text[: stops[-1]], self._language), begun=self._begun), 0)
            self._forget(stops[-1], begun=False)
        while (stop := _window(self._text, 0, len(self._text))) < len(self._text):
            found = list(_in_window(self._text[:stop], self._language))
            self._tell(_words_between(self._text, found, begun=self._begun), 0)
            rest = found[-1] if found else 0
            self._forget(stop, begun=bool(_WORD.search(self._text, rest, stop)) or (self._begun and not found))

    def _tell_sure(self) -> int:
        """Tell the ends in the rest that are sure already; returns how far they are all."""
        window = self._text.rstrip()
        candidates = list(_candidates(window, self._language))
        found = list(_kept(window, candidates, self._language, cased=_cased(window)))
        limit = _unclosed(window)
        if not _cased(window) and len(window) < _HEAD:
            # A capital may still come: only what it would not change is sure.
            others = set(_kept(window, candidates, self._language, cased=True))
            limit = min([limit, *(end - 1 for end in others ^ set(found))])
        self._tell((end for end in _words_between(window, found, begun=self._begun) if end <= limit), 0)
        return limit

    def _tell(self, ends: Iterable[int], origin: int) -> None:
        self.found += [self._start + origin + end for end in ends if self._start + origin + end > self.settled]

    def _forget(self, stop: int, *, begun: bool) -> None:
        self._start += stop
        self._text = self._text[stop:]
        self._begun = begun
        self.settled = max(self.settled, self._start)


def _unclosed(text: str) -> int:
    """Up to where later text cannot change what is an end: before an open bracket that may yet be closed, and the end.

    What follows an end says whether it is one: the first letters of the next word (`_NEXT`, `_known`; sentencex looks
    at 30 bytes), but a number, an address or a row of stops counts whole.
    """
    limit = len(text)
    for opener in _OPENER.finditer(text, max(map(text.rfind, ")]}>")) + 1):
        if len(_QUOTES.sub("", text[opener.start() :])) <= _NEAR + 1:
            limit = opener.start()
            break
    limit = max(0, limit - _AHEAD)
    while limit and not (text[limit - 1].isspace() or ord(text[limit - 1]) >= _FIRST_IDEOGRAPH):
        limit -= 1
    return limit


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


def _paragraph(text: str, language: str, *, begun: bool = False) -> list[int]:
    inner = (end for end in _all(text, language) if end < len(text))
    return [*_words_between(text, inner, begun=begun), len(text)]


def _words_between(text: str, ends: Iterable[int], *, begun: bool) -> Iterator[int]:
    """The ends before which something is said: a lone "……" belongs to what follows."""
    begin = 0
    for end in ends:
        if begun or _WORD.search(text, begin, end):
            yield end
        begin, begun = end, False


def _all(text: str, language: str) -> Iterator[int]:
    """The ends of one paragraph, piece by piece between the ideographic ones, where nothing else needs asking."""
    begin = 0
    for match in _IDEOGRAPHIC.finditer(text):
        if _STOP.search(text, begin, match.start()):
            yield from _of_piece(text, (begin, match.start()), language)
        yield match.end()
        begin = match.end()
    yield from _of_piece(text, (begin, len(text)), language)


def _of_piece(text: str, piece: Span, language: str) -> Iterator[int]:
    """The ends inside a piece; its own end is the caller's."""
    stop, limit = piece
    while stop < limit:
        start = stop
        stop = _window(text, start, limit)
        yield from (start + end for end in _in_window(text[start:stop], language))


def _window(text: str, start: int, limit: int) -> int:
    """Where the window that begins at a place of a piece stops."""
    seam = _SEAM.search(text, start + _WINDOW, min(limit, start + 2 * _WINDOW))
    return seam.end() if seam else min(limit, start + 2 * _WINDOW)


def _in_window(text: str, language: str) -> Iterator[int]:
    text = text.rstrip()
    found = _kept(text, _candidates(text, language), language, cased=_cased(text))
    return (end for end in found if end < len(text))


def _candidates(text: str, language: str) -> Iterator[int]:
    """The ends that sentencex sees in one paragraph once its quotes are gone, closers included again."""
    removed = [m.start() for m in _QUOTES.finditer(text)]
    # The place of each removed quote in the text without it: how many quotes precede a place is then one bisection.
    shrunk = [place - count for count, place in enumerate(removed)]
    spaced = _FRENCH_CLOSING if language == "fr" else _SPACED_CLOSING
    for boundary in sentencex.get_sentence_boundaries(
        language or "en", _LONE.sub("~", _QUOTES.sub("", _ELLIPSIS.sub(".", text)))
    ):
        sentence = boundary["text"].rstrip()
        if not sentence:
            continue
        last = boundary["start_index"] + len(sentence) - 1
        closers = _CLOSING_GERMAN if sentence[-1].isascii() else _CLOSING
        end = _skip(closers, text, last + bisect_right(shrunk, last) + 1)
        yield _skip(spaced, text, end)


def _skip(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place


def _cased(text: str) -> bool:
    """Whether a text has capitals; one all in small letters has no other sign of an end than the full stop."""
    head = text[:_HEAD]
    return head != head.lower()


def _kept(text: str, candidates: Iterable[int], language: str, *, cased: bool) -> Iterator[int]:
    """The candidates that do end a sentence."""
    begin = 0
    for end in candidates:
        after = text[end : end + 1]
        if after and (_glued(text, end) or (cased and _goes_on(text, end)) or _abbreviated(text, begin, end, language)):
            continue
        yield end
        begin = end


def _glued(text: str, end: int) -> bool:
    """Whether the next character touches the full stop: ".NET", "J.-C.", "“Komm!“, rief sie"."""
    return text[end - 1].isascii() and not text[end].isspace() and ord(text[end]) < _FIRST_IDEOGRAPH


def _goes_on(text: str, end: int) -> bool:
    """Whether a small letter follows: “Go!” she said; "Well… maybe"; but "iPhone" may begin a sentence."""
    word = _NEXT.match(text, end)
    letters = word.group(1) if word else ""
    return letters[:1].islower() and not letters[1:].isupper()


def _abbreviated(text: str, begin: int, end: int, language: str) -> bool:
    tail = text[max(begin, end - 40) : end]
    if "." not in tail[-3:]:
        return False
    if end - begin <= _LONGEST_ENUMERATOR and _ENUMERATOR.fullmatch(text, begin, end):
        return True
    following = text[end : end + 24].split()
    head = following[0].strip(_CLOSERS + "„‚,.;:!?") if following else ""
    return _ordinal(tail, head, language) or _known(tail, head, language)


def _ordinal(tail: str, head: str, language: str) -> bool:
    before = _ORDINAL.search(tail)
    if before is None or language not in _ORDINAL_LEADERS:
        return False
    return before.group(1).lower() in _ORDINAL_LEADERS[language] or head.lower() in _MONTHS.get(language, ())


def _known(tail: str, head: str, language: str) -> bool:
    token = _LAST_TOKEN.search(tail)
    if token is None:
        return False
    name = token.group(1).lower()
    if head[:1].isdigit():
        return name in _BEFORE_NUMBER
    return name in _BEFORE_CAPITAL.get(language, _BEFORE_CAPITAL["en"])
