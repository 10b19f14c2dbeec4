"""What can be asked of the service: its voices and its models."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from aligner.speech.refusals import Refused, unknown_voice
from aligner.speech.server.relatives import models
from aligner.speech.server.relatives.place import PREMISES, json
from aligner.speech.server.relatives.requests import Invalid
from aligner.speech.server.voice import speakers, voices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aligner.speech.server.relatives.models import Model
    from aligner.speech.server.voice.speakers import Voice

SETTINGS: Final = {"stability": 0.5, "similarity_boost": 0.75, "style": 0.0, "use_speaker_boost": True, "speed": 1.0}
"""What holds where a client says nothing (protocol, client messages)."""

PAGE: Final = 10
LONGEST_PAGE: Final = 100
"""Voices of one page of ``/v2/voices``, as the live service has it."""

_MARK: Final = b"voice "


async def all_voices(request: web.Request) -> web.Response:
    """Every voice at once."""
    return json({"voices": [shown(voice) for voice in _known(request)]})


async def found_voices(request: web.Request) -> web.Response:
    """The voices that match, page by page."""
    size = _page_size(request.query.get("page_size"))
    begin = _place(request.query.get("next_page_token"))
    matching = _matching(request)
    rest = len(matching) > begin + size
    return json(
        {
            "voices": [shown(voice) for voice in matching[begin : begin + size]],
            "has_more": rest,
            "total_count": len(matching),
            "next_page_token": _token(begin + size) if rest else None,
        }
    )


async def one_voice(request: web.Request) -> web.Response:
    """One voice; also a combination with a variant, which no list has."""
    voice_id = request.match_info["voice_id"]
    voice = voices.find(voice_id, request.app[PREMISES].stock.voices)
    if voice is None:
        raise Refused(unknown_voice(voice_id))
    return json(shown(voice))


async def default_settings(request: web.Request) -> web.Response:
    """The settings of a voice where a client says nothing: the same for all."""
    del request
    return json(SETTINGS)


async def all_models(request: web.Request) -> web.Response:
    """Every model."""
    del request
    return json([_model(model) for model in models.MODELS])


def shown(voice: Voice) -> dict[str, Any]:
    """A voice as it is listed."""
    return {
        "voice_id": voice.voice_id,
        "name": voice.name,
        "category": voice.category,
        "labels": voice.labels,
        "description": voice.description or None,
        "settings": SETTINGS,
        "high_quality_base_model_ids": [model.model_id for model in models.MODELS],
    }


def _known(request: web.Request) -> tuple[Voice, ...]:
    """Own presets first: who made them looks for them."""
    return voices.catalogue(request.app[PREMISES].stock.voices)


def _matching(request: web.Request) -> Sequence[Voice]:
    query = request.query
    terms = query.get("search", "").lower().split()
    ids = {voice_id.lower() for given in query.getall("voice_ids", []) for voice_id in given.split(",")}
    language = query.get("language", "").lower()
    found = [
        voice
        for voice in _known(request)
        if (not ids or voice.voice_id.lower() in ids)
        and _speaks(voice, language)
        and all(term in words for words in [" ".join(_words(voice)).lower()] for term in terms)
    ]
    if query.get("sort") == "name":
        found.sort(key=lambda voice: voice.name.lower(), reverse=query.get("sort_direction") == "desc")
    return found


def _speaks(voice: Voice, language: str) -> bool:
    return not language or f"{voice.language.lower()}-".startswith(f"{language}-")


def _words(voice: Voice) -> Iterator[str]:
    for value in shown(voice).values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from (word for word in value.values() if isinstance(word, str))


def _page_size(given: str | None) -> int:
    size = int(given) if given and given.isascii() and given.isdigit() and len(given) < 4 else 0  # noqa: PLR2004 - 100
    if given is not None and not 1 <= size <= LONGEST_PAGE:
        raise Invalid(("query", "page_size"), f"page_size is a number from 1 to {LONGEST_PAGE}")
    return size or PAGE


def _token(place: int) -> str:
    return urlsafe_b64encode(b"%s%d" % (_MARK, place)).decode()


def _place(token: str | None) -> int:
    if not token:
        return 0
    try:
        place = urlsafe_b64decode(token)
    except ValueError:
        place = b""
    number = place.removeprefix(_MARK)
    if number == place or not number.isdigit() or len(number) > 9:  # noqa: PLR2004 - far more than there are voices
        raise Invalid(("query", "next_page_token"), "next_page_token is none that this service gave out")
    return int(number)


def _model(model: Model) -> dict[str, Any]:
    languages = [("en", "English")] if model.english else _languages()
    return {
        "model_id": model.model_id,
        "name": model.name,
        "description": model.description,
        "can_be_finetuned": False,
        "can_do_text_to_speech": True,
        "can_do_voice_conversion": False,
        "can_use_style": True,
        "can_use_speaker_boost": True,
        "serves_pro_voices": False,
        "token_cost_factor": model.price,
        "requires_alpha_access": False,
        "max_characters_request_free_user": model.longest,
        "max_characters_request_subscribed_user": model.longest,
        "maximum_text_length_per_request": model.longest,
        "languages": [{"language_id": tag, "name": name} for tag, name in languages],
        "model_rates": {"character_cost_multiplier": model.price},
        "concurrency_group": "standard",
    }


def _languages() -> list[tuple[str, str]]:
    """Every language that the engine speaks, with the name of its plainest voice."""
    found: dict[str, str] = {}
    for voice in sorted(speakers.plain(), key=lambda voice: len(voice.language)):
        found.setdefault(voice.language.partition("-")[0], voice.name)
    return sorted(found.items())


ROUTES: Final = (
    web.get("/v1/voices", all_voices, name="voices"),
    web.get("/v2/voices", found_voices, name="voices_search"),
    web.get("/v1/voices/settings/default", default_settings, name="voice_settings"),
    web.get("/v1/voices/{voice_id}", one_voice, name="voice"),
    web.get("/v1/models", all_models, name="models"),
)
