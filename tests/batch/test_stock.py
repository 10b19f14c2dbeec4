from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aligner.batch.options import Options
from aligner.batch.plan import Item
from aligner.batch.prepare import check, prepare
from aligner.batch.stock import gather
from aligner.errors import UsageError
from aligner.model import Secret
from aligner.pipeline import Target
from aligner.speech import engines

if TYPE_CHECKING:
    from pathlib import Path

LOCAL = engines.resolve("local")
PAID = engines.resolve("elevenlabs", Secret("k3y"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dictionary(path: Path, said: str = "United Nations", **more: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    rules = [{"type": "alias", "string_to_replace": "UN", "alias": said}]
    path.write_text(json.dumps({"rules": rules, **more}), encoding="utf-8")
    return path


def preset(path: Path, voice: str = "de") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'voice = "{voice}"\nname = "Anna"\n', encoding="utf-8")
    return path


def fingerprint(folder: Path, options: Options) -> object:
    (folder / "talk.txt").write_text("The UN met.", encoding="utf-8")
    item = Item(folder / "talk.txt", "talk.txt", Target({"json": folder / "talk.json"}))
    return prepare(item, options, LOCAL, check(options, LOCAL)).attribution["fingerprint"]


def test_a_file_is_known_by_its_id(here: Path) -> None:
    dictionary(here / "names.json")
    dictionary(here / "more.json", id="others")
    stock = gather(Options(dictionaries=(("names.json", None), ("more.json", None))), LOCAL)
    assert stock.locators == (("names", None), ("others", None))
    assert [path.name for path in stock.dictionary_files] == ["names.json", "more.json"]


def test_an_id_is_looked_for_in_the_folder(here: Path) -> None:
    dictionary(here / "dictionaries/names.json", version_id="2")
    dictionary(here / "elsewhere/names.json", version_id="3")
    (here / "dictionaries/notes.txt").write_text("no dictionary", encoding="utf-8")
    assert gather(Options(dictionaries=(("names", "2"),)), LOCAL).chosen[0].version == "2"
    other = gather(Options(dictionaries=(("names", None),), dictionary_folder=here / "elsewhere"), LOCAL)
    assert other.chosen[0].version == "3"


def test_a_file_that_also_lies_in_the_folder_is_there_once(here: Path) -> None:
    file = dictionary(here / "dictionaries/names.json")
    dictionary(here / "dictionaries/more.json")
    stock = gather(Options(dictionaries=((str(file), None), ("more", None))), LOCAL)
    assert stock.locators == (("names", None), ("more", None))
    assert len(stock.dictionary_files) == 2


def test_where_no_dictionary_is_used_none_is_read(here: Path) -> None:
    (here / "dictionaries").mkdir()
    (here / "dictionaries/words.json").write_text("[]", encoding="utf-8")
    assert gather(Options(), LOCAL).dictionary_files == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(dictionaries=(("nope", None),)), "nope does not exist; there are names"),
        (Options(dictionaries=(("names", "7"),)), "names has no version 7"),
        (Options(dictionaries=(("missing.pls", None),)), "missing.pls"),
        (Options(dictionary_folder=None, dictionaries=(("bad.json", None),)), "bad.json"),
    ],
)
def test_what_there_is_not_is_wrong_usage(here: Path, options: Options, said: str) -> None:
    dictionary(here / "dictionaries/names.json", version_id="2")
    (here / "bad.json").write_text('{"rules": 1}', encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        check(options, LOCAL)


def test_a_folder_that_is_missing_is_named(here: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        gather(Options(dictionary_folder=here / "missing"), LOCAL)


def test_another_engine_has_its_own_dictionaries(here: Path) -> None:
    stock = gather(Options(dictionaries=(("7q9", "v1"),), voices=here / "missing"), PAID)
    assert (stock.locators, stock.dictionary_files, stock.voices_folder) == ((("7q9", "v1"),), (), None)
    with pytest.raises(UsageError, match="only the embedded engine"):
        gather(Options(dictionaries=(("names.pls", None),)), PAID)


def test_own_voices_lie_in_a_folder(here: Path) -> None:
    preset(here / "voices/anna.toml")
    assert "anna" in gather(Options(), LOCAL).voices
    check(Options(voice="anna"), LOCAL)
    preset(here / "mine/berta.toml")
    stock = gather(Options(voices=here / "mine"), LOCAL)
    assert set(stock.voices) == {"berta"}
    with pytest.raises(UsageError, match="unknown voice 'anna'"):
        check(Options(voice="anna", voices=here / "mine"), LOCAL)


def test_a_dictionary_that_changes_is_spoken_anew(here: Path) -> None:
    options = Options(dictionaries=(("names.json", None),))
    found = []
    for said in ("United Nations", "You and", "United Nations"):
        dictionary(here / "names.json", said, version_id="same")
        found.append(fingerprint(here, options))
    assert found[0] == found[2] != found[1]
    assert fingerprint(here, Options()) not in found


def test_a_voice_of_ones_own_that_changes_is_spoken_anew(here: Path) -> None:
    preset(here / "voices/anna.toml")
    first, other = fingerprint(here, Options(voice="anna")), fingerprint(here, Options(voice="en-gb"))
    preset(here / "voices/anna.toml", "fr")
    assert fingerprint(here, Options(voice="anna")) != first
    assert fingerprint(here, Options(voice="en-gb")) == other
