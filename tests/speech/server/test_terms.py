from __future__ import annotations

import pytest

from aligner.model import VoiceSettings
from aligner.speech.address import Address
from aligner.speech.protocol import Opening
from aligner.speech.refusals import INVALID_KEY, Refused
from aligner.speech.server.espeak import Manner
from aligner.speech.server.terms import admit, check_key


def test_a_session_has_a_voice_a_manner_a_buffer_and_a_coder() -> None:
    address = Address("de+f3", output_format="pcm_16000", auto_mode=True)
    terms = admit(address, Opening(VoiceSettings(speed=1.2)))
    assert terms.voice.voice_id == "de+f3"
    assert terms.manner == Manner("gmw/de+f3", 192, 50, 50)
    assert terms.buffer.add("Eins") == ["Eins "]
    assert terms.coder.encode(bytes(44_100))


def test_the_schedule_of_the_first_message_holds() -> None:
    terms = admit(Address("en-us", output_format="pcm_22050"), Opening(schedule=(50,)))
    assert terms.buffer.add("This sentence has exactly fifty characters in it. ")


@pytest.mark.parametrize(
    ("address", "error"),
    [
        (Address("nobody"), "voice_id_does_not_exist"),
        (Address("en-us", output_format="opus_48000_32"), "unsupported_output_format"),
    ],
)
def test_what_is_not_there_is_refused(address: Address, error: str) -> None:
    with pytest.raises(Refused) as refused:
        admit(address, Opening())
    assert refused.value.refusal.error == error


@pytest.mark.parametrize(
    "offered", [("secret",), (None, "secret"), ("wrong", "secret"), ("Bearer secret",), ("", None, "secret")]
)
def test_the_key_may_be_offered_anywhere(offered: tuple[str | None, ...]) -> None:
    check_key("secret", *offered)


@pytest.mark.parametrize("offered", [(), (None,), ("",), ("Secret",), ("secret2",), ("Bearer",), ("schlüssel", None)])
def test_a_missing_key_is_refused_as_a_wrong_one_is(offered: tuple[str | None, ...]) -> None:
    with pytest.raises(Refused) as refused:
        check_key("secret", *offered)
    assert refused.value.refusal == INVALID_KEY


def test_a_service_without_a_key_asks_for_none() -> None:
    check_key(None)
    check_key(None, "anything")
