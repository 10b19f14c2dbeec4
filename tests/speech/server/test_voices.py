from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import espeakng_loader
import pytest
from fakes.engine import engine
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import EngineError
from aligner.model import VoiceSettings
from aligner.speech.server import voices
from aligner.speech.server.espeak import Manner
from aligner.speech.server.voices import Voice


def named(voice_id: str) -> Voice:
    voice = voices.find(voice_id)
    assert voice is not None
    return voice


def test_all_voices_of_the_engine_are_listed_once_and_by_id() -> None:
    ids = [voice.voice_id for voice in voices.catalogue()]
    assert len(ids) > 130
    assert ids == sorted(set(ids))


@pytest.mark.parametrize(
    ("voice_id", "name", "language"),
    [
        ("en-us", "English (America)", "en-US"),
        ("en-gb", "English (Great Britain)", "en-GB"),
        ("de", "German", "de"),
        ("cmn", "Chinese (Mandarin, latin as English)", "zh"),
        ("pt-br", "Portuguese (Brazil)", "pt-BR"),
        ("es-419", "Spanish (Latin America)", "es-419"),
        ("fa-latn", "Persian (Pinglish)", "fa-Latn"),
        ("en-gb-x-rp", "English (Received Pronunciation)", "en-GB-x-rp"),
    ],
)
def test_a_voice_has_a_stable_id_a_name_and_a_language(voice_id: str, name: str, language: str) -> None:
    assert (named(voice_id).name, named(voice_id).language) == (name, language)


def test_every_listed_voice_speaks() -> None:
    # One call each: the engine knows the name that the file stands under.
    for voice in voices.catalogue():
        sound, _ = engine().speak("1", Manner(voice.engine_name))
        assert sound, voice.voice_id


def test_a_variant_is_another_speaker_of_the_same_language() -> None:
    assert named("de+f3") == Voice("de+f3", "German, f3", "de", "gmw/de+f3")


@pytest.mark.parametrize(
    "voice_id", ["", "xx", "de+", "de+nobody", "+f3", "gmw/de", "../de", "de ", "21m00Tcm4TlvDq8ikWAM"]
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


def test_every_listed_language_has_a_voice_that_speaks_it() -> None:
    for voice in voices.catalogue():
        found = voices.for_language(voice.language)
        assert found is not None
        assert found.language.partition("-")[0] == voice.language.partition("-")[0]


@pytest.mark.parametrize(("speed", "rate"), [(None, 160), (1.0, 160), (0.8, 128), (1.2, 192), (0.7, 112)])
def test_the_speed_is_exactly_in_proportion(speed: float | None, rate: int) -> None:
    assert voices.manner(named("en-us"), VoiceSettings(speed=speed)) == Manner("gmw/en-US", rate, 50, 50)


@pytest.mark.parametrize(
    ("stability", "style", "pitch_range"),
    [(0.5, 0.0, 50), (0.0, 0.0, 65), (1.0, 0.0, 35), (0.0, 1.0, 95), (0.5, 1.0, 80)],
)
def test_less_stability_and_more_style_make_the_pitch_livelier(
    stability: float, style: float, pitch_range: int
) -> None:
    manner = voices.manner(named("de"), VoiceSettings(stability=stability, style=style))
    assert manner == Manner("gmw/de", 160, 50, pitch_range)


def test_the_japanese_voice_reads_kana_only() -> None:
    assert voices.unreadable(named("ja"), "こんにちは、カタカナ。") is None
    assert "kana only" in (voices.unreadable(named("ja"), "日本") or "")
    assert voices.unreadable(named("cmn"), "日本") is None


def test_listing_the_voices_does_not_load_the_library() -> None:
    program = "from aligner.speech.server import voices; voices.catalogue(); print(open('/proc/self/maps').read())"
    if not Path("/proc/self/maps").exists():
        pytest.skip("only Linux shows what a process has loaded")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)  # noqa: S603 - ours
    assert "libespeak" not in done.stdout


def test_missing_voices_say_how_to_mend_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing() -> str:
        raise RuntimeError

    monkeypatch.setattr(espeakng_loader, "get_data_path", missing)
    monkeypatch.setattr(voices, "_SYSTEM_DATA", ())
    with pytest.raises(EngineError, match="pip install espeakng-loader"):
        voices.catalogue.__wrapped__()
    monkeypatch.setattr(voices, "_SYSTEM_DATA", (str(tmp_path),))
    with pytest.raises(EngineError, match="voices are missing"):
        voices.catalogue.__wrapped__()
