# ruff: noqa: RUF001 - phones and the scripts of many languages are the point
from __future__ import annotations

import subprocess
import sys
import time
from array import array
from ctypes import util
from typing import TYPE_CHECKING

import espeakng_loader
import pytest
from fakes.engine import US, engine

from aligner.errors import EngineError
from aligner.speech.server.voice import espeak
from aligner.speech.server.voice.espeak import RATE, Engine, Manner

if TYPE_CHECKING:
    from pathlib import Path


def seconds(text: str, manner: Manner = US) -> float:
    return len(engine().speak(text, manner)[0]) / 2 / RATE


def test_text_becomes_sound_with_marks_of_that_sound() -> None:
    sound, marks = engine().speak("Hello world.", US)
    assert max(array("h", sound)) > 5_000
    assert [mark.position for mark in marks if mark.word] == [0, 6]
    assert [mark.sound for mark in marks if mark.sound] == ["h", "ə", "l", "ˈoʊ", "w", "ˈɜː", "l", "d"]
    assert all(0 <= mark.sample <= len(sound) // 2 for mark in marks)
    assert [mark.sample for mark in marks] == sorted(mark.sample for mark in marks)


def test_a_sentence_ends_with_a_pause_a_paragraph_with_a_longer_one_a_cut_with_none() -> None:
    cut, sentence, paragraph = seconds("Go on "), seconds("Go on. "), seconds("Go on.\n")
    assert sentence > cut + 0.2
    assert paragraph > sentence + 0.1


def test_the_rate_is_in_proportion() -> None:
    text = "This is a longer sentence whose pace can be measured well"
    slow, fast = seconds(text, Manner("gmw/en-US", rate=140)), seconds(text, Manner("gmw/en-US", rate=210))
    assert slow / fast == pytest.approx(210 / 140, rel=0.08)


def test_the_volume_is_in_proportion() -> None:
    def loudest(volume: int) -> int:
        return max(map(abs, array("h", engine().speak("Hello.", Manner("gmw/en-US", volume=volume))[0])))

    assert loudest(0) == 0
    assert loudest(50) == pytest.approx(loudest(100) / 2, rel=0.25)
    assert loudest(200) > 1.5 * loudest(100)


def test_a_manner_leaves_nothing_behind() -> None:
    normal = seconds("Hello, how are you?")
    engine().speak("Hello", Manner("gmw/de+f3", rate=300, pitch=99, pitch_range=0, volume=10))
    assert seconds("Hello, how are you?") == pytest.approx(normal, abs=0.042)
    assert max(array("h", engine().speak("Hello world.", US)[0])) > 5_000


@pytest.mark.parametrize("text", ["`", "``", ">-ọ", "]-ơ", "\u0960", "\u0ae0"])
@pytest.mark.parametrize("voice", ["aav/vi", "aav/vi-VN-x-central", "aav/vi-VN-x-south"])
def test_what_crashes_a_vietnamese_voice_is_a_blank_to_it(voice: str, text: str) -> None:
    # It would end this process.
    assert seconds(f"{text}", Manner(voice)) >= 0
    assert seconds(f"xin chào {text}", Manner(voice)) > 0.3


def test_a_hyphen_inside_a_word_is_left_to_a_vietnamese_voice() -> None:
    assert espeak._speakable("Hà-Nội - đẹp", "aav/vi") == "Hà-Nội   đẹp"  # noqa: SLF001 - inaudible
    assert espeak._speakable("a ` b", "gmw/en-US") == "a ` b"  # noqa: SLF001 - as above


def test_the_voice_makes_the_difference() -> None:
    assert engine().speak("Wagen", Manner("gmw/de"))[0] != engine().speak("Wagen", US)[0]
    assert engine().speak("Hello", Manner("gmw/en-US+f3"))[0] != engine().speak("Hello", US)[0]


def test_control_characters_are_blanks_for_the_engine() -> None:
    _, marks = engine().speak("a\x00b\x01c\x7fd\x9b", US)
    assert [mark.position for mark in marks if mark.word] == [0, 2, 4, 6]


def test_a_lone_surrogate_does_no_harm() -> None:
    assert seconds("a\ud800b") > 0.1


def test_the_name_of_another_language_is_no_sound() -> None:
    _, marks = engine().speak("Das ist ein Computer und ein Meeting.", Manner("gmw/de"))
    assert not [mark for mark in marks if mark.sound.startswith("(")]


def test_an_unknown_voice_is_an_error() -> None:
    with pytest.raises(EngineError, match="no voice 'xx/yy'"):
        engine().speak("Hello", Manner("xx/yy"))


def test_a_missing_library_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: "/nowhere/libespeak-ng.so")
    monkeypatch.setattr(util, "find_library", lambda _: None)
    with pytest.raises(EngineError, match="pip install espeakng-loader"):
        Engine()


def test_a_library_that_is_none_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "libespeak-ng.so"
    path.write_text("nothing")
    with pytest.raises(EngineError, match="cannot be loaded"):
        Engine(str(path), None)


def test_an_old_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "_OLDEST", (99, 0))
    with pytest.raises(EngineError, match="too old"):
        Engine()


def test_data_behind_a_very_long_path_is_found(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30) / ("longer" * 20)
    folder.mkdir(parents=True)
    data = folder / "espeak-ng-data"
    data.symlink_to(espeakng_loader.get_data_path())
    # In a process of its own: the engine moves there, and there is only one a process.
    program = (
        "import sys; from aligner.speech.server.voice.espeak import Engine, Manner;"
        "print(len(Engine(sys.argv[1], sys.argv[2]).speak('Hello', Manner('gmw/en-US'))[0]))"
    )
    command = [sys.executable, "-c", program, espeakng_loader.get_library_path(), str(data)]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - the command is ours
    assert int(done.stdout) > 10_000


def test_the_noise_of_a_whisper_is_that_of_any_other_time() -> None:
    program = (
        "import sys; from aligner.speech.server.voice.espeak import Engine, Manner;"
        "sys.stdout.buffer.write(Engine().speak('She fishes.', Manner('gmw/en-US+whisper'))[0])"
    )

    def whispered() -> bytes:
        return subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout  # noqa: S603 - ours

    before = whispered()
    time.sleep(1.1)  # the library's noise begins with the second of the day
    assert before
    assert whispered() == before
