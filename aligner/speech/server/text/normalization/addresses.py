"""E-mail addresses and URLs, said as people say them: the names, and the signs between them by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aligner.speech.server.text.normalization.language import Language

_DOMAINS: Final = "app|ch|co\\.uk|com|de|dev|edu|eu|fr|gov|info|io|net|nl|org|pl|ru"
"""What makes a name with a dot in it an address though neither www nor a scheme is written."""

HINT: Final = rf"@|://|www\.|\.(?:{_DOMAINS})(?!\w)"
"""Without this there is no address."""

_LABELS: Final = r"[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,8}"
_MAIL: Final = rf"(?<![\w.+%\-])[\w.+%\-]{{1,64}}@{_LABELS}"
_PATH: Final = r"(?:[/?#][^\s<>\"“”«»]{0,500})?"
_URL: Final = rf"(?<!\w)(?:(?P<scheme>https?|ftp)://|(?=www\.)){_LABELS}(?::\d{{1,5}})?{_PATH}"
_NAME: Final = (
    rf"(?<![\w.@\-])[a-zA-Z\d\-]{{1,63}}(?:\.[a-zA-Z\d\-]{{1,63}}){{0,4}}\.(?:{_DOMAINS})(?![\w@]|\.\w){_PATH}"
)

_HINT: Final = re.compile(HINT)
_ADDRESS: Final = re.compile(f"(?P<mail>{_MAIL})|(?P<url>{_URL})|(?P<name>{_NAME})")
_AFTER: Final = ".,;:!?'\"’)]}…"  # noqa: RUF001 - the sentence's own
_PARTS: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")


def find(text: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """The addresses of a text with what is said for them; none in a language that has no names for their signs."""
    names = language.words.symbols.address
    if not names or not _HINT.search(text):
        return
    for match in _ADDRESS.finditer(text):
        written = match[0].rstrip(_AFTER)
        if "." in written and (said := _said(written, language)):
            yield match.start(), match.start() + len(written), said


def _said(written: str, language: Language) -> str | None:
    names = language.words.symbols.address
    written = re.sub(r"^\w+://", "", written).rstrip("/")
    said: list[str | None] = []
    for part in _PARTS.findall(written):
        if part.isdecimal():
            said.append(numbers.digits(language, part))
        else:
            said.append(names.get(part, part))
    return None if None in said else " ".join(part for part in said if part)
