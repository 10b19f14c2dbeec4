from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fakes.engine import engine

from aligner.errors import UsageError
from aligner.model import VoiceSettings
from aligner.speech.server.voice import presets, speakers, voices
from aligner.speech.server.voice.speakers import Voice

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
name = "Uncle Ted"
voice = "en-GB"
variant = "m3"
pitch = 30
range = 62.4
speed = 0.9
language = "en-IE"
description = "He tells stories."
"""


def one(folder: Path, text: str, name: str = "tom.toml") -> Voice:
    (folder / name).write_text(text, encoding="utf-8")
    (voice,) = presets.read(folder).values()
    return voice


# -- built in


def test_the_built_in_ones_are_a_handful_of_several_languages() -> None:
    built_in = presets.built_in()
    assert set(built_in) == {"edda", "george", "giulia", "jan", "lena", "lucia", "marie", "sofia"}
    assert len({voice.language for voice in built_in.values()}) == 8
    assert built_in["george"].language == "en-GB"
    assert built_in["edda"].language == "en-US"


@pytest.mark.parametrize("voice", presets.built_in().values(), ids=lambda voice: voice.voice_id)
def test_each_has_a_name_a_gender_and_a_sound_of_its_own(voice: Voice) -> None:
    assert voice.name.lower() == voice.voice_id
    assert voice.category == "premade"
    assert set(voice.labels) == {"language", "gender", "description"}
    plain = voices.for_language(voice.language)
    assert plain is not None
    own, usual = (engine().speak("Mama.", voices.manner(one, VoiceSettings()))[0] for one in (voice, plain))
    assert own
    assert own != usual


# -- a user's own


def test_a_file_is_a_voice(tmp_path: Path) -> None:
    assert one(tmp_path, WHOLE) == Voice(
        "tom", "Uncle Ted", "en-IE", "gmw/en+m3", rate=144, pitch=30, pitch_range=62, gender="male",
        description="He tells stories.", category="personal",
    )  # fmt: skip


def test_all_but_the_voice_may_be_left_out(tmp_path: Path) -> None:
    german = speakers.by_id()["de"]
    voice = one(tmp_path, 'voice = "de"')
    assert (voice.name, voice.language, voice.engine_name, voice.tags) == ("tom", "de", "gmw/de", german.tags)
    assert (voice.rate, voice.pitch, voice.pitch_range) == (german.rate, german.pitch, german.pitch_range)


def test_its_id_is_the_file_s_name_and_capitals_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "Old_Tom-2.toml").write_text('voice = "en-us"')
    (tmp_path / "notes.txt").write_text("no voice")
    found = presets.read(tmp_path)
    assert list(found) == ["old_tom-2"]
    assert found["old_tom-2"].voice_id == "Old_Tom-2"
    assert voices.find("OLD_TOM-2", found) == found["old_tom-2"]


def test_an_empty_folder_has_none(tmp_path: Path) -> None:
    assert not presets.read(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem", "mend"),
    [
        ("", "voice is missing", "aligner voices"),
        ('voice = ""', "voice is missing", "aligner voices"),
        ('voice = "en_us"', "voice 'en_us' is no voice", "did you mean 'en-us'?"),
        ('voice = "gmw/de"', "is no voice", ""),
        ("voice = 3", "voice is no text but 3", 'voice = "…"'),
        ('voice = "de"\nvariant = "f33"', "variant 'f33' is no variant", "did you mean 'f3'?"),
        ('voice = "de"\nvariant = "zzzzzz"', "is no variant", "use one of"),
        ('voice = "de"\npich = 3', "pich is no key of a voice", "did you mean 'pitch'?"),
        ('voice = "de"\nxyzzy = 3', "xyzzy is no key of a voice", "use one of description, language"),
        ('voice = "de"\npitch = 101', "pitch is 101", "from 0 to 100"),
        ('voice = "de"\npitch = -0.1', "pitch is -0.1", "from 0 to 100"),
        ('voice = "de"\nrange = "high"', "range is 'high'", "from 0 to 100"),
        ('voice = "de"\nspeed = true', "speed is True", "from 0.5 to 2"),
        ('voice = "de"\nspeed = 0.4', "speed is 0.4", "from 0.5 to 2"),
        ('voice = "de"\nspeed = nan', "speed is nan", "from 0.5 to 2"),
        ('voice = "de"\nlanguage = "deutsch, bitte"', "language is 'deutsch, bitte'", "en-GB"),
        ("voice de", "no TOML", "pitch = 40"),
    ],
)
def test_a_wrong_file_is_named_with_its_key_and_the_mend(tmp_path: Path, text: str, problem: str, mend: str) -> None:
    with pytest.raises(UsageError) as caught:
        one(tmp_path, text)
    assert caught.value.place == str(tmp_path / "tom.toml")
    assert problem in caught.value.problem
    assert mend in caught.value.mend


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "tom.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        presets.read(tmp_path)


@pytest.mark.parametrize("name", ["en-us.toml", "EN-GB.toml", "george.toml", "George.toml"])
def test_a_built_in_voice_is_not_hidden(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="built-in voice, which it would hide"):
        one(tmp_path, WHOLE, name)


@pytest.mark.parametrize("name", ["uncle tom.toml", "en-us+f3.toml", "größe.toml"])
def test_an_id_fits_into_an_address(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="letters, digits"):
        one(tmp_path, WHOLE, name)


def test_two_ids_that_differ_in_capitals_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "tom.toml").write_text(WHOLE)
    (tmp_path / "Tom.toml").write_text(WHOLE)
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("to this file system they are one file")
    with pytest.raises(UsageError, match="capitals only"):
        presets.read(tmp_path)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        presets.read(tmp_path / "nowhere")
