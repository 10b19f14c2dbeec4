"""Names and numbers in hand-written pages that the code can check."""

from __future__ import annotations

import configparser
import re
import tomllib
from dataclasses import fields

import pytest
from docs.pages import DOCS, PAGES, ROOT, blocks, name, prose, read
from docs.test_made import AGAIN

from aligner.audio import FORMATS
from aligner.captions import profiles
from aligner.captions.profiles import Weights
from aligner.cli import settings
from aligner.documents import frontmatter, readers
from aligner.errors import AlignerError
from aligner.model import FrontMatter, VoiceSettings
from aligner.outputs import timing
from aligner.speech.server.voice import voices

_PATH = re.compile(r"`((?:aligner|tests|docs|samples|\.ci)/[\w./-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_is_named_exists(page: object) -> None:
    (path,) = [one for one in PAGES if one == page]
    assert [named for named in _PATH.findall(read(path)) if not (ROOT / named).exists()] == []


def test_the_architecture_names_every_layer() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    layers = contracts["importlinter:contract:layers"]["layers"].split()
    page = read(DOCS / "explanation" / "architecture.md")
    assert [layer for layer in layers if layer != "|" and f"`{layer}`" not in page] == []


def test_every_benchmark_is_explained() -> None:
    page = read(DOCS / "explanation" / "benchmarks.md")
    benchmarks = sorted((ROOT / "tests" / "benchmarks").glob("*.py"))
    assert [path.name for path in benchmarks if f"`tests/benchmarks/{path.name}`" not in page] == []


def test_every_weight_of_the_captions_is_explained() -> None:
    page = read(DOCS / "explanation" / "captions.md")
    rows = [f"| `{weight}` | {getattr(Weights(), weight):g} |" for weight in Weights.__struct_fields__]
    assert [row for row in rows if row not in page] == []


def test_every_front_matter_key_is_listed() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", read(DOCS / "reference" / "documents.md"), re.MULTILINE))
    known = {field.name for field in (*fields(FrontMatter), *fields(VoiceSettings))} - {"voice_settings"}
    assert listed == known | {"title"}


@pytest.mark.parametrize("key", ["voce", "Language", "similarity-boost", "titel"])
def test_a_misspelt_front_matter_key_is_refused_as_the_page_says(key: str) -> None:
    assert "did you mean" in read(DOCS / "reference" / "documents.md")
    with pytest.raises(AlignerError, match="did you mean"):
        frontmatter.split(f"---\n{key}: 1\n---\n", "page")


def test_other_programs_keys_are_left_alone_as_the_page_says() -> None:
    assert "`date`" in read(DOCS / "reference" / "documents.md")
    assert frontmatter.split("---\ndate: 2026-11-21\ntags: [a, b]\n---\n", "page")[0] == FrontMatter()


def test_every_document_suffix_is_listed() -> None:
    page = read(DOCS / "reference" / "documents.md")
    assert [suffix for suffix in readers.SUFFIXES if f"`{suffix}`" not in page] == []


def test_every_sound_format_is_listed() -> None:
    page = read(DOCS / "howto" / "elevenlabs.md")
    assert [one for one in FORMATS if f"`{one}`" not in page] == []


def test_the_pace_of_the_voices_is_the_one_told() -> None:
    voice = voices.find("en-us")
    assert voice is not None
    rate = voices.manner(voice, VoiceSettings()).rate
    assert f"{rate} words a minute" in read(DOCS / "howto" / "voices.md")


def test_every_profile_is_a_choice_of_the_how_to() -> None:
    page = read(DOCS / "howto" / "caption-styles.md")
    assert [one for one in profiles.names() if f"`{one}`" not in page] == []


def test_the_documented_settings_file_holds_known_settings() -> None:
    written = [block.text for page in PAGES for block in blocks(page) if block.language == "toml"]
    files = [text for text in written if "variant" not in tomllib.loads(text)]
    assert files  # the others are presets of voices, which have tests of their own
    for text in files:
        assert tomllib.loads(text).keys() <= {setting.replace("_", "-") for setting in settings.ALL} | settings.ALL


def test_the_timing_example_is_a_timing_file() -> None:
    (example,) = [block for block in blocks(DOCS / "reference" / "timing-json.md") if block.language == "json"]
    narration = timing.parse(example.text.encode(), "example")
    assert [word.text for word in narration.words] == narration.text.split()


def test_the_timing_page_names_every_field() -> None:
    page = read(DOCS / "reference" / "timing-json.md")
    schema = (ROOT / "aligner" / "outputs" / "timing.schema.json").read_text(encoding="utf-8")
    named = re.findall(r'"(\w+)": \{\s*"(?:type|const)"', schema)
    assert [field for field in named if field != "items" and f"`{field}`" not in page] == []


def test_no_page_names_a_machine() -> None:
    assert [name(page) for page in PAGES if re.search(r"/(?:home|work|root|tmp)/", prose(page))] == []


def test_the_command_that_makes_the_pages_is_documented() -> None:
    assert AGAIN in read(DOCS / "contributing.md")
