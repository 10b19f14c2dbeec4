"""What the embedded service is given of one's own: voices and pronunciation dictionaries, from files.

Another engine has its own, by their ids; nothing of it is known here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from aligner.errors import UsageError
from aligner.speech import engines
from aligner.speech.refusals import Refused
from aligner.speech.server.text import dictionaries, lexicon
from aligner.speech.server.voice import voices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aligner.batch.options import Options
    from aligner.speech.engines import Engine
    from aligner.speech.server.text.lexicon import Dictionary
    from aligner.speech.server.voice.voices import Voice

VOICES: Final = Path("voices")
DICTIONARIES: Final = Path("dictionaries")
"""Where they are looked for if nobody says where."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What is there of one's own, and what of it is used."""

    voices: Mapping[str, Voice] = field(default_factory=dict)
    chosen: tuple[Dictionary, ...] = ()
    locators: tuple[tuple[str, str | None], ...] = ()
    """The dictionaries as the service is told of them: (id, version), in order."""
    voices_folder: Path | None = None
    dictionary_files: tuple[Path, ...] = ()
    """Both as the service is started with them."""

    def fingerprint(self, voice_id: str) -> tuple[str, ...]:
        """What tells whether the same would be spoken again: changes with the content of what is used."""
        own = self.voices.get(voice_id.lower())
        used = (own, *self.chosen) if own else self.chosen
        return tuple(hashlib.sha256(msgspec.json.encode(one)).hexdigest() for one in used)


NOTHING_OWN: Final = Stock()


def gather(options: Options, engine: Engine) -> Stock:
    """Read what the settings name, or what lies in the folders ``voices`` and ``dictionaries``.

    Raises:
        UsageError: a file is missing or wrong; there is no such dictionary; a dictionary file for another engine.
    """
    if engine.name != engines.LOCAL:
        for name, _ in options.dictionaries:
            if _is_file(name):
                mend = "name a dictionary of your account by its id, or speak with --engine local"
                raise UsageError(f"{name} is a file, and only the embedded engine reads those", "--dictionary", mend)
        return Stock(locators=options.dictionaries)
    presets = options.voices or (VOICES if any(VOICES.glob("*.toml")) else None)
    files = tuple(_dictionary_files(options))
    known = dictionaries.load(files)
    locators = tuple(
        (lexicon.read(Path(name)).id, None) if _is_file(name) else (name, version)
        for name, version in options.dictionaries
    )
    own = voices.read(presets) if presets else {}
    return Stock(own, _chosen(locators, known), locators, presets, files)


def _is_file(name: str) -> bool:
    return Path(name).suffix.lower() in lexicon.SUFFIXES


def _dictionary_files(options: Options) -> Iterator[Path]:
    """The files that are named, then those of the folder; the folder nobody named only where an id is looked for."""
    named = [Path(name) for name, _ in options.dictionaries if _is_file(name)]
    yield from named
    folder = options.dictionary_folder
    if folder is None and len(named) < len(options.dictionaries) and DICTIONARIES.is_dir():
        folder = DICTIONARIES
    if folder is None:
        return
    if not folder.is_dir():
        raise UsageError("there is no such folder", f"--dictionaries {folder}", "check the path")
    taken = {path.resolve() for path in named}
    yield from (path for path in sorted(folder.iterdir()) if _is_file(path.name) and path.resolve() not in taken)


def _chosen(locators: tuple[tuple[str, str | None], ...], known: Mapping[str, Dictionary]) -> tuple[Dictionary, ...]:
    try:
        return dictionaries.choose(locators, known)
    except Refused as error:
        there = f"there are {', '.join(sorted(known))}" if known else "there are none in ./dictionaries"
        mend = f"{there}; name a file (.pls, .json), or a folder with --dictionaries"
        raise UsageError(error.problem.removesuffix("."), "--dictionary", mend) from None
