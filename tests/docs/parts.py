"""The parts of pages that are made: the tree of the package, the tables of the profiles, excerpts of the samples."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import TYPE_CHECKING, Final

from docs.pages import ROOT

from aligner.captions import profiles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PACKAGE: Final = ROOT / "aligner"

FLOW: Final = (
    "documents",
    "speech",
    "speech/server",
    "speech/server/text",
    "speech/server/text/normalization",
    "speech/server/voice",
    "speech/server/relatives",
    "speech/server/operation",
    "timeline",
    "captions",
    "outputs",
    "batch",
    "cli",
    "audio",
    "",
)
"""The folders in the order of the flow; the last one is the package itself."""

_WIDEST: Final = 96
"""Characters of a line of an excerpt."""
_CUES: Final = {"srt": 3, "vtt": 2}
_WORDS: Final = 3


def packages() -> set[str]:
    """Every folder that holds Python, below the package."""
    return {path.parent.relative_to(PACKAGE).as_posix().removeprefix(".") for path in PACKAGE.rglob("*.py")}


def tree() -> str:
    """Every module with the first sentence of its docstring, folder by folder."""
    rows = ["| file | what it is |", "|---|---|"]
    for folder in FLOW:
        modules = sorted((PACKAGE / folder).glob("*.py"), key=lambda path: (path.stem != "__init__", path.stem))
        rows += [_row(path, folder) for path in modules if _docstring(path)]
    return "\n".join([*rows, ""])


def _row(path: Path, folder: str) -> str:
    shown = f"**`{folder or 'aligner'}/`**" if path.stem == "__init__" else f"`{path.name}`"
    return f"| [{shown}](../../{path.relative_to(ROOT).as_posix()}) | {_sentence(_docstring(path))} |"


def _docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def _sentence(docstring: str) -> str:
    first = " ".join(docstring.split("\n\n", maxsplit=1)[0].split())
    return re.split(r"(?<=[.])\s", first)[0].replace("``", "`").replace("|", "\\|")


def styles() -> str:
    """The caption styles with their numbers for English."""
    rows = [
        "| profile | a cue | lines | characters a second | on screen | gap between cues |",
        "|---|---|---|---|---|---|",
    ]
    for name in profiles.names():
        style = profiles.load(name, "en")
        size = f"{style.lines} of {style.characters}"
        seconds = f"{_number(style.min_seconds)} to {_number(style.max_seconds)} s"
        gap = f"{style.gap_frames} frames" if style.gap_frames else "none"
        fps = f"{_number(style.fps)} fps"
        rows.append(f"| `{name}` | {style.unit} | {size} | {_number(style.cps)} | {seconds} | {gap} at {fps} |")
    return "\n".join([*rows, ""])


def sources() -> str:
    """Where the numbers of the caption styles come from, and when they were looked up."""
    rows = ["| profile | title | source | checked |", "|---|---|---|---|"]
    for name in profiles.names():
        file = _style(name)
        rows.append(f"| `{name}` | {file['title']} | {file['source']} | {file['checked']} |")
    return "\n".join([*rows, ""])


def languages() -> str:
    """The languages in which the two Netflix styles have numbers of their own."""
    verbatim, translated = _style("netflix"), _style("netflix-translation")
    rows = [
        "| language | characters a line | a second, `netflix` | a second, `netflix-translation` |",
        "|---|---|---|---|",
    ]
    known = verbatim["language"].keys() | translated["language"].keys()
    for language in sorted(known):
        ours, theirs = ({**file["limits"], **file["language"].get(language, {})} for file in (verbatim, translated))
        width = f"{ours['characters']}{' full-width' if ours.get('full_width') else ''}"
        rows.append(f"| `{language}` | {width} | {ours['cps']} | {theirs['cps']} |")
    every = (verbatim["limits"], translated["limits"])
    rows.append(f"| every other | {every[0]['characters']} | {every[0]['cps']} | {every[1]['cps']} |")
    return "\n".join([*rows, ""])


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "tree": tree,
    "styles": styles,
    "sources": sources,
    "languages": languages,
}


def _style(name: str) -> dict[str, dict[str, dict[str, object]]]:
    text = (PACKAGE / "captions" / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, dict[str, object]]] = tomllib.loads(text)
    return found


def _number(value: object) -> str:
    return str(value)


def excerpt(path: Path) -> str:
    """The beginning of an output file, as a fenced block."""
    lines = path.read_text(encoding="utf-8").splitlines()
    kind = path.suffix[1:]
    shown = _first_words(lines) if kind == "json" else _first_cues(lines, _CUES[kind])
    return "\n".join([f"```{'json' if kind == 'json' else ''}", *shown, "```", ""])


def _first_cues(lines: list[str], count: int) -> list[str]:
    times = [number for number, line in enumerate(lines) if "-->" in line]
    stop = times[count]
    # The cue's index, in SRT, and the blank line before it.
    while lines[stop - 1] == "" or lines[stop - 1].isdigit():
        stop -= 1
    return lines[:stop]


def _first_words(lines: list[str]) -> list[str]:
    stop = lines.index('"words": [') + 1 + _WORDS
    return [*(line if len(line) <= _WIDEST else f"{line[: _WIDEST - 2]} …" for line in lines[:stop]), "…"]
