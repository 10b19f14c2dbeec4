"""What the page about voices says of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docs.pages import DOCS, blocks, read

from aligner.speech.server.voice import presets

if TYPE_CHECKING:
    from pathlib import Path

PAGE = DOCS / "howto" / "voices.md"


def test_every_named_voice_is_listed_as_it_is() -> None:
    listed = re.findall(r"^\| `(\w+)` \| ([\w-]+) \| (.+) \|$", read(PAGE), re.MULTILINE)
    known = [
        (voice.voice_id, voice.language, f"{voice.description[0].lower()}{voice.description[1:].rstrip('.')}")
        for voice in presets.built_in().values()
    ]
    assert listed == known


def test_the_example_of_an_own_voice_is_one_and_has_every_key(tmp_path: Path) -> None:
    (block,) = (block for block in blocks(PAGE) if block.file == "voices/tom.toml")
    (tmp_path / "tom.toml").write_text(block.text, encoding="utf-8")
    (voice,) = presets.read(tmp_path).values()
    assert (voice.voice_id, voice.name, voice.language) == ("tom", "Uncle Ted", "en-GB")
    assert (voice.engine_name, voice.rate, voice.pitch, voice.pitch_range) == ("gmw/en+m3", 144, 30, 60)
    known = {*presets._TEXTS, *presets._NUMBERS}  # noqa: SLF001 - the page must not forget one
    assert set(re.findall(r"^(\w+) =", block.text, re.MULTILINE)) == known
