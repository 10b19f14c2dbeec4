"""A fuzzer on whole sessions over a socket: whatever a client says, it gets messages of the protocol and a close."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from fakes.embedded import embedded
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from aligner.speech import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSES = {1000, 1007, 1008, 1009}
"""All was said; no UTF-8; a rule was broken; too long. Never 1006 (the service died) nor 1011 (a fault of its own)."""

TEXTS = (
    st.text(max_size=80)
    | st.sampled_from(["", " ", "Hello there. ", "Dr. Smith paid $3.50 on 3/4/2026. ", "`", "\x01\x00", "[[t@]] "])
    | st.sampled_from(
        ["<break time='9s'/>", "<phoneme alphabet='ipa' ph='tə'>to</phoneme>", "<p>", "</s>", "&#0;", "<"]
    )
)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "stability": st.floats(-0.5, 1.5) | st.none(),
        "style": st.floats(0, 1),
        "speed": st.floats(0.6, 1.3),
        "use_speaker_boost": st.booleans() | st.none(),
    },
)
CONFIGS = st.fixed_dictionaries({"chunk_length_schedule": st.lists(st.integers(40, 510), max_size=3)}) | st.none()
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS | st.none(),
        "flush": st.booleans() | st.none(),
        "try_trigger_generation": st.booleans(),
        "voice_settings": SETTINGS | st.none(),
        "generation_config": CONFIGS,
        "pronunciation_dictionary_locators": st.lists(
            st.fixed_dictionaries({"pronunciation_dictionary_id": st.text(max_size=3)}), max_size=4
        ),
        "nonsense": st.integers(),
    },
)
FRAMES = MESSAGES.map(json.dumps) | st.text(max_size=10) | st.binary(max_size=10) | st.just('{"text": ')
QUERIES = st.fixed_dictionaries(
    {"output_format": st.sampled_from(["pcm_22050", "pcm_8000", "mp3_22050_32", "ulaw_8000"])},
    optional={
        "sync_alignment": st.sampled_from(["true", "false"]),
        "auto_mode": st.sampled_from(["true", "false"]),
        "enable_ssml_parsing": st.sampled_from(["true", "false"]),
        "apply_text_normalization": st.sampled_from(["auto", "on", "off", "maybe"]),
        "language_code": st.sampled_from(["en", "de", "xx", ""]),
        "seed": st.sampled_from(["0", "4294967295", "-1", "x"]),
        "inactivity_timeout": st.just("2"),
        "anything": st.just("else"),
    },
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with embedded() as found:
        yield found


async def said(url: str, query: dict[str, str], frames: list[str | bytes]) -> tuple[list[dict[str, Any]], int | None]:
    heard: list[dict[str, Any]] = []
    path = "/v1/text-to-speech/en-us/stream-input?" + "&".join(f"{name}={value}" for name, value in query.items())
    try:
        async with connect(url + path, max_size=None) as socket:
            try:
                for frame in (*frames, '{"text": ""}'):
                    await socket.send(frame)
                async for frame in socket:
                    heard.append(json.loads(frame))  # noqa: PERF401 - what came before the close counts
            except ConnectionClosed:
                pass
    except InvalidStatus as refused:
        status, body = refused.response.status_code, refused.response.body or b""
    else:
        return heard, socket.close_code
    assert (status, json.loads(body)["detail"]["status"]) == (400, "invalid_parameters")
    return [], 1008


@settings(deadline=None, max_examples=120)
@given(QUERIES, st.lists(FRAMES, max_size=6))
def test_whatever_a_client_says_it_gets_the_protocol(
    url: str, query: dict[str, str], frames: list[str | bytes]
) -> None:
    heard, code = asyncio.run(said(url, query, frames))
    assert code in CLOSES
    for message in heard[:-1]:
        assert set(message) == {"audio", "isFinal", "alignment", "normalizedAlignment"}
        messages.to_chunk(messages.decode_server(json.dumps(message)))
    if code == 1000:
        assert heard[-1]["isFinal"] is True
    if heard and "error" in heard[-1]:
        assert heard[-1]["error"] != "internal_error"
        assert (code, heard[-1]["code"]) == (1008, 1008)


def test_afterwards_it_serves_as_before(url: str) -> None:
    frames: list[str | bytes] = ['{"text": " "}', '{"text": "Hello there. "}']
    heard, code = asyncio.run(said(url, {"output_format": "pcm_22050", "sync_alignment": "true"}, frames))
    assert code == 1000
    assert "".join("".join(one["alignment"]["chars"]) for one in heard if one["alignment"]) == "Hello there. "
