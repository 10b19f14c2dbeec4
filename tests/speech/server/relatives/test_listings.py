from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fakes.http import ONE, ask, served

from aligner.speech.catalogue import voices as client_voices
from aligner.speech.engines import resolve
from aligner.speech.server.options import ServiceOptions
from aligner.speech.server.voice import voices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(ONE) as url:
        yield url


def found(url: str, query: str) -> list[str]:
    return [voice["voice_id"] for voice in ask(url, f"/v2/voices?{query}").json["voices"]]


def test_every_voice_is_listed(url: str) -> None:
    listed = ask(url, "/v1/voices").json["voices"]
    assert {voice.voice_id for voice in voices.catalogue()} <= {voice["voice_id"] for voice in listed}
    german = next(voice for voice in listed if voice["voice_id"] == "de")
    assert (german["name"], german["labels"]["language"]) == ("German", "de")
    assert german["settings"]["similarity_boost"] == 0.75


def test_our_own_client_can_read_the_list(url: str) -> None:
    listed = client_voices(resolve(url.replace("http", "ws")), "de")
    assert "de" in {voice.voice_id for voice in listed}


def test_pages_hold_every_voice_once(url: str) -> None:
    seen: list[str] = []
    token, pages = "", 0
    while True:
        page = ask(url, f"/v2/voices?page_size=50&next_page_token={token}").json
        seen += [voice["voice_id"] for voice in page["voices"]]
        pages += 1
        assert page["has_more"] == (page["next_page_token"] is not None)
        if not page["has_more"]:
            break
        assert len(page["voices"]) == 50
        token = page["next_page_token"]
    assert seen == [voice["voice_id"] for voice in ask(url, "/v1/voices").json["voices"]]
    assert len(seen) == page["total_count"] > 50
    assert pages == -(-len(seen) // 50)


def test_a_page_has_ten_where_nobody_says(url: str) -> None:
    assert len(found(url, "")) == 10


@pytest.mark.parametrize("size", ["0", "101", "-1", "ten", "1.5", ""])
def test_a_page_size_that_cannot_be_is_refused(url: str, size: str) -> None:
    answer = ask(url, f"/v2/voices?page_size={size}")
    assert (answer.status, answer.json["detail"][0]["loc"]) == (422, ["query", "page_size"])


@pytest.mark.parametrize("token", ["x", "%00", "Zm9v", "LTE="])
def test_a_made_up_token_is_refused(url: str, token: str) -> None:
    answer = ask(url, f"/v2/voices?next_page_token={token}")
    assert (answer.status, answer.json["detail"][0]["loc"]) == (422, ["query", "next_page_token"])


def test_voices_are_found_by_any_word_of_theirs(url: str) -> None:
    assert "de" in found(url, "search=GERMAN")
    assert "en-us" in found(url, "search=english%20america&page_size=100")
    assert found(url, "search=nobody") == []


def test_voices_are_found_by_language_and_by_id(url: str) -> None:
    assert set(found(url, "language=pt&page_size=100")) >= {"pt", "pt-br"}
    assert "ptx" not in found(url, "language=pt&page_size=100")
    assert set(found(url, "voice_ids=de,fr")) >= {"de"}
    assert len(found(url, "voice_ids=de&voice_ids=it")) == 2


def test_voices_can_be_sorted(url: str) -> None:
    def names(query: str) -> list[str]:
        return [voice["name"].lower() for voice in ask(url, f"/v2/voices?page_size=100&{query}").json["voices"]]

    assert names("sort=name") == sorted(names("sort=name"))
    assert names("sort=name&sort_direction=desc")[0] == max(names("sort=name&sort_direction=desc"))


@pytest.mark.parametrize("voice", ["de", "DE", "de%2Bf3", "de+f3"])
def test_one_voice_is_told(url: str, voice: str) -> None:
    answer = ask(url, f"/v1/voices/{voice}").json
    assert answer["labels"]["language"] == "de"
    assert answer["voice_id"].lower() in {"de", "de+f3"}


@pytest.mark.parametrize("voice", ["nobody", "de+nobody", "settings"])
def test_a_voice_that_is_none_is_not_found(url: str, voice: str) -> None:
    assert ask(url, f"/v1/voices/{voice}").error == (404, "voice_not_found")


def test_the_default_settings_are_the_documented_ones(url: str) -> None:
    settings = ask(url, "/v1/voices/settings/default").json
    assert settings == {
        "stability": 0.5,
        "similarity_boost": 0.75,
        "style": 0.0,
        "use_speaker_boost": True,
        "speed": 1.0,
    }


def test_models_tell_their_limits_and_languages(url: str) -> None:
    models = {model["model_id"]: model for model in ask(url, "/v1/models").json}
    flash = models["eleven_flash_v2_5"]
    assert flash["maximum_text_length_per_request"] == 40_000
    assert flash["model_rates"] == {"character_cost_multiplier": 0.5}
    assert flash["can_do_text_to_speech"] is True
    assert {"language_id": "de", "name": "German"} in flash["languages"]
    assert [language["language_id"] for language in models["eleven_flash_v2"]["languages"]] == ["en"]


def test_own_presets_come_first(tmp_path: Path) -> None:
    (tmp_path / "narrator.toml").write_text('name = "The narrator"\nvoice = "en-gb"\npitch = 40\n', encoding="utf-8")
    with served(ServiceOptions(workers=1, voices=tmp_path)) as url:
        assert ask(url, "/v1/voices").json["voices"][0]["name"] == "The narrator"
        assert ask(url, "/v1/voices/narrator").json["labels"]["language"] == "en-GB"
        spoken = ask(url, "/v1/text-to-speech/narrator?output_format=pcm_8000", {"text": "Hello."})
        assert spoken.status == 200
        assert len(spoken.body) > 1000
