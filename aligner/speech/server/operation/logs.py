"""How a line of the log is written, as text for people or as JSON for programs.

A line must not give away what a client said: of other libraries' records only the first line is taken, and of an
exception its kind and where it was raised, for its message may quote anything.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO

FORMATS: Final = ("text", "json")
LEVELS: Final = ("debug", "info", "warning", "error")

_OURS: Final = "aligner"
_PLAIN: Final = re.compile(r"[\w.:/+@-]+")
"""What stands in a text line without quotes: anything else could pretend to be another field or another line."""
_UNSEEN: Final = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What JSON leaves as it is, and a terminal obeys or takes for the end of a line."""

_Fields: TypeAlias = dict[str, object]
_Fault: TypeAlias = "tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]"


def configure(stream: TextIO, form: str = "text", level: str = "info") -> None:
    """Send the log to a stream, for the whole process. Other libraries are heard from warnings on.

    Their debug lines show headers and frames, which hold keys and text.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json() if form == "json" else Text())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(level.upper())


class Text(logging.Formatter):
    """``TIME LEVEL EVENT name=value …``; values with anything but letters and a few signs stand in quotes."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields = _fields(record)
        event = fields.pop("event")
        told = "".join([f" {name}={_spelled(value)}" for name, value in fields.items()])
        return _seen(f"{_time(record)} {record.levelname} {event}{told}")


class Json(logging.Formatter):
    """One object a line: time, level, event, then what belongs to the event."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {"time": _time(record), "level": record.levelname.lower(), **_fields(record)}
        return _seen(json.dumps(line, ensure_ascii=False, default=str))


def _fields(record: logging.LogRecord) -> _Fields:
    event = getattr(record, "event", None)
    if event is not None:
        return {"event": event, **getattr(record, "fields", {})}
    said = record.getMessage().partition("\n")[0]
    found: _Fields = {"event": "message", "logger": record.name, "message": said}
    if record.exc_info:
        found |= _fault(record.exc_info)
    return found


def _fault(info: _Fault) -> _Fields:
    kind, _, trace = info
    if kind is None:
        return {}
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return {"exception": kind.__name__, "raised": " < ".join(reversed(places))}


def _spelled(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _seen(line: str) -> str:
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
