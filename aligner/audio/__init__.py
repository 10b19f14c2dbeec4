"""Sound as bytes and counts: formats, mp3 frames, encoding, and the one sound file of a document.

What is exact about captions begins here: every length is a count of samples or of mp3 frames, never a guess from a bit
rate or from metadata. No stage, no text and no event loop may enter; everything can be called from a thread.
"""

from aligner.audio.encoder import Mp3Encoder, Resampler, resample
from aligner.audio.formats import FORMATS, AudioFormat, parse_format
from aligner.audio.measure import measure
from aligner.audio.opus import OpusEncoder
from aligner.audio.track import Track

__all__ = [
    "FORMATS",
    "AudioFormat",
    "Mp3Encoder",
    "OpusEncoder",
    "Resampler",
    "Track",
    "measure",
    "parse_format",
    "resample",
]
