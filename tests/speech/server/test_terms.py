from __future__ import annotations

import pytest

from aligner.model import Secret, VoiceSettings
from aligner.speech.address import Address
from aligner.speech.protocol import Opening
from aligner.speech.refusals import INVALID_KEY, Refused
from aligner.speech.server.terms import admit, check_key
from aligner.speech.server.text.passage import Passage
from aligner.speech.server.voice.espeak import Manner


def test_a_session_has_a_voice_a_manner_a_buffer_and_a_coder() -> None:
    address = Address("de+f3", output_format="pcm_16000", auto_mode=True)
    terms = admit(address, Opening(VoiceSettings(speed=1.2)))
    assert terms.voice.voice_id == "de+f3"
    assert terms.manner == Manner("gmw/de+f3", 192, 50, 50)
    assert terms.buffer.add(Passage("Eins")) == [Passage("Eins ")]
    assert terms.coder.encode(bytes(44_100))


def test_the_schedule_of_the_first_message_holds() -> None:
    terms = admit(Address("en-us", output_format="pcm_22050"), Opening(schedule=(50,)))
    assert terms.buffer.add(Passage("This sentence has exactly fifty characters in it. "))


@pytest.mark.parametrize(
    ("address", "error"),
    [
        (Address("nobody"), "voice_id_does_not_exist"),
        (Address("en-us", output_format="wav_44100"), "unsupported_output_format"),
    ],
)
def test_what_is_not_there_is_refused(address: Address, error: str) -> None:
    with pytest.raises(Refused) as refused:
        admit(address, Opening())
    assert refused.value.refusal.error == error


@pytest.mark.parametrize(
    "offered",
    [("secret",), (None, "secret"), ("wrong", "secret"), ("Bearer secret",), ("bearer  secret",), ("", None, "secret")],
)
def test_the_key_may_be_offered_anywhere(offered: tuple[str | None, ...]) -> None:
    check_key(Secret("secret"), *offered)


@pytest.mark.parametrize(
    "offered", [(), (None,), ("",), ("Secret",), ("secret2",), ("Bearer",), ("schlüssel", None), ("\udce4",)]
)
def test_a_missing_key_is_refused_as_a_wrong_one_is(offered: tuple[str | None, ...]) -> None:
    with pytest.raises(Refused) as refused:
        check_key(Secret("secret"), *offered)
    assert refused.value.refusal == INVALID_KEY


def test_a_key_in_a_header_may_be_other_than_ascii() -> None:
    check_key(Secret("schlüssel"), "schlüssel".encode().decode("ascii", "surrogateescape"))


def test_a_service_without_a_key_asks_for_none() -> None:
    check_key(None)
    check_key(None, "anything")


@pytest.mark.parametrize(
    ("voice", "asked", "engine_name", "spoken"),
    [
        ("en-us", None, "gmw/en-US", "en-US"),
        ("en-us", "en", "gmw/en-US", "en-US"),
        ("en-us", "de", "gmw/de", "de"),
        ("en-us+f3", "de", "gmw/de+f3", "de"),
        ("yue", "zh", "sit/yue", "yue"),
        ("nb", "no", "gmq/nb", "nb"),
        ("de", "xx", "gmw/de", "de"),
    ],
)
def test_a_voice_speaks_the_language_that_is_asked_for(
    voice: str, asked: str | None, engine_name: str, spoken: str
) -> None:
    terms = admit(Address(voice, language_code=asked, output_format="pcm_22050"), Opening())
    assert (terms.manner.voice, terms.language) == (engine_name, spoken)


def test_what_the_query_says_is_in_the_terms() -> None:
    terms = admit(Address("en-us", output_format="pcm_22050"), Opening())
    assert (terms.synced, terms.normalize, terms.pristine, terms.markup, terms.romanize) == (
        False,
        True,
        False,
        None,
        False,
    )
    terms = admit(
        Address(
            "cmn",
            output_format="pcm_22050",
            sync_alignment=True,
            apply_text_normalization="off",
            seed=0,
            enable_ssml_parsing=True,
        ),
        Opening(),
    )
    assert (terms.synced, terms.normalize, terms.pristine, terms.romanize) == (True, False, True, True)
    assert terms.read("<s>你好</s>").text == "你好"
