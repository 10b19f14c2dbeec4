from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aligner.batch.options import Options
from aligner.batch.plan import Item
from aligner.batch.prepare import Prepared, check, prepare
from aligner.errors import DocumentError, UsageError
from aligner.model import Secret, VoiceSettings
from aligner.pipeline import Target
from aligner.speech import engines

if TYPE_CHECKING:
    from pathlib import Path

LOCAL = engines.resolve("local")
PAID = engines.resolve("elevenlabs", Secret("k3y"))


def prepared(folder: Path, text: str, options: Options | None = None, engine: engines.Engine = LOCAL) -> Prepared:
    path = folder / "talk.md"
    path.write_text(text, encoding="utf-8")
    return prepare(Item(path, "talk.md", Target({"json": folder / "talk.json"})), options or Options(), engine)


@pytest.mark.parametrize(
    ("language", "voice"), [("en", "en-us"), ("en-GB", "en-gb"), ("de-AT", "de"), ("zh", "cmn"), ("pt-BR", "pt-br")]
)
def test_the_language_chooses_the_voice(tmp_path: Path, language: str, voice: str) -> None:
    assert prepared(tmp_path, f"---\nlanguage: {language}\n---\nText.").call.address.voice_id == voice


def test_front_matter_wins_over_options_and_options_over_the_engine(tmp_path: Path) -> None:
    options = Options(voice="en-gb", seed=1, voice_settings=VoiceSettings(speed=0.8, stability=0.2), profile="ted")
    plain = prepared(tmp_path, "Text.", options)
    assert (plain.call.address.voice_id, plain.call.address.seed, plain.style.profile) == ("en-gb", 1, "ted")
    own = prepared(tmp_path, "---\nvoice: de\nseed: 2\nspeed: 1.1\nprofile: bbc\n---\nText.", options)
    assert (own.call.address.voice_id, own.call.address.seed, own.style.profile) == ("de", 2, "bbc")
    assert own.call.opening.voice_settings == VoiceSettings(speed=1.1, stability=0.2)


def test_the_paid_engine_has_its_own_defaults(tmp_path: Path) -> None:
    address = prepared(tmp_path, "Text.", engine=PAID).call.address
    assert (address.model_id, address.output_format) == ("eleven_multilingual_v2", "mp3_44100_128")
    assert address.language_code is None
    assert prepared(tmp_path, "Text.", Options(model="eleven_flash_v2_5"), PAID).call.address.language_code == "en"


def test_the_front_matter_says_whether_numbers_are_spelt_out(tmp_path: Path) -> None:
    options = Options(normalize="off")
    assert prepared(tmp_path, "Text.", options).call.address.apply_text_normalization == "off"
    own = prepared(tmp_path, "---\nnormalize: on\n---\nText.", options)
    assert own.call.address.apply_text_normalization == "on"


def test_ssml_is_asked_for_where_the_document_holds_it(tmp_path: Path) -> None:
    assert not prepared(tmp_path, "Text.").call.address.enable_ssml_parsing
    own = prepared(tmp_path, "---\nssml: true\n---\nText <break/>here.")
    assert own.call.address.enable_ssml_parsing
    assert own.document.text == "Text here."
    assert prepared(tmp_path, "Text <break/>here.", Options(ssml=True)).document.text == "Text here."


def test_a_tag_that_changes_is_spoken_anew(tmp_path: Path) -> None:
    def fingerprint(text: str) -> object:
        return prepared(tmp_path, f"---\nssml: true\n---\n{text}").attribution["fingerprint"]

    assert len({fingerprint(f'Text <break time="{time}s"/>here.') for time in (1, 2, 1)}) == 2


def test_tokens_go_with_the_call_and_into_no_fingerprint(tmp_path: Path) -> None:
    options = Options("elevenlabs", authorization=Secret("t0ken"), single_use_token=Secret("once"))
    made = prepared(tmp_path, "Text.", options, options.resolved())
    assert made.call.secrets.authorization is options.authorization
    assert made.call.secrets.single_use_token is options.single_use_token
    assert made.attribution == prepared(tmp_path, "Text.", engine=PAID).attribution
    assert "t0ken" not in repr((made, options))


def test_timing_is_always_asked_for(tmp_path: Path) -> None:
    assert prepared(tmp_path, "Text.").call.address.sync_alignment


def test_the_fingerprint_tells_text_and_settings_apart_and_holds_no_key(tmp_path: Path) -> None:
    def fingerprint(text: str, options: Options | None = None) -> object:
        return prepared(tmp_path, text, options).attribution["fingerprint"]

    same = {fingerprint("Text."), fingerprint("Text.")}
    other = {
        fingerprint("Text!"),
        fingerprint("Text.", Options(voice="de")),
        fingerprint("Text.", Options(profile="ted")),
        fingerprint("Text.", Options(seed=1)),
        fingerprint("Text.", Options(chunk_length_schedule=(50,))),
        fingerprint("Text.", Options(voice_settings=VoiceSettings(style=0.5))),
    }
    assert len(same) == 1
    assert len(other - same) == 6
    assert "k3y" not in str(prepared(tmp_path, "Text.", engine=PAID).attribution)


@pytest.mark.parametrize(
    "text", ["---\nvoice: klingon\n---\nText.", "---\nprofile: none\n---\nText.", "---\nlanguage: tlh\n---\nText."]
)
def test_a_document_that_asks_for_what_there_is_not_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(DocumentError, match=r"talk\.md"):
        prepared(tmp_path, text)


@pytest.mark.parametrize(
    "options",
    [
        Options(voice="klingon"),
        Options(profile="none"),
        Options(language="12"),
        Options(speech_format="mp4"),
        Options(jobs=0),
        Options(segment_size=10),
        Options(seed=-1),
        Options(seed=2**32),
        Options(normalize="maybe"),
        Options(stall=0),
        Options(stall=float("nan")),
        Options(chunk_length_schedule=(120, 49)),
        Options(voice_settings=VoiceSettings(speed=1.3)),
        Options(voice_settings=VoiceSettings(style=float("nan"))),
        Options(dictionaries=(("a", None), ("b", None), ("c", None), ("d", None))),
    ],
)
def test_settings_that_no_document_could_be_spoken_with_are_refused(options: Options) -> None:
    with pytest.raises(UsageError):
        check(options, LOCAL)


def test_only_the_embedded_engines_voices_are_known_here() -> None:
    check(Options(voice="JBFqnCBsd6RMkjVDRZzb"), PAID)
