from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import espeakng_loader
import pytest
from fakes.engine import engine

from aligner.errors import EngineError
from aligner.speech.server.voice import espeak, speakers
from aligner.speech.server.voice.espeak import Manner
from aligner.speech.server.voice.speakers import Variant, Voice


def test_all_voices_of_the_engine_are_there_once_and_by_id() -> None:
    ids = [voice.voice_id for voice in speakers.plain()]
    assert len(ids) > 130
    assert ids == sorted(set(ids))
    assert list(speakers.by_id()) == ids
    assert all(voice_id == voice_id.lower() for voice_id in ids)


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
    voice = speakers.by_id()[voice_id]
    assert (voice.name, voice.language) == (name, language)


def test_every_listed_voice_speaks() -> None:
    # One call each: the engine knows the name that the file stands under, and has the voice's dictionary. A voice
    # without one gives a few samples of silence.
    for voice in speakers.plain():
        sound, _ = engine().speak("1 a", Manner(voice.engine_name))
        assert any(sound), voice.voice_id
        assert len(sound) > 2 * espeak.RATE // 20, voice.voice_id


def test_a_voice_without_a_dictionary_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, lines in {
        "aa": "name One\nlanguage aa-bb\n",
        "cc": "name Two\nlanguage cc\ndictionary aa\n",
        "dd": "name Three\nlanguage dd\n",
    }.items():
        (tmp_path / "lang" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "lang" / name).write_text(lines, encoding="utf-8")
    (tmp_path / "aa_dict").touch()
    monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(tmp_path))
    assert [voice.voice_id for voice in speakers.plain.__wrapped__()] == ["aa", "cc"]


def test_a_voice_speaks_as_it_is_unless_a_preset_says_otherwise() -> None:
    voice = speakers.by_id()["de"]
    assert (voice.rate, voice.pitch, voice.pitch_range, voice.category) == (160, 50, 50, "premade")


def test_every_variant_has_a_name_and_perhaps_a_gender() -> None:
    variants = speakers.variants()
    assert len(variants) > 90
    assert variants["f3"] == Variant("female3", "female")
    assert variants["m1"] == Variant("male1", "male")
    assert variants["klatt"].gender == ""
    assert {variant.gender for variant in variants.values()} == {"female", "male", ""}
    assert list(variants) == sorted(variants, key=str.lower)


def test_any_voice_can_be_any_variant() -> None:
    german = speakers.by_id()["de"]
    assert speakers.varied(german, "f3") == Voice("de+f3", "German, f3", "de", "gmw/de+f3", gender="female")
    assert speakers.varied(german, "F3") == speakers.varied(german, "f3")
    whisper = speakers.varied(german, "Mr Serious")
    assert whisper is not None
    assert whisper.engine_name == "gmw/de+Mr serious"
    assert speakers.varied(german, "nobody") is None
    assert speakers.varied(german, "") is None


def test_every_variant_speaks() -> None:
    for name in speakers.variants():
        sound, _ = engine().speak("1", Manner(f"gmw/en-US+{name}"))
        assert sound, name


def test_labels_say_what_is_known() -> None:
    assert speakers.by_id()["en-us"].labels == {"language": "en-US", "accent": "America"}
    deep = speakers.varied(speakers.by_id()["de"], "m3")
    assert deep is not None
    assert deep.labels == {"language": "de", "gender": "male"}


def test_listing_the_voices_does_not_load_the_library() -> None:
    listing = "from aligner.speech.server.voice import voices; voices.catalogue(); voices.variants()"
    program = f"{listing}; print(open('/proc/self/maps').read())"
    if not Path("/proc/self/maps").exists():
        pytest.skip("only Linux shows what a process has loaded")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)  # noqa: S603 - ours
    assert "libespeak" not in done.stdout


def test_missing_voices_say_how_to_mend_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing() -> str:
        raise RuntimeError

    monkeypatch.setattr(espeakng_loader, "get_data_path", missing)
    monkeypatch.setattr(speakers, "_SYSTEM_DATA", ())
    with pytest.raises(EngineError, match="pip install espeakng-loader"):
        speakers.plain.__wrapped__()
    monkeypatch.setattr(speakers, "_SYSTEM_DATA", (str(tmp_path),))
    with pytest.raises(EngineError, match="voices are missing"):
        speakers.plain.__wrapped__()
