"""What a document says about itself between ``---`` lines at its top.

YAML is only composed, never constructed: every value stays as it was typed, so that ``language: no`` is Norwegian and
``voice: 0123`` keeps its zero. Whether a voice or a profile exists is not asked here.
"""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

import yaml

from aligner.documents.language import is_tag
from aligner.errors import DocumentError
from aligner.model import FrontMatter, VoiceSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BLOCK = re.compile(r"---[ \t]*\n((?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_KEY_LINE = re.compile(r"[A-Za-z_][\w-]*[ \t]*:(?:[ \t].*)?")
_OTHER_LINE = re.compile(r"[ \t]*(?:#.*)?|[ \t]+\S.*|-[ \t].*")
_LONGEST = 20_000
"""Characters looked at for the closing line."""

_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")
_HIGHEST_SEED = 4_294_967_295
"""The service's own limit (stream-input, query ``seed``), as the ranges of the voice settings below are."""


def split(text: str, name: str) -> tuple[FrontMatter, str, int]:
    """Front matter, the text after it, and how many lines the front matter took.

    A text that merely begins with ``---`` (a scene break) has none: there must be a closing line, and between the two
    nothing but ``key: value`` lines, lists, comments.

    Raises:
        DocumentError: An unknown key (naming the nearest right one), a value of the wrong type or out of range, no
            valid YAML; each with its line.
    """
    match = _BLOCK.match(text[:_LONGEST])
    if match is None or not _looks_like_yaml(match.group(1)):
        return FrontMatter(), text, 0
    values = _values(match.group(1), name)
    return _front_matter(values), text[match.end() :], match.group().count("\n")


def _looks_like_yaml(block: str) -> bool:
    lines = block.splitlines()
    keys = sum(1 for line in lines if _KEY_LINE.fullmatch(line))
    return keys > 0 and all(_KEY_LINE.fullmatch(line) or _OTHER_LINE.fullmatch(line) for line in lines)


def _values(block: str, name: str) -> Mapping[str, object]:
    try:
        root = yaml.compose(block, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _error("this front matter is not valid YAML", name, mark.line if mark else 0) from None
    values: dict[str, object] = {}
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        line = key.start_mark.line
        reader = _READERS.get(str(key.value))
        if reader is None:
            _refuse_misspelt(str(key.value), name, line)
            continue
        if key.value in values:
            raise _error(f"{key.value} stands twice in the front matter", name, line, "remove one of them")
        try:
            values[key.value] = _read(reader, value)
        except ValueError as error:
            raise _error(f"{key.value} must be {error}", name, line, _found(value)) from None
    return values


def _read(reader: Callable[[str], object], node: yaml.Node) -> object:
    if not isinstance(node, yaml.ScalarNode):
        problem = "one value, not a list or a mapping"
        raise ValueError(problem)  # noqa: TRY004 - what reached us is text; the caller puts the line in front
    # An empty value names nothing: the setting from outside stays.
    empty = node.style is None and node.value in ("", "~", "null")
    return None if empty else reader(node.value.strip())


def _front_matter(values: Mapping[str, object]) -> FrontMatter:
    voice = {key: value for key, value in values.items() if key in VoiceSettings.__dataclass_fields__}
    rest = {key: value for key, value in values.items() if key in FrontMatter.__dataclass_fields__}
    return FrontMatter(**rest, voice_settings=VoiceSettings(**voice))  # type: ignore[arg-type] # checked by the readers


def _found(node: yaml.Node) -> str:
    return f"found {node.value!r}" if isinstance(node, yaml.ScalarNode) else ""


def _refuse_misspelt(key: str, name: str, line: int) -> None:
    """Other programs' keys (``date``, ``tags``) are none of our business; what looks like one of ours must be it."""
    near = get_close_matches(key.lower().replace("-", "_"), _READERS, 1, 0.7)
    if near:
        raise _error(f"unknown key {key!r} in the front matter", name, line, f"did you mean {near[0]}?")


def _error(problem: str, name: str, line: int, mend: str = "") -> DocumentError:
    return DocumentError(problem, f"{name}, line {line + 2}", mend)  # the block begins on the document's second line


def _text(value: str) -> str:
    if not value or not value.isprintable():
        problem = "a name"
        raise ValueError(problem)
    return value


def _language(value: str) -> str:
    if not is_tag(value):
        problem = "a language tag such as en, de-AT or zh"
        raise ValueError(problem)
    return value


def _seed(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > len(str(_HIGHEST_SEED)) or int(value) > _HIGHEST_SEED:
        problem = f"a whole number from 0 to {_HIGHEST_SEED}"
        raise ValueError(problem)
    return int(value)


def _switch(value: str) -> bool:
    if value.lower() not in _TRUE + _FALSE:
        problem = "true or false"
        raise ValueError(problem)
    return value.lower() in _TRUE


def _normalization(value: str) -> str:
    """YAML's other words for a switch are the setting's own."""
    if value.lower() not in ("auto", "on", "off"):
        problem = "auto, on or off"
        raise ValueError(problem)
    return value.lower()


def _number(low: float, high: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            problem = f"a number from {low:g} to {high:g}"
            raise ValueError(problem)
        return number

    return read


_READERS: Mapping[str, Callable[[str], object]] = {
    "voice": _text,
    "language": _language,
    "profile": _text,
    "model": _text,
    "seed": _seed,
    "ssml": _switch,
    "normalize": _normalization,
    "stability": _number(0, 1),
    "similarity_boost": _number(0, 1),
    "style": _number(0, 1),
    "use_speaker_boost": _switch,
    "speed": _number(0.7, 1.2),
    "title": str,  # for people and editors; never spoken
}
