from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.engine import engine
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.model import VoiceSettings
from aligner.speech.server.text.passage import Delivery
from aligner.speech.server.voice import presets, speakers, voices
from aligner.speech.server.voice.espeak import Manner
from aligner.speech.server.voice.voices import Voice

OWN = Voice("Anna", "Anna", "de", "gmw/de+f2", rate=144, pitch=40, pitch_range=60, category="personal")


def named(voice_id: str) -> Voice:
    voice = voices.find(voice_id)
    assert voice is not None
    return voice


def test_own_voices_are_listed_first_then_presets_then_the_engine_s() -> None:
    assert voices.catalogue() == (*presets.built_in().values(), *speakers.plain())
    assert voices.catalogue({"anna": OWN}) == (OWN, *voices.catalogue())
    ids = [voice.voice_id for voice in voices.catalogue()]
    assert len(ids) == len(set(ids))


def test_every_listed_voice_is_found_by_its_id() -> None:
    for voice in voices.catalogue():
        assert voices.find(voice.voice_id) == voice
        assert voices.find(voice.voice_id.upper()) == voice


def test_every_pair_of_a_voice_and_a_variant_is_an_id() -> None:
    for variant in voices.variants():
        for voice_id in ("en-us", "de", "cmn"):
            found = named(f"{voice_id}+{variant}")
            assert found.voice_id == f"{voice_id}+{variant}"
            assert found.language == named(voice_id).language


def test_own_voices_are_found_whatever_the_capitals() -> None:
    assert voices.find("ANNA", {"anna": OWN}) == OWN
    assert voices.find("anna") is None


def test_a_variant_is_another_speaker_of_the_same_language() -> None:
    assert named("de+f3") == Voice("de+f3", "German, f3", "de", "gmw/de+f3", gender="female")


@pytest.mark.parametrize(
    "voice_id", ["", "xx", "de+", "de+nobody", "+f3", "gmw/de", "../de", "de ", "george+f3", "21m00Tcm4TlvDq8ikWAM"]
)
def test_what_is_not_there_is_not_found(voice_id: str) -> None:
    assert voices.find(voice_id) is None


@pytest.mark.parametrize(
    ("tag", "voice_id"),
    [
        ("en", "en-us"), ("en-US", "en-us"), ("en-GB", "en-gb"), ("en-AU", "en-gb"), ("en_us", "en-us"),
        ("EN", "en-us"), ("en-CA", "en-us"), ("de", "de"), ("de-AT", "de"),
        ("zh", "cmn"), ("zh-CN", "cmn"), ("zh-Hans", "cmn"),
        ("zh-TW", "cmn"), ("zh-HK", "yue"), ("yue", "yue"), ("cmn", "cmn"), ("pt", "pt"), ("pt-BR", "pt-br"),
        ("pt-PT", "pt"), ("es", "es"), ("es-ES", "es"), ("es-MX", "es-419"), ("es-AR", "es-419"), ("es-419", "es-419"),
        ("fr", "fr"), ("fr-CA", "fr"), ("fr-BE", "fr-be"), ("nb", "nb"), ("no", "nb"), ("nn", "nb"), ("ja", "ja"),
        ("iw", "he"), ("sr-Latn-RS", "sr"),
    ],
)  # fmt: skip
def test_a_language_has_the_nearest_voice(tag: str, voice_id: str) -> None:
    voice = voices.for_language(tag)
    assert voice is not None
    assert voice.voice_id == voice_id


@pytest.mark.parametrize("tag", ["", "-", "xx", "tlh", "qaa-US"])
def test_a_language_without_a_voice_has_none(tag: str) -> None:
    assert voices.for_language(tag) is None


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_tag_and_any_id_are_answered(anything: str) -> None:
    assert voices.for_language(anything) is None or voices.for_language(anything) in voices.catalogue()
    voices.find(anything)


def test_a_language_never_chooses_a_preset() -> None:
    for voice in presets.built_in().values():
        assert voices.for_language(voice.language) in speakers.plain()


def test_every_listed_language_has_a_voice_that_speaks_it() -> None:
    for voice in voices.catalogue():
        found = voices.for_language(voice.language)
        assert found is not None
        assert found.language.partition("-")[0] == voice.language.partition("-")[0]


@pytest.mark.parametrize(("speed", "rate"), [(None, 160), (1.0, 160), (0.8, 128), (1.2, 192), (0.7, 112)])
def test_the_speed_is_exactly_in_proportion(speed: float | None, rate: int) -> None:
    assert voices.manner(named("en-us"), VoiceSettings(speed=speed)) == Manner("gmw/en-US", rate, 50, 50)


@pytest.mark.parametrize(
    "given_settings",
    [VoiceSettings(), VoiceSettings(0.5, 0.75, 0.0, use_speaker_boost=True, speed=1.0)],
)
def test_at_the_defaults_a_voice_speaks_as_it_is(given_settings: VoiceSettings) -> None:
    assert voices.manner(named("de"), given_settings) == Manner("gmw/de", 160, 50, 50, 100)
    assert voices.manner(OWN, given_settings) == Manner("gmw/de+f2", 144, 40, 60, 100)


@pytest.mark.parametrize(
    ("given_settings", "manner"),
    [
        (VoiceSettings(stability=0.0), Manner("gmw/de+f2", 144, 40, 78)),
        (VoiceSettings(stability=1.0), Manner("gmw/de+f2", 144, 40, 42)),
        (VoiceSettings(style=1.0), Manner("gmw/de+f2", 144, 46, 96)),
        (VoiceSettings(stability=0.0, style=1.0), Manner("gmw/de+f2", 144, 46, 100)),
        (VoiceSettings(similarity_boost=0.0), Manner("gmw/de+f2", 144, 25, 60)),
        (VoiceSettings(similarity_boost=1.0), Manner("gmw/de+f2", 144, 45, 60)),
        (VoiceSettings(use_speaker_boost=False), Manner("gmw/de+f2", 144, 40, 60, 80)),
        (VoiceSettings(speed=1.2), Manner("gmw/de+f2", 173, 40, 60)),
    ],
)
def test_settings_change_what_they_are_said_to(given_settings: VoiceSettings, manner: Manner) -> None:
    assert voices.manner(OWN, given_settings) == manner


@pytest.mark.parametrize(
    "given_settings",
    [
        VoiceSettings(stability=0.0), VoiceSettings(stability=1.0), VoiceSettings(style=1.0),
        VoiceSettings(similarity_boost=0.0), VoiceSettings(similarity_boost=1.0),
        VoiceSettings(use_speaker_boost=False), VoiceSettings(speed=1.1),
    ],
)  # fmt: skip
def test_every_setting_is_audible(given_settings: VoiceSettings) -> None:
    text = "This is how it sounds, and how it sounds is this."
    usual, changed = (voices.manner(named("en-us"), one) for one in (VoiceSettings(), given_settings))
    assert engine().speak(text, usual)[0] != engine().speak(text, changed)[0]
    assert changed != usual


FACTORS = st.floats(0, 10)
DELIVERIES = st.builds(Delivery, FACTORS, FACTORS, FACTORS, FACTORS)


@given(st.floats(0.7, 1.2), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), DELIVERIES)
def test_whatever_is_asked_for_the_engine_can(
    speed: float, stability: float, similarity: float, style: float, delivery: Delivery
) -> None:
    asked = VoiceSettings(stability, similarity, style, use_speaker_boost=None, speed=speed)
    for voice in (
        OWN,
        replace(OWN, rate=80, pitch=0, pitch_range=0),
        replace(OWN, rate=320, pitch=100, pitch_range=100),
    ):
        plain = voices.manner(voice, asked)
        for manner in (plain, voices.deliver(plain, delivery)):
            assert 80 <= manner.rate <= 449
            assert 0 <= manner.pitch <= 100
            assert 0 <= manner.pitch_range <= 100
            assert 0 <= manner.volume <= 200


def test_a_delivery_multiplies_and_1_changes_nothing() -> None:
    manner = Manner("gmw/de", 160, 50, 40, 100)
    assert voices.deliver(manner, Delivery()) == manner
    assert voices.deliver(manner, Delivery(1.25, 1.2, 0.5, 1.5)) == Manner("gmw/de", 200, 63, 24, 150)


def test_an_octave_is_an_octave_as_far_as_the_engine_reaches() -> None:
    manner = Manner("gmw/de", 160, 50, 40, 100)
    assert voices.deliver(manner, Delivery(pitch=2)) == Manner("gmw/de", 160, 100, 80, 100)
    assert voices.deliver(manner, Delivery(pitch=0.5)) == Manner("gmw/de", 160, 0, 20, 100)


def test_the_japanese_voice_reads_kana_only() -> None:
    assert voices.unreadable(named("ja"), "こんにちは、カタカナ。") is None
    assert "kana only" in (voices.unreadable(named("ja"), "日本") or "")
    assert voices.unreadable(named("cmn"), "日本") is None
