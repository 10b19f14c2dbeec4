# ruff: noqa: RUF001 - IPA
"""Every row of the protocol's facts, §§1, 2, 5 and 6, as the embedded service keeps it, by its section and name.

The client's side of §§3 and 4 is in `test_rows_of_the_client.py`.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from fakes.embedded import embedded
from fakes.talk import Heard, Message, say, talk, target
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from aligner.audio import FORMATS
from aligner.model import Secret
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "Hello there, this is one sentence. "
FIFTY = "This sentence has exactly fifty characters in it. "
MODELS = [
    "eleven_multilingual_v2", "eleven_flash_v2_5", "eleven_flash_v2", "eleven_turbo_v2_5", "eleven_turbo_v2",
]  # fmt: skip
PLS = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>WHO</grapheme><alias>World Health Organization</alias></lexeme>
  <lexeme><grapheme>World Health</grapheme><alias>never reached</alias></lexeme>
  <lexeme><grapheme>tomato</grapheme><phoneme>təˈmɑːtəʊ</phoneme></lexeme>
</lexicon>
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("dictionaries")
    (folder / "health.pls").write_text(PLS, encoding="utf-8")
    with embedded(ServiceOptions(workers=1, dictionaries=(folder,))) as found:
        yield found


@pytest.fixture(scope="module")
def locked() -> Iterator[str]:
    with embedded(ServiceOptions(workers=1, api_key=Secret("right"))) as found:
        yield found


def heard(url: str, *messages: str | Message, voice: str = "en-us", query: Message | None = None, **how: Any) -> Heard:
    return asyncio.run(talk(url, *messages, path=target(voice, **(query or {})), **how))


def refused(url: str, **query: Any) -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as error:
        asyncio.run(talk(url, path=target(**query)))
    return error.value.response.status_code, (error.value.response.body or b"").decode()


def said(found: Heard) -> str:
    return "".join("".join(m["normalizedAlignment"]["chars"]) for m in found.messages if m.get("normalizedAlignment"))


def error(found: Heard) -> tuple[str, int | None]:
    return found.messages[-1].get("error", ""), found.code


# -- §1 Connection ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_1_model_id(url: str, model: str) -> None:
    assert heard(url, TEXT, query={"model_id": model}).text == TEXT


@pytest.mark.parametrize("model", ["eleven_v3", "eleven_v4_turbo"])
def test_1_model_id_unsupported_is_refused_before_the_upgrade(url: str, model: str) -> None:
    status, body = refused(url, model_id=model)
    assert status == 400
    assert '"status":"unsupported_model"' in body


def test_1_language_code(url: str) -> None:
    english, german = (heard(url, TEXT, query={"language_code": code}) for code in ("en", "de"))
    assert english.text == german.text
    assert english.audio != german.audio


def test_1_language_code_unsupported_is_ignored(url: str) -> None:
    assert heard(url, TEXT, query={"language_code": "xx"}).code == 1000


@pytest.mark.parametrize(("value", "logged"), [("true", True), ("false", False)])
def test_1_enable_logging(url: str, value: str, caplog: pytest.LogCaptureFixture, *, logged: bool) -> None:
    with caplog.at_level(logging.DEBUG, "aligner"):
        heard(url, "Rhubarb and custard. ", query={"enable_logging": value})
    assert any("Rhubarb" in str(vars(record)) for record in caplog.records) == logged


def test_1_enable_ssml_parsing(url: str) -> None:
    query = {"enable_ssml_parsing": "true"}
    plain = heard(url, "Hello there. And again. ", query=query)
    paused = heard(url, 'Hello there. <break time="1.5s"/>And again. ', query=query)
    assert paused.text == plain.text
    assert abs(paused.span - plain.span - 1_500) < 60
    word = '<phoneme alphabet="{}" ph="{}">tomato</phoneme> '
    american, british, arpabet = (
        heard(url, word.format(*how), query={**query, "seed": 1})
        for how in (("ipa", "təˈmeɪtoʊ"), ("ipa", "təˈmɑːtoʊ"), ("cmu-arpabet", "T AH0 M EY1 T OW0"))
    )
    assert american.text == british.text == arpabet.text == "tomato "
    assert american.audio != british.audio
    assert american.audio == arpabet.audio


def test_1_enable_ssml_parsing_a_break_lasts_three_seconds_at_most(url: str) -> None:
    query = {"enable_ssml_parsing": "true"}
    short, long = (heard(url, f'One. <break time="{time}s"/>Two. ', query=query) for time in (3, 30))
    assert abs(short.span - long.span) < 60


def test_1_enable_ssml_parsing_a_tag_lies_wholly_in_one_message(url: str) -> None:
    found = heard(url, "One <break ", 'time="1s"/> two. ', query={"enable_ssml_parsing": "true"})
    assert error(found) == ("invalid_ssml", 1008)


def test_1_enable_ssml_parsing_off_a_tag_is_read_aloud(url: str) -> None:
    found = heard(url, 'One <break time="1s"/> two. ')
    assert found.text == 'One <break time="1s"/> two. '
    assert found.span > heard(url, "One two. ").span + 500


@pytest.mark.parametrize(
    "output_format",
    [
        *("mp3_22050_32", *(f"mp3_44100_{rate}" for rate in (32, 64, 96, 128, 192))),
        *(f"pcm_{rate}" for rate in (8000, 16000, 22050, 24000, 44100)),
        *("ulaw_8000", "alaw_8000", *(f"opus_48000_{rate}" for rate in (32, 64, 96, 128, 192))),
    ],
)
def test_1_output_format(url: str, output_format: str) -> None:
    assert output_format in FORMATS
    found = heard(url, TEXT, query={"output_format": output_format})
    assert found.code == 1000
    codec, _, rest = output_format.partition("_")
    seconds = found.span / 1000
    bytes_a_second = {"pcm": 2, "ulaw": 1, "alaw": 1}.get(codec, 0) * int(rest.split("_")[0])
    if bytes_a_second:
        assert abs(len(found.audio) / bytes_a_second - seconds) < 0.002
    else:
        kbps = int(rest.split("_")[1])
        assert len(found.audio) > kbps * 1000 / 8 * seconds * 0.3
    assert not found.audio.startswith((b"ID3", b"RIFF"))


@pytest.mark.parametrize("output_format", ["wav_44100", "flac", "pcm_1", ""])
def test_1_output_format_no_wav_on_the_websocket(url: str, output_format: str) -> None:
    assert error(heard(url, TEXT, query={"output_format": output_format})) == ("unsupported_output_format", 1008)


def test_1_inactivity_timeout(url: str) -> None:
    found = heard(url, "Never heard", query={"inactivity_timeout": 0.3}, close=False)
    assert error(found) == ("input_timeout_exceeded", 1008)


def test_1_inactivity_timeout_at_most_180(url: str) -> None:
    assert heard(url, query={"inactivity_timeout": 180}).code == 1000
    assert refused(url, inactivity_timeout=181)[0] == 400


def test_1_sync_alignment(url: str) -> None:
    synced, not_synced = (heard(url, TEXT * 4, query={"sync_alignment": value}) for value in ("true", "false"))
    assert len(synced.aligned) > 2
    assert [bool(message["alignment"]) for message in not_synced.messages].count(True) == 1
    assert not_synced.messages[0]["alignment"]
    assert synced.text == not_synced.text


def test_1_auto_mode_every_message_is_its_own_generation(url: str) -> None:
    assert heard(url, "Hel", "lo", query={"auto_mode": "true"}).text == "Hel lo "
    assert heard(url, "Hel", "lo").text == "Hello "


@pytest.mark.parametrize(
    ("value", "spoken"), [("auto", " twenty-one cats. "), ("on", " twenty-one cats. "), ("off", " 21 cats. ")]
)
def test_1_apply_text_normalization(url: str, value: str, spoken: str) -> None:
    found = heard(url, "21 cats. ", query={"apply_text_normalization": value})
    assert found.text == "21 cats. "
    assert said(found).replace("twenty one", "twenty-one") == spoken


def test_1_seed(url: str) -> None:
    first = heard(url, TEXT, query={"seed": 7})
    heard(url, "Something else in between. ")
    heard(url, "And with a seed. ", query={"seed": 8})
    assert heard(url, TEXT, query={"seed": 7}).messages == first.messages


@pytest.mark.parametrize("seed", ["-1", "4294967296", "x"])
def test_1_seed_out_of_its_range(url: str, seed: str) -> None:
    assert refused(url, seed=seed)[0] == 400


@pytest.mark.parametrize("value", ["right", "Bearer%20right"])
def test_1_authorization(locked: str, value: str) -> None:
    assert heard(locked, TEXT, query={"authorization": value}).code == 1000


def test_1_single_use_token(locked: str) -> None:
    assert error(heard(locked, TEXT, query={"single_use_token": "sutkn_unknown"})) == ("invalid_api_key", 1008)


def test_1_optimize_streaming_latency_and_unknown_parameters_are_tolerated(url: str) -> None:
    assert heard(url, TEXT, query={"optimize_streaming_latency": 4, "new_feature": "x"}).text == TEXT


def test_1_authentication_comes_after_the_upgrade(locked: str) -> None:
    async def run() -> None:
        async with connect(locked + target()) as socket:
            await say(socket, " ")
            assert "invalid_api_key" in str(await socket.recv())

    asyncio.run(run())


@pytest.mark.parametrize("name", ["xi_api_key", "xi-api-key", "authorization"])
def test_1_the_key_in_the_first_message(locked: str, name: str) -> None:
    assert heard(locked, TEXT, first={name: "right"}).text == TEXT


def test_1_the_key_in_the_header(locked: str) -> None:
    assert heard(locked, TEXT, headers={"xi-api-key": "right"}).text == TEXT


# -- §2 Client messages -----------------------------------------------------------------------------------------------


def test_2_initialise_its_space_is_not_voiced(url: str) -> None:
    assert heard(url, TEXT).text == TEXT


def test_2_initialise_any_field_may_be_null(url: str) -> None:
    names = ("voice_settings", "generation_config", "pronunciation_dictionary_locators", "xi_api_key", "flush")
    assert heard(url, TEXT, first=dict.fromkeys(names)).text == TEXT


def test_2_initialise_at_most_three_dictionaries(url: str) -> None:
    locators = [{"pronunciation_dictionary_id": "health", "version_id": None}]
    assert heard(url, TEXT, first={"pronunciation_dictionary_locators": locators * 3}).code == 1000
    found = heard(url, TEXT, first={"pronunciation_dictionary_locators": locators * 4})
    assert error(found) == ("invalid_input_message", 1008)


def test_2_initialise_an_unknown_dictionary(url: str) -> None:
    locators = [{"pronunciation_dictionary_id": "nobody", "version_id": None}]
    found = heard(url, TEXT, first={"pronunciation_dictionary_locators": locators})
    assert error(found) == ("pronunciation_dictionary_not_found", 1008)


def test_2_text_is_joined_raw(url: str) -> None:
    assert heard(url, "Hel", "lo.", "World").text == "Hello.World "


@pytest.mark.parametrize(("characters", "spoken"), [(50, True), (49, False)])
def test_2_try_trigger_generation(url: str, characters: int, *, spoken: bool) -> None:
    async def run() -> None:
        async with connect(url + target()) as socket:
            await say(socket, " ", {"text": FIFTY[-characters:], "try_trigger_generation": True})
            async with asyncio.timeout(5 if spoken else 0.3):
                await socket.recv()

    if spoken:
        asyncio.run(run())
    else:
        with pytest.raises(TimeoutError):
            asyncio.run(run())


@pytest.mark.parametrize("flush", [{"text": "Two. ", "flush": True}, {"text": "", "flush": True}, {"flush": True}])
def test_2_flush_voices_and_does_not_close(url: str, flush: Message) -> None:
    async def run() -> None:
        async with connect(url + target(), max_size=None) as socket:
            await say(socket, " ", "One. ", flush)
            assert not (await _message(socket))["isFinal"]
            await say(socket, "Three. ", "")
            chars = ""
            while not (message := await _message(socket))["isFinal"]:
                chars += "".join((message["alignment"] or {"chars": []})["chars"])
            assert chars.endswith("Three. ")

    asyncio.run(run())


async def _message(socket: Any) -> Message:
    from json import loads  # noqa: PLC0415 - used here alone

    return dict(loads(await socket.recv()))


def test_2_keep_alive_resets_the_clock_and_adds_a_space(url: str) -> None:
    async def run() -> Heard:
        found = Heard()
        async with connect(url + target(inactivity_timeout=0.6), max_size=None) as socket:
            await say(socket, " ", "One.")
            for _ in range(3):
                await asyncio.sleep(0.3)
                await say(socket, " ")
            await say(socket, "Two.", "")
            while not (message := await _message(socket))["isFinal"]:
                found.messages.append(message)
        return found

    assert asyncio.run(run()).text == "One.   Two. "


def test_2_close_voices_the_rest_and_ends(url: str) -> None:
    found = heard(url, "Only a few words")
    assert found.text == "Only a few words "
    assert (found.messages[-1]["isFinal"], found.code) == (True, 1000)


@pytest.mark.parametrize(
    "settings",
    [
        {"stability": 1.1},
        {"similarity_boost": -0.1},
        {"style": 2},
        {"speed": 0.69},
        {"speed": 1.21},
        {"stability": "x"},
    ],
)
def test_2_voice_settings_out_of_range(url: str, settings: Message) -> None:
    assert error(heard(url, TEXT, first={"voice_settings": settings})) == ("invalid_input_message", 1008)


@pytest.mark.parametrize(
    "settings",
    [{"stability": 0.0}, {"stability": 1.0}, {"similarity_boost": 0.0}, {"style": 1.0}, {"use_speaker_boost": False}],
)
def test_2_voice_settings_are_heard(url: str, settings: Message) -> None:
    changed, plain = (heard(url, TEXT, first={"voice_settings": s}, query={"seed": 1}) for s in (settings, {}))
    assert changed.audio != plain.audio


@pytest.mark.parametrize("speed", [0.7, 0.85, 1.2])
def test_2_voice_settings_speed_exactly(url: str, speed: float) -> None:
    text = "She sells sea shells on the sea shore and nobody knows why that is so. "
    fast, plain = (heard(url, text, first={"voice_settings": {"speed": s}}).span for s in (speed, 1.0))
    assert abs(plain / fast / speed - 1) < 0.06


def test_2_settings_cannot_change_after_the_first_message(url: str) -> None:
    found = heard(
        url, {"text": TEXT, "voice_settings": {"stability": 0.9}}, first={"voice_settings": {"stability": 0.5}}
    )
    assert found.code == 1008
    assert found.reason
    assert found.reason.startswith("voice_settings field must be provided in the first message")


def test_2_equal_settings_are_accepted(url: str) -> None:
    settings = {"stability": 0.4, "speed": 1.1}
    config = {"chunk_length_schedule": [50]}
    found = heard(
        url,
        {"text": TEXT, "voice_settings": settings, "generator_config": config},
        first={"voice_settings": settings, "generation_config": config},
    )
    assert found.text == TEXT


def test_2_generation_config_cannot_change_either(url: str) -> None:
    found = heard(url, {"text": TEXT, "generation_config": {"chunk_length_schedule": [60]}})
    assert found.code == 1008


def _with_dictionary(url: str, *messages: str) -> Heard:
    locators = [{"pronunciation_dictionary_id": "health", "version_id": None}]
    return heard(url, *messages, first={"pronunciation_dictionary_locators": locators}, query={"seed": 1})


def test_2_dictionary_alias(url: str) -> None:
    found = _with_dictionary(url, "The WHO said so. ")
    assert found.text == "The WHO said so. "
    assert said(found) == " The World Health Organization said so. "


def test_2_dictionary_phoneme(url: str) -> None:
    assert _with_dictionary(url, "A tomato. ").audio != heard(url, "A tomato. ", query={"seed": 1}).audio


def test_2_dictionary_is_case_sensitive(url: str) -> None:
    assert said(_with_dictionary(url, "Who knows. ")) == " Who knows. "


def test_2_dictionary_first_match_wins_and_is_not_matched_again(url: str) -> None:
    assert "never reached" not in said(_with_dictionary(url, "The WHO. "))
    assert "never reached" in said(_with_dictionary(url, "The World Health day. "))


def test_2_dictionary_matches_only_within_one_chunk_of_text(url: str) -> None:
    assert said(_with_dictionary(url, "The W", "HO said so. ")) == " The WHO said so. "


# -- §5 Buffering -----------------------------------------------------------------------------------------------------


async def _spoken_after(url: str, *messages: str, first: Message | None = None) -> str:
    """What comes back within a moment of the messages, the session still open."""
    chars = ""
    async with connect(url + target(), max_size=None) as socket:
        await say(socket, {"text": " ", **(first or {})}, *messages)
        try:
            while True:
                async with asyncio.timeout(0.4):
                    message = await _message(socket)
                chars += "".join((message["alignment"] or {"chars": []})["chars"])
        except TimeoutError:
            return chars


def test_5_the_default_schedule(url: str) -> None:
    assert asyncio.run(_spoken_after(url, FIFTY, FIFTY)) == ""
    assert asyncio.run(_spoken_after(url, FIFTY, FIFTY, FIFTY)) == FIFTY * 3
    assert asyncio.run(_spoken_after(url, *[FIFTY] * 6)) == FIFTY * 3
    assert asyncio.run(_spoken_after(url, *[FIFTY] * 7)) == FIFTY * 7


def test_5_the_last_element_repeats(url: str) -> None:
    config = {"generation_config": {"chunk_length_schedule": [50, 100]}}
    assert asyncio.run(_spoken_after(url, *[FIFTY] * 6, first=config)) == FIFTY * 5


@pytest.mark.parametrize("element", [49, 501])
def test_5_each_element_lies_between_50_and_500(url: str, element: int) -> None:
    config = {"generation_config": {"chunk_length_schedule": [element]}}
    assert error(heard(url, TEXT, first=config)) == ("invalid_input_message", 1008)


def test_5_the_threshold_is_looked_at_when_a_message_arrives(url: str) -> None:
    assert asyncio.run(_spoken_after(url, FIFTY * 6)) == FIFTY * 6


def test_5_whole_words_are_voiced_and_sentences_where_they_end(url: str) -> None:
    text = FIFTY + FIFTY + "And this one goes on for a good while with nota"
    assert asyncio.run(_spoken_after(url, text)) == FIFTY + FIFTY
    words = "word " * 30 + "unfini"
    assert asyncio.run(_spoken_after(url, words)) == "word " * 30


def test_5_flush_and_close_voice_everything_buffered(url: str) -> None:
    assert heard(url, {"text": "An unfini", "flush": True}, "shed word").text == "An unfini shed word "


# -- §6 Inactivity ----------------------------------------------------------------------------------------------------


def test_6_the_clock_counts_messages_and_not_sound(url: str) -> None:
    async def run() -> Message:
        async with connect(url + target(inactivity_timeout=1), max_size=None) as socket:
            await say(socket, " ", {"text": FIFTY * 20, "flush": True})
            while "error" not in (message := await _message(socket)):
                pass
            return message

    message = asyncio.run(run())
    assert message["error"] == "input_timeout_exceeded"
    assert "within the timeout of 1 seconds" in message["message"]


def test_6_text_still_in_the_buffer_is_lost(url: str) -> None:
    found = heard(url, "Not enough for a generation. ", query={"inactivity_timeout": 0.3}, close=False)
    assert found.text == ""
    assert found.code == 1008
