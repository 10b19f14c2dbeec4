from __future__ import annotations

from pathlib import Path

import pytest

from aligner import clock
from aligner.batch.estimate import estimate
from aligner.batch.options import Options
from aligner.errors import DocumentError, UsageError
from aligner.model import VoiceSettings

SAMPLES = Path(__file__).parents[2] / "samples"


def test_the_samples_are_estimated_as_they_sound() -> None:
    """Measured: 3 min 25 s to 4 min 20 s each."""
    found = estimate([str(SAMPLES)], Path("nowhere"), Options())
    assert len(found) == 4
    assert all(180 < clock.to_seconds(one.duration) < 300 for one in found)
    assert all(one.credits == one.characters and one.segments >= 1 for one in found if one.characters)


def test_speed_and_segment_size_count() -> None:
    slow = estimate([str(SAMPLES)], Path("nowhere"), Options(voice_settings=VoiceSettings(speed=0.8), segment_size=500))
    usual = estimate([str(SAMPLES)], Path("nowhere"), Options())
    for one, other in zip(slow, usual, strict=True):
        assert one.duration == pytest.approx(other.duration / 0.8, abs=1_000)
        assert one.segments > other.segments


@pytest.mark.parametrize(
    ("model", "share"), [("eleven_flash_v2_5", 2), ("eleven_turbo_v2", 2), ("eleven_multilingual_v2", 1)]
)
def test_flash_and_turbo_cost_half(model: str, share: int) -> None:
    (one,) = estimate([str(SAMPLES / "lighthouse.md")], Path("nowhere"), Options(model=model))
    assert one.credits == -(-one.characters // share)


def test_a_bad_document_is_told_and_bad_settings_stop(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (one,) = estimate([str(tmp_path)], Path("nowhere"), Options())
    assert isinstance(one.error, DocumentError)
    with pytest.raises(UsageError):
        estimate([str(tmp_path)], Path("nowhere"), Options(profile="none"))
