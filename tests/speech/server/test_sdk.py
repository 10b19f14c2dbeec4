"""The official client, as real programs use it (`elevenlabs`): it must get speech from the embedded service."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.errors import UnprocessableEntityError
from fakes.http import served

from aligner.audio import measure, parse_format
from aligner.model import Secret
from aligner.speech.server.app import serve
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = ["Hello world, this is the ", "official client speaking. It cuts ", "text at punctuation, and ends ", "here."]

# The client itself uses what websockets has renamed.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def speak(url: str, output_format: str, voice: str = "en-us", key: str = "any") -> bytes:
    client = ElevenLabs(api_key=key)
    client.text_to_speech._ws_base_url = url  # noqa: SLF001 - it has no other way to a service without TLS

    def text() -> Iterator[str]:
        yield from TEXT

    chunks = client.text_to_speech.convert_realtime(
        voice,
        text=text(),
        model_id="eleven_multilingual_v2",
        output_format=output_format,
    )
    return b"".join(chunks)


def heard(output_format: str, voice: str = "en-us", key: str = "any", api_key: str | None = None) -> bytes:
    async def run() -> bytes:
        async with serve(ServiceOptions(workers=1, api_key=Secret(api_key) if api_key else None)) as service:
            return await asyncio.to_thread(speak, service.url, output_format, voice, key)

    return asyncio.run(run())


@pytest.mark.parametrize("output_format", ["pcm_22050", "pcm_16000", "mp3_44100_128", "mp3_22050_32"])
def test_the_official_client_gets_speech(output_format: str) -> None:
    wanted = parse_format(output_format)
    sound = measure(wanted, [heard(output_format)])
    assert sound.rate == wanted.sample_rate
    assert 4 <= sound.samples / sound.rate <= 10


def test_its_key_is_looked_at() -> None:
    assert heard("pcm_22050", key="k1", api_key="k1")
    with pytest.raises(ApiError) as error:
        heard("pcm_22050", key="k2", api_key="k1")
    assert "Invalid API key" in json.dumps(str(error.value))


def test_an_unknown_voice_is_an_error_of_the_client() -> None:
    with pytest.raises(ApiError) as error:
        heard("pcm_22050", voice="nobody")
    assert error.value.status_code == 1008


# -- its HTTP methods -------------------------------------------------------------------------------------------------

VOICE, MODEL = "en-us", "eleven_multilingual_v2"


@pytest.fixture(scope="module")
def client() -> Iterator[ElevenLabs]:
    # With a pool of connections of our own: the client never closes the one that it makes.
    with served(ServiceOptions(workers=1)) as url, httpx.Client(timeout=60) as pool:
        yield ElevenLabs(api_key="any", base_url=url, httpx_client=pool)


@pytest.mark.parametrize("method", ["convert", "stream"])
@pytest.mark.parametrize("output_format", ["mp3_44100_128", "pcm_16000", "ulaw_8000", "opus_48000_64"])
def test_the_official_client_gets_speech_over_http(client: ElevenLabs, method: str, output_format: str) -> None:
    speech = getattr(client.text_to_speech, method)
    wanted = parse_format(output_format)
    pieces = list(speech(VOICE, text="".join(TEXT), model_id=MODEL, output_format=output_format))
    sound = measure(wanted, pieces)
    assert sound.rate == wanted.sample_rate
    assert 4 <= sound.samples / sound.rate <= 10


def test_it_gets_the_times_of_the_characters(client: ElevenLabs) -> None:
    answer = client.text_to_speech.convert_with_timestamps(VOICE, text="Hello there.", output_format="pcm_22050")
    assert answer.alignment
    assert "".join(answer.alignment.characters) == "Hello there. "
    length = len(base64.b64decode(answer.audio_base_64)) / 2 / 22_050
    assert answer.alignment.character_end_times_seconds[-1] == pytest.approx(length, abs=0.002)


def test_it_gets_them_line_by_line(client: ElevenLabs) -> None:
    text = "".join(TEXT)
    lines = list(client.text_to_speech.stream_with_timestamps(VOICE, text=text, output_format="pcm_22050"))
    aligned = [line.alignment for line in lines if line.alignment]
    assert len(aligned) > 1
    assert "".join(character for one in aligned for character in one.characters) == f"{text} "
    starts = [start for one in aligned for start in one.character_start_times_seconds]
    assert starts == sorted(starts)
    assert starts[-1] > 4


def test_it_lists_voices_and_models(client: ElevenLabs) -> None:
    assert "de" in {voice.voice_id for voice in client.voices.get_all().voices}
    page = client.voices.search(search="german", page_size=1, include_total_count=True)
    assert (len(page.voices), page.total_count > 0) == (1, True)
    assert client.voices.get("de").name == "German"
    assert client.voices.settings.get_default().stability == 0.5
    assert MODEL in {model.model_id for model in client.models.list()}


def test_it_learns_about_the_account(client: ElevenLabs) -> None:
    before = client.user.subscription.get().character_count
    b"".join(client.text_to_speech.convert(VOICE, text="Ten of us.", output_format="pcm_8000"))
    assert client.user.subscription.get().character_count == before + 10
    assert client.user.get().subscription.status == "active"


def test_a_refusal_over_http_is_an_error_of_the_client(client: ElevenLabs) -> None:
    with pytest.raises(ApiError) as error:
        b"".join(client.text_to_speech.convert("nobody", text="Hello."))
    assert error.value.status_code == 404
    assert error.value.body["detail"]["status"] == "voice_not_found"


def test_what_breaks_the_schema_is_one_too(client: ElevenLabs) -> None:
    with pytest.raises(UnprocessableEntityError) as error:
        b"".join(client.text_to_speech.convert(VOICE, text="Hello.", seed=-1))
    assert error.value.body["detail"][0]["loc"] == ["body", "seed"]
