"""Every error that aligner raises, on one screen.

An error says three things: where (a file, a segment, a setting), what is wrong, and how to mend it. All of them
reach ``Exception.__init__`` as plain fields and the sentence is built in ``__str__``, so that an error survives
pickling: one that does not would hang a process pool.
"""

from __future__ import annotations

from typing import Final, Self

EXIT_DONE: Final = 0
EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130
"""What a process ends with: all done; something failed; wrong usage or settings, nothing spoken; Ctrl-C."""


class AlignerError(Exception):
    """The root. ``problem`` is one clause, ``place`` where it happened, ``mend`` what the reader can do."""

    def __init__(self, problem: str, place: str = "", mend: str = "") -> None:
        super().__init__(problem, place, mend)

    @property
    def problem(self) -> str:
        """What is wrong, as one clause without a full stop."""
        return str(self.args[0])

    @property
    def place(self) -> str:
        """Where: a file with its line, a document with its segment, the name of a setting; empty where unknown."""
        return str(self.args[1])

    @property
    def mend(self) -> str:
        """What the reader can do about it, as one clause; empty where nothing can be advised."""
        return str(self.args[2])

    def at(self, place: str) -> Self:
        """The same error with an outer place in front, as it climbs from a segment to its document."""
        return type(self)(self.problem, f"{place}, {self.place}" if self.place else place, self.mend)

    def __str__(self) -> str:
        text = f"{self.place}: {self.problem}" if self.place else self.problem
        return f"{text}; {self.mend}" if self.mend else text


class UsageError(AlignerError):
    """Wrong usage or settings: nothing was spoken (exit code 2)."""


class DocumentError(AlignerError):
    """A document cannot be read, or holds nothing that can be spoken."""


class MarkupError(AlignerError):
    """Markup in a text (SSML) that cannot be read, or says something that has no meaning."""


class TimingFileError(AlignerError):
    """A timing JSON does not keep to its schema."""


class OutputError(AlignerError):
    """A file cannot be written: the folder, the rights, the disk."""


class AudioError(AlignerError):
    """Sound that is not what its format says."""


class SpeechError(AlignerError):
    """The speech service did not give what was asked for."""


class ProtocolError(SpeechError):
    """A message that breaks the protocol: no JSON, no base64, a field of the wrong type."""


class ConnectionFailed(SpeechError):
    """The service cannot be reached, or the connection died: worth another try."""


class ServiceStalled(SpeechError):
    """The service kept silent for longer than the time-out."""


class ServiceBusy(SpeechError):
    """The service has no room just now (too many connections, overload): worth another try, later."""


class ServiceRefused(SpeechError):
    """The service said no: an unknown voice, an unsupported model, a quota. Another try would be refused too."""


class KeyRefused(ServiceRefused):
    """The service does not accept the key (or misses one): wrong settings, like a ``UsageError``."""


class IncompleteSpeech(SpeechError):
    """The session ended, but part of the text was never spoken."""


class EngineError(AlignerError):
    """The embedded voice engine is missing, crashed, or cannot speak this text."""
