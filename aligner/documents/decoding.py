"""Bytes become clean text: the encoding, the line ends, the characters that no voice and no player should see.

Nothing here knows a file format, a language or a paragraph.
"""

from __future__ import annotations

import codecs
import re

from aligner.errors import DocumentError

# A UTF-32 mark begins with the bytes of a UTF-16 one, so it is looked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive (such as .docx, .odt or .epub)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)

_CONTROL_BYTES = bytes(b for b in range(0x20) if b not in b"\t\n\v\f\r\x1a\x1b") + b"\x7f"
_SAMPLE = 65_536
_BINARY_SHARE = 0.3
"""Of the first 64 KiB. Stray control characters are dropped from a text; compressed data is no UTF-8, and what is left
(tables of numbers, UTF-16 without its mark) is mostly NUL bytes."""

_PARAGRAPH_ENDS = re.compile("[\f\v\u2029]")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028]")
# C0, DEL and C1; bidirectional embeddings, overrides and isolates (they show text in another order than it is spoken;
# the marks LRM and RLM stay); the byte order mark inside a text; surrogates and noncharacters.
_DROPPED = re.compile(
    "[\x00-\x08\r\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


def decode(data: bytes, name: str) -> str:
    """The text of a file: UTF-8, or UTF-16 and UTF-32 where a byte order mark says so; lines end with a line feed.

    Raises:
        DocumentError: It is no text (naming what it looks like), or its bytes are not what the encoding allows
            (naming the line and the byte).
    """
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", "utf-8"))
    if encoding == "utf-8":
        _refuse_binary(data, name)
    body = data[len(mark) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(body, error, name) from None
    return _LINE_ENDS.sub("\n", text)


def clean(text: str) -> str:
    """The text without control characters and their like; a form feed or vertical tab ends a paragraph."""
    return _DROPPED.sub("", _PARAGRAPH_ENDS.sub("\n\n", text))


def _refuse_binary(data: bytes, name: str) -> None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            problem, mend = f"this is {kind}, not a text", "export it as plain text or Markdown"
            raise DocumentError(problem, name, mend)
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    if controls > _BINARY_SHARE * len(sample):
        problem, mend = "this is binary data, not a text", "if it is a text, save it as UTF-8"
        raise DocumentError(problem, name, mend)


def _wrong_encoding(data: bytes, error: UnicodeDecodeError, name: str) -> DocumentError:
    wide = error.encoding != "utf-8"
    before = data[: error.start]
    line = before.decode(error.encoding).count("\n") + 1 if wide else len((before + b"x").splitlines())
    problem = f"not valid {error.encoding.upper()}: byte 0x{data[error.start]:02x} at offset {error.start}"
    guess = "" if wide or not _reads_as_cp1252(data) else " (it seems to be Windows-1252, also called ANSI or Latin-1)"
    return DocumentError(problem, f"{name}, line {line}", f"save it as UTF-8{guess}")


def _reads_as_cp1252(data: bytes) -> bool:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True
