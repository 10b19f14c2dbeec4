"""Refusals: what the service says when it says no, and what that means for a client.

One table for both sides: the embedded service answers with these, and the client turns what any service answers (an
error frame, a close reason, an HTTP body) into one exception. No socket, no state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import msgspec

from aligner.errors import ConnectionFailed, KeyRefused, ServiceBusy, ServiceRefused, SpeechError
from aligner.speech import messages

CLOSE_POLICY: Final = 1008
CLOSE_RESTART: Final = 1012
REASON_BYTES: Final = 123
"""A close frame holds no more of a reason (RFC 6455, 5.5)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error frame, and the close that follows it."""

    error: str
    message: str
    code: int = CLOSE_POLICY

    @property
    def frame(self) -> bytes:
        """The error frame."""
        return messages.encode_error(self.message, self.error, self.code)

    @property
    def reason(self) -> str:
        """The message as a close reason, cut to what a close frame holds without breaking a character."""
        return self.message.encode()[:REASON_BYTES].decode(errors="ignore")


INVALID_KEY: Final = Refusal("invalid_api_key", "Invalid API key")
INVALID_MESSAGE: Final = Refusal(
    "invalid_input_message",
    "Could not parse input message, make sure it is a json and follows the schema outlined in protocol.",
)
SETTINGS_CHANGED: Final = Refusal(
    "invalid_input_message",
    "voice_settings field must be provided in the first message and then either be not provided or not change.",
)
GENERATION_CHANGED: Final = replace(
    SETTINGS_CHANGED, message=SETTINGS_CHANGED.message.replace("voice_settings", "generation_config")
)
SYSTEM_BUSY: Final = Refusal("system_busy", "The system is experiencing heavy traffic, please try again.")
SHUTTING_DOWN: Final = Refusal("system_busy", "The service is shutting down, please try again.", CLOSE_RESTART)
INTERNAL: Final = Refusal("internal_error", "We are sorry, something went wrong. You are not charged for this request.")


def unknown_voice(voice_id: str) -> Refusal:
    """The refusal of a voice that does not exist."""
    return Refusal("voice_id_does_not_exist", f"A voice with voice_id {voice_id} does not exist.")


def input_timeout(seconds: float) -> Refusal:
    """The refusal of a client that sent no text for too long."""
    return Refusal(
        "input_timeout_exceeded",
        f"Have not received a new text input within the timeout of {seconds:g} seconds. Streaming input terminated. "
        "Please make sure to send a new text input within the timeout, or a single space to keep the connection open.",
    )


def too_many_requests(most: int) -> Refusal:
    """The refusal of one session too many that generates at a time."""
    return Refusal(
        "too_many_concurrent_requests",
        f"Too many concurrent requests. The maximum is {most} at a time; please wait until one has ended.",
    )


def too_many_characters(most: int) -> Refusal:
    """The refusal of a session that sends more text than one may."""
    return Refusal(
        "max_character_limit_exceeded",
        f"This session exceeds the maximum of {most} characters. Please start another one.",
    )


def quota_exceeded(most: int, left: int, needed: int) -> Refusal:
    """The refusal of text that is more than what is left of the service's quota."""
    return Refusal(
        "quota_exceeded",
        f"This request exceeds your quota of {most}. You have {left} credits remaining, "
        f"while {needed} credits are required for this request.",
    )


class Refused(SpeechError):
    """Server side: the client broke a rule; ``refusal`` is what to answer. It never leaves the service's process."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal

    def __reduce__(self) -> tuple[type[Refused], tuple[Refusal]]:
        return type(self), (self.refusal,)


# What an error frame, a close reason or an HTTP body says, and what it means for the caller. The names are the
# service's own; the phrases stand in close reasons that carry no name. The first match decides.
_MEANINGS: Final[tuple[tuple[tuple[str, ...], type[SpeechError], str], ...]] = (
    (("api_key", "api key", "unauthorized", "authorization"), KeyRefused, "set ELEVENLABS_API_KEY to a valid key"),
    (
        ("pronunciation_dictionary",),
        ServiceRefused,
        "name a dictionary that the service has, or leave out --dictionary",
    ),
    (("invalid_ssml",), ServiceRefused, "mend the tag in the document"),
    (("voice_id", "voice_not_found"), ServiceRefused, "`aligner voices` lists what the engine can speak with"),
    (("quota", "credits"), ServiceRefused, "wait for the quota to renew, or raise it"),
    (("unsupported_model", "model"), ServiceRefused, "choose another --model"),
    (("concurrent", "rate_limit", "busy", "too many"), ServiceBusy, "lower --jobs"),
    (("input_timeout", "something went wrong"), ConnectionFailed, "run the same command again"),
)


def refused(error: str, message: str) -> SpeechError:
    """The exception for what a service says in an error frame, a close reason or an HTTP body."""
    said = f"{error} {message}".lower()
    text = f"the service refused: {(message or error or 'it gave no reason').removesuffix('.')}"
    for phrases, kind, mend in _MEANINGS:
        if any(phrase in said for phrase in phrases):
            return kind(text, mend=mend)
    return ServiceRefused(text)


def refused_upgrade(status: int, body: bytes) -> SpeechError:
    """The exception for an HTTP status other than 101 at the upgrade, with the body that explains it."""
    error, message = _detail(body)
    text = f"the service refused the connection: HTTP {status} {message.removesuffix('.')}".rstrip()
    if status == 401 or status == 403:  # noqa: PLR1714, PLR2004 - the statuses are the names
        return KeyRefused(text, mend="set ELEVENLABS_API_KEY to a valid key")
    if status == 429:  # noqa: PLR2004 - too many requests
        return ServiceBusy(text, mend="lower --jobs")
    if status >= 500:  # noqa: PLR2004 - the service's own fault
        return ConnectionFailed(text, mend="run the same command again")
    meaning = refused(error, message)
    return type(meaning)(text, mend=meaning.mend)


def _detail(body: bytes) -> tuple[str, str]:
    """Status and message of ``{"detail": {"status": …, "message": …}}``; the start of any other body as message."""
    try:
        detail = msgspec.json.decode(body, type=dict[str, dict[str, str | None]])["detail"]
    except (msgspec.DecodeError, KeyError, UnicodeError, RecursionError):
        return "", body[:200].decode(errors="replace").strip()
    return detail.get("status") or "", detail.get("message") or detail.get("status") or ""
