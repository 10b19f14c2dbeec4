"""Pronunciation dictionaries as files: PLS 1.0 (W3C, 2008), and JSON as the real service's API has it.

Everything that a file can get wrong ends here, at the start of the service, with the file, the line and what to do. XML
is read by a hardened parser: no document type, no entities, nothing from outside. Knows nothing of texts and sessions.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Final, NoReturn
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

import msgspec

from aligner.errors import MarkupError, UsageError
from aligner.speech.server.text import pronunciations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.sax.xmlreader import AttributesImpl, Locator

SUFFIXES: Final = (".pls", ".xml", ".json")

LONGEST: Final = 200
"""Characters of what is looked for in a text."""

_NOT_PLS: Final = "is no PLS file"
_EXAMPLE: Final = "write <lexeme><grapheme>UN</grapheme><alias>United Nations</alias></lexeme>"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry: what is written, and what is said instead or how it is pronounced (one of the two)."""

    written: str
    said: str | None = None
    ipa: str | None = None
    cased: bool = True
    """Capitals must agree."""
    whole_words: bool = True
    """Never inside a longer word."""


@dataclass(frozen=True, slots=True, eq=False)  # compared as objects: thousands of rules are no key
class Dictionary:
    """A pronunciation dictionary."""

    id: str
    version: str
    """The file's own, or a digest of its content."""
    rules: tuple[Rule, ...]
    """In the order of the file."""


def read(path: Path) -> Dictionary:
    """The dictionary in a file.

    Raises:
        UsageError: The file cannot be read, or is not what it should be; with its line.
    """
    try:
        content = path.read_bytes()
        found = _from_json(content) if path.suffix.lower() == ".json" else _from_pls(content)
    except OSError as error:
        raise UsageError(f"the dictionary cannot be read ({error.strerror})", str(path)) from None
    except MarkupError as error:
        raise UsageError(error.problem, f"{path}, {error.place}" if error.place else str(path), error.mend) from None
    version = found.version or hashlib.sha256(content).hexdigest()[:20]
    return Dictionary(found.id or path.stem, version, tuple(found.rules))


@dataclass(slots=True)
class _Found:
    """What a file says of itself."""

    rules: list[Rule] = field(default_factory=list)
    id: str | None = None
    version: str | None = None


class _JsonRule(msgspec.Struct, tag_field="type"):
    string_to_replace: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]
    case_sensitive: bool | None = None
    word_boundaries: bool | None = None


class _JsonAlias(_JsonRule, tag="alias", kw_only=True):
    alias: str


class _JsonPhoneme(_JsonRule, tag="phoneme", kw_only=True):
    phoneme: str
    alphabet: str = pronunciations.IPA


class _JsonFile(msgspec.Struct):
    """What the API takes and gives; other fields are left alone."""

    rules: list[msgspec.Raw]
    id: str | None = None
    version_id: str | None = None
    latest_version_id: str | None = None


_file: Final = msgspec.json.Decoder(_JsonFile)
_rule: Final = msgspec.json.Decoder(_JsonAlias | _JsonPhoneme)


def _from_json(content: bytes) -> _Found:
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        file = _file.decode(content)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        problem = f"this is no pronunciation dictionary in JSON ({error})"
        raise MarkupError(problem, mend='write {"rules": [{"type": "alias", …}]}') from None
    found = _Found(id=file.id, version=file.version_id or file.latest_version_id)
    place, seen, line = 0, 0, 1
    for raw in file.rules:
        start = content.index(bytes(raw), place)
        line += content.count(b"\n", seen, start)
        place, seen = start + len(bytes(raw)), start
        found.rules.append(_of_json(raw, f"line {line}"))
    return found


def _of_json(raw: msgspec.Raw, place: str) -> Rule:
    try:
        rule = _rule.decode(raw)
        if isinstance(rule, _JsonAlias):
            said, ipa = rule.alias, None
        else:
            said, ipa = None, pronunciations.to_ipa(rule.phoneme, rule.alphabet)
    except msgspec.ValidationError as error:
        fields = "string_to_replace, and alias or phoneme with alphabet"
        raise MarkupError(f"a rule is not as it should be ({error})", place, f"it has a type, {fields}") from None
    except MarkupError as error:
        raise error.at(place) from None
    return Rule(rule.string_to_replace, said, ipa, rule.case_sensitive is not False, rule.word_boundaries is not False)


def _from_pls(content: bytes) -> _Found:
    # With the parser come urllib and http (50 ms): a service without such files does not pay for them.
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from defusedxml.expatreader import create_parser  # noqa: PLC0415

    # Without namespaces, prefixes are cut off below: many files have none, or one of their own.
    parser = create_parser(namespaceHandling=False, forbid_dtd=True)
    handler = _Pls(parser)
    parser.setContentHandler(handler)
    try:
        parser.feed(content)
        parser.close()
    except SAXParseException as error:
        raise MarkupError(f"{_NOT_PLS}: {error.getMessage()}", f"line {error.getLineNumber()}") from None
    except (SAXException, DefusedXmlException, UnicodeError) as error:
        problem = f"document types and entities are not read ({type(error).__name__})"
        raise MarkupError(problem, handler.place, "remove <!DOCTYPE …>") from None
    return _Found(list(handler.rules()))


@dataclass(slots=True)
class _Lexeme:
    """One entry while it is read."""

    place: str
    graphemes: list[str] = field(default_factory=list)
    told: Rule | None = None
    """The pronunciation that counts: the preferred one, else the first (PLS 1.0, section 4.6)."""
    preferred: bool = False


class _Pls(ContentHandler):
    """The entries of a PLS file."""

    def __init__(self, locator: Locator) -> None:
        super().__init__()
        self._locator = locator
        self._alphabet = pronunciations.IPA
        self._lexemes: list[_Lexeme] = []
        self._path: list[str] = []
        self._attributes: dict[str, str] = {}
        self._text: list[str] = []

    @property
    def place(self) -> str:
        """Where the parser is."""
        return f"line {self._locator.getLineNumber()}"

    def rules(self) -> Iterator[Rule]:
        """One rule for every spelling of every entry."""
        for lexeme in self._lexemes:
            if lexeme.told is None or not lexeme.graphemes:
                missing = "alias or phoneme" if lexeme.told is None else "grapheme"
                raise MarkupError(f"a lexeme has no {missing}", lexeme.place, _EXAMPLE)
            for written in lexeme.graphemes:
                yield Rule(written, lexeme.told.said, lexeme.told.ipa)

    def startElement(self, name: str, attrs: AttributesImpl[str]) -> None:  # noqa: N802 - SAX's own name
        name = name.rpartition(":")[2]
        if not self._path and name != "lexicon":
            self._refuse(f"{_NOT_PLS}: it begins with <{name[:40]}>", "its first element is <lexicon>")
        if name == "lexicon":
            self._alphabet = attrs.get("alphabet", pronunciations.IPA)
        elif name == "lexeme":
            self._lexemes.append(_Lexeme(self.place))
        self._path.append(name)
        self._attributes = dict(attrs.items())
        self._text = []

    def characters(self, content: str) -> None:
        self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's own name
        name = self._path.pop()
        if self._path[-1:] != ["lexeme"]:
            return
        # White space around and between is the file's layout (PLS 1.0, section 4.5).
        text = " ".join("".join(self._text).split())
        if name == "grapheme":
            self._spelling(text)
        elif name in ("alias", "phoneme"):
            self._pronunciation(name, text)

    def _spelling(self, text: str) -> None:
        if not 0 < len(text) <= LONGEST:
            self._refuse(f"a grapheme has {len(text)} characters", f"write 1 to {LONGEST}")
        self._lexemes[-1].graphemes.append(text)

    def _pronunciation(self, name: str, text: str) -> None:
        lexeme, preferred = self._lexemes[-1], self._attributes.get("prefer") in ("true", "1")
        if lexeme.told and not (preferred and not lexeme.preferred):
            return
        lexeme.preferred = preferred
        if name == "alias":
            lexeme.told = Rule("", said=text)
            return
        try:
            lexeme.told = Rule("", ipa=pronunciations.to_ipa(text, self._attributes.get("alphabet", self._alphabet)))
        except MarkupError as error:
            self._refuse(error.problem, error.mend)

    def _refuse(self, problem: str, mend: str) -> NoReturn:
        raise MarkupError(problem, self.place, mend) from None
