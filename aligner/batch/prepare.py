"""How a document is spoken, before it is: its text, its voice, its settings, and whether it has to be spoken at all.

A document's own front matter wins over the run's options, these over the engine's defaults.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import msgspec

from aligner import pipeline
from aligner.audio import parse_format
from aligner.batch.stock import NOTHING_OWN, gather
from aligner.captions import profiles
from aligner.documents import language, readers, segments
from aligner.errors import DocumentError, UsageError
from aligner.pipeline import Style
from aligner.speech import engines
from aligner.speech.address import Address
from aligner.speech.protocol import Opening
from aligner.speech.server.voice import voices
from aligner.speech.stream import Call, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aligner.batch.options import Options
    from aligner.batch.plan import Item
    from aligner.batch.stock import Stock
    from aligner.model import Document
    from aligner.speech.engines import Engine


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that can be spoken."""

    document: Document
    call: Call
    style: Style
    attribution: Mapping[str, object]
    """Who speaks, for the timing JSON; its fingerprint tells later whether the document has to be done again."""
    up_to_date: bool
    """All files are there, and the timing JSON was made of the same text and settings."""


def prepare(item: Item, options: Options, engine: Engine, stock: Stock = NOTHING_OWN) -> Prepared:
    """Read a document and settle how it is spoken.

    Args:
        item: the document.
        options: the settings of the run.
        engine: who speaks.
        stock: the voices and dictionaries of one's own.

    Raises:
        DocumentError: it cannot be read, or asks for what there is not.
    """
    document = _read(item, options)
    style = Style(document.front_matter.profile or options.profile, options.fps)
    try:
        profiles.load(style.profile, document.language, style.fps)
    except UsageError as error:
        raise DocumentError(error.problem, document.source, error.mend) from None
    spoken = call(document, options, engine, stock)
    attribution = _credits(document, spoken, style, (engine.name, *stock.fingerprint(spoken.address.voice_id)))
    return Prepared(document, spoken, style, attribution, _up_to_date(item, str(attribution["fingerprint"])))


def check(options: Options, engine: Engine) -> Stock:
    """Refuse settings that no document could be spoken with, before anything is spoken; what there is of one's own.

    Raises:
        UsageError: an unknown profile, voice, dictionary, format or a number out of its range.
    """
    options.check()
    profiles.load(options.profile, options.language or "en", options.fps)
    if options.language and not language.is_tag(options.language):
        raise UsageError(f"{options.language!r} is no language tag", "--language", "write for example en, de-AT or zh")
    _speech_format(options, engine)
    stock = gather(options, engine)
    if options.voice and engine.name == engines.LOCAL:
        _embedded_voice(options.voice, stock)
    segments.cut("", "en", options.segment_size)
    if options.jobs is not None and options.jobs < 1:
        raise UsageError(f"{options.jobs} connections cannot speak", "--jobs", "name 1 or more")
    return stock


def _read(item: Item, options: Options) -> Document:
    if item.path is None:
        return readers.parse(sys.stdin.buffer.read(), item.source, options.language, ssml=options.ssml)
    return readers.read(item.path, item.source, options.language, ssml=options.ssml)


def call(document: Document, options: Options, engine: Engine, stock: Stock) -> Call:
    """How a document is spoken: its own front matter over the run's options over the engine's defaults.

    Raises:
        DocumentError: there is no such voice, or none for its language.
    """
    own = document.front_matter
    spoken = document.language.split("-")[0]
    model = own.model or options.model or engine.model
    return Call(
        engine.url,
        Address(
            _voice(document, options, engine, stock),
            model,
            # The multilingual models find the language by themselves, and older ones refuse to be told.
            None if engine.paid and model and "v2_5" not in model else spoken,
            _speech_format(options, engine),
            sync_alignment=True,
            apply_text_normalization=own.normalize or options.normalize,
            enable_ssml_parsing=document.ssml,
            seed=own.seed if own.seed is not None else options.seed,
        ),
        Opening(
            pipeline.settings(options.voice_settings, own.voice_settings),
            options.chunk_length_schedule,
            stock.locators,
        ),
        engine.secrets,
        Limits(stall=options.stall),
    )


def _voice(document: Document, options: Options, engine: Engine, stock: Stock) -> str:
    named = document.front_matter.voice or options.voice or engine.voice
    if named and engine.name == engines.LOCAL:
        try:
            return _embedded_voice(named, stock)
        except UsageError as error:
            raise DocumentError(error.problem, document.source, error.mend) from None
    if named:
        return named
    voice = voices.for_language(document.language)
    if voice is None:
        raise DocumentError(
            f"no voice is known for the language {document.language!r}", document.source, "name one with --voice"
        )
    return voice.voice_id


def _embedded_voice(voice_id: str, stock: Stock) -> str:
    if voices.find(voice_id, stock.voices) is None:
        raise UsageError(
            f"unknown voice {voice_id!r}", "--voice", "`aligner voices` lists what the engine can speak with"
        )
    return voice_id


def _speech_format(options: Options, engine: Engine) -> str:
    name = options.speech_format or engine.speech_format
    parse_format(name)
    return name


def _credits(document: Document, call: Call, style: Style, engine: tuple[str, ...]) -> dict[str, object]:
    """Who speaks, for the timing JSON; the fingerprint tells later whether a document has to be done again.

    ``engine`` is its name, and the digests of one's own voice and dictionaries.
    """
    address = call.address
    spoken: dict[str, object] = {
        "engine": engine[0],
        "voice": address.voice_id,
        "model": address.model_id,
        "format": address.output_format,
        "settings": {name: value for name, value in asdict(call.opening.voice_settings).items() if value is not None},
        "seed": address.seed,
        "dictionaries": [name for name, _ in call.opening.dictionaries],
        "profile": style.profile,
        "fps": str(style.fps) if style.fps else None,
        "aligner": version("aligner"),
    }
    spoken = {name: value for name, value in spoken.items() if value not in (None, {}, [])}
    made_of = (
        spoken,
        address.target,
        call.opening.schedule,
        call.opening.dictionaries,
        document.language,
        document.text,
        tuple((tag.place, tag.source) for tag in document.markup),
        engine[1:],
    )
    return {**spoken, "fingerprint": hashlib.sha256(msgspec.json.encode(made_of)).hexdigest()}


class _Fingerprint(msgspec.Struct):
    """As much of a timing JSON as tells what it was made of."""

    speech: dict[str, object]


# Made here and not where it is used: two threads that make one at the same moment crash the process (msgspec 0.22).
_fingerprint = msgspec.json.Decoder(_Fingerprint)


def _up_to_date(item: Item, fingerprint: str) -> bool:
    """Whether all files are there and the timing JSON was made of the same text and settings."""
    timing = item.target.files.get("json")
    if timing is None or not all(file.is_file() for file in item.target.files.values()):
        return False
    try:
        made_of = _fingerprint.decode(timing.read_bytes()).speech.get("fingerprint")
    except (OSError, msgspec.DecodeError):
        return False
    return made_of == fingerprint
