"""SSML in a text that comes as a stream: what is read aloud, and the tags that stood in it.

Both sides need it: the service to obey the tags, the reader of documents to keep them out of the captions. What tags
mean is not known here. Hostile input ends here too: no declaration and no entity but XML's own five is ever read, depth
and lengths are limited, every pass is linear. Where the text of SSML 1.1 (W3C, 2010) is strict and what people write
is not, people win: "AT&T", "a < b" and "I <3 you" are text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from aligner.errors import MarkupError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.sax.xmlreader import AttributesImpl

Kind: TypeAlias = Literal["open", "close", "empty"]

ELEMENTS: Final = frozenset({
    "audio", "break", "desc", "emphasis", "lang", "lexicon", "lookup", "mark", "meta", "metadata", "p", "phoneme",
    "prosody", "s", "say-as", "speak", "sub", "token", "voice", "w",
})  # fmt: skip
"""The elements of SSML 1.1. Tags of others are left out as if they were not there, what they hold is read."""

SILENT: Final = frozenset({"desc", "lexicon", "meta", "metadata"})
"""Elements whose text is for machines or the eye and is never read aloud (SSML 1.1, sections 3.1.4, 3.1.6, 3.3.3)."""

DEEPEST: Final = 64
"""Elements open at once."""
LONGEST_TAG: Final = 4_000
LONGEST_VALUE: Final = 1_000
"""Characters of one tag, and of one attribute's value."""

_CLEAR: Final = "write a bare < as &lt; where no tag is meant"
_SIGN: Final = re.compile(r"[<&]")
_NAME: Final = re.compile(r"<(/?)([A-Za-z_][\w.:-]*+)")
# No attribute holds a "<" (XML 1.0, 2.3), so every search ends at the next one: linear, whatever stands in the text.
_TAG: Final = re.compile(r"""<[^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*+>""")
_CLOSE: Final = re.compile(r"</[^\s>]+\s*>")
_REFERENCE: Final = re.compile(r"&(?:#([0-9]{1,8})|#x([0-9A-Fa-f]{1,8})|(amp|lt|gt|quot|apos));")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NO_CHARACTER: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_DECLARATION: Final = re.compile(r"<\?xml\s[^<>?]*\?>")

# What is markup beyond doubt. Elements of one letter need more than a space after them: "p<s and q>r" is mathematics.
_LONG_NAMES: Final = "|".join(sorted(name for name in ELEMENTS if len(name) > 1))
_CERTAIN: Final = re.compile(
    rf"</?(?:{_LONG_NAMES})(?=[\s/>])|</?[psw](?=\s*/?>|\s+[\w:.-]+\s*=)|<!--|<!\[?[A-Za-z]|<\?[A-Za-z]"
    rf"|{_REFERENCE.pattern}"
)
# The end of a feed that may be the first half of it.
_REACH: Final = 80
_HALF: Final = re.compile(rf"(?:<[^<>&\"']{{0,{_REACH}}}|&#?\w{{0,9}})\Z")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it stood in a text."""

    position: int
    """Where it stood in the plain text of its feed, in code points."""
    name: str
    attributes: Mapping[str, str]
    """Entities decoded; prefixes (``xml:lang``) as written."""
    kind: Kind
    source: str
    """As written, with its brackets."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its tags, and the tags."""

    text: str
    tags: tuple[Tag, ...] = ()
    """In the order of the text. A close tag's attributes are empty."""


class Reader:
    """Reads one text, piece by piece; elements may be open over pieces, a tag lies wholly in one of them."""

    def __init__(self, line: int = 1) -> None:
        """A reader; ``line`` is the number of the text's first line, for errors."""
        self._line = line
        self._open: list[Tag] = []
        self._silent = 0
        self._half = ""
        self._begun = False
        self._kept: list[str] = []
        self._length = 0
        self._tags: list[Tag] = []

    @property
    def open_elements(self) -> tuple[Tag, ...]:
        """The open tags of the elements that are not closed yet, the outermost first."""
        return tuple(self._open)

    def feed(self, text: str) -> Marked:
        """The next piece of the text, taken apart.

        Raises:
            MarkupError: a tag is cut by the end of the piece, malformed or where none may be; what is refused was met.
                The reader is of no more use then.
        """
        joint = self._half + text
        if self._half and text and _CERTAIN.match(joint):
            raise self._error(text, 0, f"a tag or an entity is cut in two: {_quoted(joint)}", "send it in one message")
        found = _HALF.search(joint[-_REACH - 1 :])
        self._half = found.group() if found else ""
        self._kept, self._length, self._tags = [], 0, []
        place = 0
        while sign := _SIGN.search(text, place):
            self._keep(text[place : sign.start()])
            place = self._sign(text, sign.start())
        self._keep(text[place:])
        self._line += text.count("\n")
        return Marked("".join(self._kept), tuple(self._tags))

    def _keep(self, text: str) -> None:
        self._begun = self._begun or bool(text and not text.isspace())
        if not self._silent:
            self._kept.append(text)
            self._length += len(text)

    def _sign(self, text: str, place: int) -> int:
        """Take what begins with a ``<`` or ``&``; where the rest of the text begins."""
        certain = _CERTAIN.match(text, place)
        if certain is None:
            return self._unknown(text, place)
        if text[place] == "&":
            self._keep(self._character(text, certain))
            return certain.end()
        if text[place + 1] == "!":
            return self._declared(text, place)
        if text[place + 1] == "?":
            return self._instructed(text, place)
        return self._element(text, place)

    def _unknown(self, text: str, place: int) -> int:
        """A sign that begins nothing known: a well-formed tag of another language is left out, all else is text."""
        tag = _TAG.match(text, place) if _NAME.match(text, place) else None
        if tag and (_CLOSE.fullmatch(tag.group()) or _attributes(tag.group()) is not None):
            return tag.end()
        self._keep(text[place])
        return place + 1

    def _character(self, text: str, reference: re.Match[str]) -> str:
        decimal, hexadecimal, name = reference.groups()
        if name:
            return _ENTITIES[name]
        code = int(decimal) if decimal else int(hexadecimal, 16)
        if code > 0x10FFFF or _NO_CHARACTER.match(chr(code)):  # noqa: PLR2004 - the last code point of Unicode
            raise self._error(text, reference.start(), f"{reference.group()} is no character", "remove it")
        return chr(code)

    def _declared(self, text: str, place: int) -> int:
        """A comment is dropped, a CDATA section is text, a declaration is refused."""
        if text.startswith("<!--", place):
            return self._end(text, place, "-->", "comment")
        if text.startswith("<![CDATA[", place):
            end = self._end(text, place, "]]>", "CDATA section")
            self._keep(text[place + len("<![CDATA[") : end - len("]]>")])
            return end
        raise self._error(text, place, f"declarations are not read: {_quoted(text[place:])}", "remove it")

    def _instructed(self, text: str, place: int) -> int:
        """The XML declaration in front of all is dropped, a processing instruction is refused."""
        declaration = _XML_DECLARATION.match(text, place)
        if declaration and not self._begun and not self._open:
            return declaration.end()
        problem = f"processing instructions are not read: {_quoted(text[place:])}"
        raise self._error(text, place, problem, "remove it; <?xml …?> may stand at the very start alone")

    def _end(self, text: str, place: int, mark: str, what: str) -> int:
        end = text.find(mark, place)
        if end < 0:
            raise self._error(text, place, f"a {what} has no end: {_quoted(text[place:])}", f"close it with {mark}")
        return end + len(mark)

    def _element(self, text: str, place: int) -> int:
        """A tag of SSML."""
        tag = _TAG.match(text, place)
        source = tag.group() if tag else ""
        if tag is None or len(source) > LONGEST_TAG:
            raise self._error(text, place, f"a tag has no end: {_quoted(text[place:])}", _whole(text, place))
        if source.startswith("</"):
            self._closed(text, place, source)
        else:
            self._opened(text, place, source)
        return tag.end()

    def _opened(self, text: str, place: int, source: str) -> None:
        attributes = _attributes(source)
        if attributes is None:
            raise self._error(text, place, f"a tag is malformed: {_quoted(source)}", _CLEAR)
        longest = max(attributes.values(), key=len, default="")
        if len(longest) > LONGEST_VALUE:
            problem = f"an attribute has {len(longest)} characters: {_quoted(source)}"
            raise self._error(text, place, problem, f"{LONGEST_VALUE} are read at the most")
        name = _named(source)
        empty = source.endswith("/>")
        tag = Tag(self._length, name, dict(attributes), "empty" if empty else "open", source)
        if not self._silent and name not in SILENT:
            self._tags.append(tag)
        if not empty:
            self._push(text, place, tag)

    def _push(self, text: str, place: int, tag: Tag) -> None:
        if len(self._open) == DEEPEST:
            raise self._error(text, place, f"more than {DEEPEST} elements are open", f"close some before {tag.source}")
        self._open.append(tag)
        self._silent += tag.name in SILENT

    def _closed(self, text: str, place: int, source: str) -> None:
        name = _named(source)
        if _CLOSE.fullmatch(source) is None:
            raise self._error(text, place, f"a tag is malformed: {_quoted(source)}", _CLEAR)
        if not self._open or self._open[-1].name != name:
            mend = f"close <{self._open[-1].name}> first" if self._open else "remove it, or open it before"
            raise self._error(text, place, f"{source} closes nothing that is open here", mend)
        self._silent -= name in SILENT
        self._open.pop()
        if not self._silent and name not in SILENT:
            self._tags.append(Tag(self._length, name, {}, "close", source))

    def _error(self, text: str, place: int, problem: str, mend: str) -> MarkupError:
        return MarkupError(problem, f"line {self._line + text.count(chr(10), 0, place)}", mend)


def escape(text: str) -> str:
    """A text with nothing in it that a reader of SSML takes for markup: ``Reader().feed`` gives it back as it was."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _First(ContentHandler):
    """Keeps the attributes of the one element there is."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: Mapping[str, str] = {}

    def startElement(self, name: str, attrs: AttributesImpl[str]) -> None:  # noqa: ARG002, N802 - SAX's own name
        self.attributes = dict(attrs.items())


@lru_cache(maxsize=512)  # the tags of a text are often the same few
def _attributes(source: str) -> Mapping[str, str] | None:
    """The attributes of an open or empty tag; ``None`` where it is not well-formed, or longer than is read."""
    if len(source) > LONGEST_TAG:
        return None
    # With the parser come urllib and http (50 ms): a text without tags does not pay for them.
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from defusedxml.expatreader import create_parser  # noqa: PLC0415

    handler = _First()
    # Without namespaces: prefixes that nobody declared (amazon:effect) are no reason to refuse a text.
    parser = create_parser(namespaceHandling=False, forbid_dtd=True)
    parser.setContentHandler(handler)
    try:
        parser.feed(source if source.endswith("/>") else f"{source[:-1]}/>")
        parser.close()
    except (SAXException, DefusedXmlException, UnicodeError):
        return None
    return handler.attributes


def _named(source: str) -> str:
    name = _NAME.match(source)
    return name.group(2) if name else ""


def _whole(text: str, place: int) -> str:
    """What to do about a tag that does not end."""
    return _CLEAR if "<" in text[place + 1 :] else "close it with >; a tag lies wholly in one message"


def _quoted(text: str) -> str:
    """The beginning of a text, for an error: short, on one line."""
    shown = " ".join(text[:60].split())
    return f"{shown[:40]}…" if len(shown) > 40 else shown  # noqa: PLR2004 - what fits into a close reason
