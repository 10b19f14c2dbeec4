"""The official client, as real programs use it (`elevenlabs`): it must get speech from the embedded service."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError

from aligner.audio import measure, parse_format
from aligner.speech.server.app import ServiceOptions, serve

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
        async with serve(ServiceOptions(workers=1, api_key=api_key)) as service:
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
