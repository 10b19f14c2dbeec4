"""The binding to libespeak-ng: text in, samples and marks out.

Only a worker process loads it: the library keeps all of its state in globals, some texts crash it, and its licence
(GPL) stays outside of aligner's own process. No asyncio here, and nothing of the protocol.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import struct
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import espeakng_loader

from aligner.errors import EngineError
from aligner.speech.server.voice import phonemes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ctypes import _Pointer

    from aligner.speech.server.voice.ipa import Inventory

RATE: Final = 22_050
"""Samples a second of every voice; 16 bits, little-endian, mono."""

_OLDEST: Final = (1, 52)  # 1.51 tells of words that are not there
_LONGEST_PATH: Final = 150  # characters of the data path; the library fails from about 160 on
_SYNCHRONOUS: Final = 2
_BUFFER_MS: Final = 1000  # the utterance is wanted whole: its own 60 ms would only mean more calls
_PHONEME_EVENTS_IN_IPA: Final = 0x3
_DO_NOT_EXIT: Final = 0x8000  # without it a failure ends the process
_UTF8: Final = 0x1
_PHONEMES: Final = 0x100  # what stands in [[ ]] are phonemes
_END_PAUSE: Final = 0x1000
_BY_CHARACTER: Final = 1
_RATE_PARAMETER, _VOLUME_PARAMETER, _PITCH_PARAMETER, _RANGE_PARAMETER = 1, 2, 3, 4
_FASTEST: Final = 449
_LIST_END, _WORD, _PHONEME, _CLAUSE_END = 0, 1, 7, 5

# \x01 begins a command of the library, NUL ends its text; the others are never meant to be heard.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# What was found to crash the Vietnamese voices: a backtick by itself, a hyphen after another sign, two Indian letters.
_VIETNAMESE: Final = "aav/vi"
_CRASHING: Final = re.compile(r"[`\u0960\u0ae0]|(?<!\w)-|-(?!\w)")
_PARAGRAPH: Final = re.compile(r"\n\s*\Z")
_SPOKEN_END: Final = re.compile(r"\w\s*\Z")


class Mark(NamedTuple):
    """One event of the library: at ``sample`` something begins."""

    word: bool
    """A word begins here: ``position`` says where in the text. Else a sound of the word before, or a pause."""
    position: int
    """The code point that the word begins at, as the library counts: from 0, now and then the blank before the word."""
    sample: int
    sound: str
    """The phone in IPA; empty for a pause, a clause's end and a word."""


@dataclass(frozen=True, slots=True)
class Manner:
    """Who speaks, and how."""

    voice: str
    """The library's own name for it (``gmw/en-US``), perhaps with a ``+variant``."""
    rate: int = 175
    """Words a minute, 80 to 449."""
    pitch: int = 50
    """0 to 100."""
    pitch_range: int = 50
    """0 (a monotone) to 100."""
    volume: int = 100
    """Per cent of the voice's own, 0 to 200."""


class _Identity(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Identity),
    )


# The same as a record: type, text_position, sample and the name; the library's list holds 20 of them and 200 a second
# of its buffer, so that a block of 20 never reaches beyond it.
_EVENT: Final = struct.Struct("=i4xi8xi8x8s")
_BLOCK: Final = 20 * _EVENT.size
assert _EVENT.size == ctypes.sizeof(_Event)  # noqa: S101 - or every mark would be nonsense

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


class Engine:
    """The library, loaded. One a process.

    Raises:
        EngineError: the library is missing, too old, or does not start.
    """

    def __init__(self, library: str | None = None, data: str | None = None) -> None:
        found = _installed() if library is None else (library, data)
        self._library = _load(found[0])
        self._data = Path()
        self._start(found[1])
        self._voice = ""
        self._sound: list[bytes] = []
        self._marks: list[Mark] = []
        self._inventories: dict[str, Inventory] = {}
        # The library keeps the address only: the object must live as long as the engine.
        self._callback = _Callback(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, manner: Manner, sounds: Sequence[tuple[int, int, str]] = ()) -> tuple[bytes, list[Mark]]:
        """A text of a sentence or so as sound (16-bit samples at ``RATE``), with the marks of that very sound.

        A pause follows where the text ends with punctuation, a longer one where it ends with a newline. ``sounds`` are
        stretches of it (in code points, ascending) that are pronounced as the IPA given with them.

        Raises:
            EngineError: there is no such voice, it cannot pronounce a stretch, or the library gave up.
        """
        self._choose(manner)
        flags = _UTF8 | (0 if _SPOKEN_END.search(text) and not _PARAGRAPH.search(text) else _END_PAUSE)
        if not sounds:
            return self._synthesize(_speakable(text, manner.voice), flags)
        script = phonemes.script(text, sounds, self._inventory(manner))
        sound, marks = self._synthesize(_speakable(script.text, manner.voice), flags | _PHONEMES)
        return sound, [mark._replace(position=script.place(mark.position)) if mark.word else mark for mark in marks]

    def _synthesize(self, text: str, flags: int) -> tuple[bytes, list[Mark]]:
        self._sound, self._marks = [], []
        spoken = text.encode(errors="replace")
        status = self._library.espeak_Synth(spoken, len(spoken) + 1, 0, _BY_CHARACTER, 0, flags, None, None)
        if status:
            raise EngineError(f"the voice engine gave up (status {status})")
        return b"".join(self._sound), self._marks

    def _inventory(self, manner: Manner) -> Inventory:
        """What a voice can pronounce, asked of it once: 30 ms at its fastest rate."""
        file = self._data / "lang" / manner.voice.partition("+")[0]
        name = phonemes.table_name(file.read_text(encoding="utf-8", errors="replace"))
        if name not in self._inventories:
            found = phonemes.table((self._data / "phontab").read_bytes(), name)
            self._choose(replace(manner, rate=_FASTEST))
            _, marks = self._synthesize(phonemes.probe(found), _UTF8 | _PHONEMES)
            self._choose(manner)
            self._inventories[name] = phonemes.heard(found, marks)
        return self._inventories[name]

    def _start(self, data: str | None) -> None:
        if data is not None and len(data) > _LONGEST_PATH:
            # The worker is a process of its own: nobody else minds where it stands.
            os.chdir(data)
            data = "."
        options = _DO_NOT_EXIT | _PHONEME_EVENTS_IN_IPA
        rate = self._library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, os.fsencode(data) if data else None, options)
        if rate != RATE:
            raise EngineError("the voice engine does not start", str(data or ""), "reinstall espeakng-loader")
        # The noise in a whisper would begin with the time of day, and the same request not be the same sound.
        self._library.espeak_ng_SetRandSeed(1)
        path = ctypes.c_char_p()
        self._library.espeak_Info(ctypes.byref(path))
        self._data = Path(os.fsdecode(path.value or b""))

    def _choose(self, manner: Manner) -> None:
        if manner.voice != self._voice:
            if self._library.espeak_SetVoiceByName(manner.voice.encode()):
                raise EngineError(f"the voice engine has no voice {manner.voice!r}")
            self._voice = manner.voice
        self._library.espeak_SetParameter(_RATE_PARAMETER, manner.rate, 0)
        self._library.espeak_SetParameter(_VOLUME_PARAMETER, manner.volume, 0)
        self._library.espeak_SetParameter(_PITCH_PARAMETER, manner.pitch, 0)
        self._library.espeak_SetParameter(_RANGE_PARAMETER, manner.pitch_range, 0)

    def _receive(self, samples: int | None, count: int, events: _Pointer[_Event]) -> int:
        """Called by the library once a buffer; 0 lets it go on."""
        if samples and count > 0:
            self._sound.append(ctypes.string_at(samples, count * 2))
        address = ctypes.addressof(events.contents)
        add = self._marks.append
        while True:
            # Many at a time: one by one through ctypes they take a third as long as the speech itself.
            for kind, position, sample, name in _EVENT.iter_unpack(ctypes.string_at(address, _BLOCK)):
                if kind == _PHONEME:
                    add(Mark(False, -1, sample, _sound(name)))  # noqa: FBT003 - hundreds of thousands an hour
                elif kind == _WORD:
                    add(Mark(True, position - 1, sample, ""))  # noqa: FBT003 - as above
                elif kind == _LIST_END:
                    return 0
                elif kind == _CLAUSE_END:
                    add(Mark(False, -1, sample, ""))  # noqa: FBT003 - as above
            address += _BLOCK


@lru_cache(maxsize=1024)
def _sound(name: bytes) -> str:
    sound = name.partition(b"\0")[0].decode(errors="replace")
    # "(en)" says that another language begins; it is no sound.
    return "" if sound.startswith("(") else sound


def _speakable(text: str, voice: str) -> str:
    """The text with a blank for every sign that is none; its paragraph's end, if any, as the library knows one."""
    ending = "\n\n" if _PARAGRAPH.search(text) else ""
    if voice.startswith(_VIETNAMESE):
        text = _CRASHING.sub(" ", text)
    return _CONTROLS.sub(" ", text).rstrip() + ending


def _installed() -> tuple[str, str | None]:
    """Library and data of the `espeakng-loader` wheel, else of the system (which finds its own data)."""
    library, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
    if Path(library).exists():
        return str(library), str(data)
    system = ctypes.util.find_library("espeak-ng")
    if system is None:
        raise EngineError("the voice engine espeak-ng is missing", mend="pip install espeakng-loader")
    return system, None


def _load(path: str) -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise EngineError(f"the voice engine cannot be loaded ({error})", path, "reinstall espeakng-loader") from None
    _declare(library)
    version = library.espeak_Info(None).decode(errors="replace")
    if _numbers(version) < _OLDEST:
        raise EngineError(f"espeak-ng {version} is too old", path, "pip install espeakng-loader")
    return library


def _declare(library: Any) -> None:  # noqa: ANN401 - ctypes makes a library's functions up as they are asked for
    c_int, c_uint, c_char_p, c_void_p = ctypes.c_int, ctypes.c_uint, ctypes.c_char_p, ctypes.c_void_p
    library.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]
    library.espeak_Initialize.argtypes = [c_int, c_int, c_char_p, c_int]
    library.espeak_Info.argtypes = [c_void_p]
    library.espeak_Info.restype = c_char_p
    library.espeak_SetVoiceByName.argtypes = [c_char_p]
    library.espeak_SetParameter.argtypes = [c_int, c_int, c_int]
    library.espeak_SetSynthCallback.argtypes = [_Callback]
    library.espeak_SetSynthCallback.restype = None
    library.espeak_Synth.argtypes = [c_char_p, ctypes.c_size_t, c_uint, c_int, c_uint, c_uint, c_void_p, c_void_p]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
